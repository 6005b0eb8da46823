import Host
import Model

/// For how long the kernel has kept the agent's own cgroups from running, and those above them. One thread uses it.
///
/// A freezer of version 1 tells no such thing, nor one of version 2 before Linux 6.18: what it did is not known then.
struct OwnCgroups {
  /// Nanoseconds since the cgroups were made. Of throttling each processor's count for themselves.
  struct Restraint: Equatable {
    var throttled: UInt64 = 0
    var frozen: UInt64 = 0

    /// What came since. The agent may have been moved into another cgroup, which has a history of its own: that counts
    /// as if it had come since.
    func since(_ before: Restraint) -> Restraint {
      Restraint(
        throttled: throttled >= before.throttled ? throttled - before.throttled : throttled,
        frozen: frozen >= before.frozen ? frozen - before.frozen : frozen)
    }
  }

  /// Cgroups above one another that are looked at.
  private static let depthLimit = 32

  private let root: HostRoot
  private let unified: CgroupHierarchy?
  /// The tree of version 1 that has the controller of CPU time, if one has.
  private let cpu: CgroupHierarchy?

  init(root: HostRoot = .live) {
    self.root = root
    let mounts = CgroupMounts(root: root)
    unified = mounts?.unified.flatMap { mounts?.hierarchies[$0] }
    cpu = mounts?.index(of: .cpu).flatMap { mounts?.hierarchies[$0] }.flatMap {
      $0.version == .one ? $0 : nil
    }
  }

  /// Reads a few small files: some ten microseconds.
  func look() -> Restraint {
    var restraint = Restraint()
    var buffer = ReadBuffer()
    guard root.read("/proc/self/cgroup", limit: 64 << 10, into: &buffer).isRead else { return restraint }
    var places: [(hierarchy: CgroupHierarchy, path: [UInt8])] = []
    buffer.withBytes { bytes in
      CgroupFile(parsing: bytes)?.forEachLine(in: bytes) { line in
        guard let hierarchy = line.isUnified ? unified : line.hasController("cpu", in: bytes) ? cpu : nil
        else { return }
        places.append((hierarchy, line.path.map { bytes[$0] }))
      }
    }
    for place in places { add(place.path[...], of: place.hierarchy, to: &restraint, using: &buffer) }
    return restraint
  }

  private func add(
    _ path: ArraySlice<UInt8>, of hierarchy: CgroupHierarchy, to restraint: inout Restraint,
    using buffer: inout ReadBuffer
  ) {
    var directory = CgroupDirectory(root: root, hierarchy)
    let names = path.split(separator: UInt8(ascii: "/"))
    // A cgroup outside of what the agent sees of the tree is told of with such names.
    guard names.count <= Self.depthLimit, !names.contains(where: { $0.elementsEqual("..".utf8) }) else {
      return
    }
    for depth in stride(from: names.count, to: 0, by: -1) {
      directory.select([UInt8(ascii: "/")] + Array(names[..<depth].joined(separator: [UInt8(ascii: "/")])))
      if directory.read(.cpuStat, into: &buffer).isRead {
        restraint.throttled += buffer.withBytes { CPUStat(parsing: $0)?.throttledNanoseconds } ?? 0
      }
      // Of this one the kernel counts what was done to those above it.
      guard hierarchy.version == .two, depth == names.count, directory.read(.statLocal, into: &buffer).isRead
      else {
        continue
      }
      restraint.frozen += buffer.withBytes { CgroupStatLocal(parsing: $0)?.frozenNanoseconds } ?? 0
    }
  }
}
