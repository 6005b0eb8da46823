/// What of a host's cgroups is accounted or limited by itself. In version 1 each may lie in a tree of its own.
public enum CgroupController: UInt8, CaseIterable, Sendable {
  case memory, pids, cpu, cpuacct, freezer, io

  /// The word for it among the options of a mount of version 1.
  var optionName: StaticString {
    switch self {
    case .memory: "memory"
    case .pids: "pids"
    case .cpu: "cpu"
    case .cpuacct: "cpuacct"
    case .freezer: "freezer"
    case .io: "blkio"
    }
  }

  /// The word for it in `cgroup.controllers` of version 2; `nil` for what every cgroup of version 2 has.
  var unifiedName: StaticString? {
    switch self {
    case .memory: "memory"
    case .pids: "pids"
    case .io: "io"
    case .cpu: "cpu"
    case .cpuacct, .freezer: nil
    }
  }
}

/// One tree of cgroups: that of version 2, or one of version 1.
public struct CgroupHierarchy: Equatable, Sendable {
  public enum Version: UInt8, Sendable { case one = 1, two = 2 }

  public let version: Version
  /// Where it is mounted, as a path on the host without a slash at its end.
  public let mountPoint: [UInt8]
  /// What it accounts and limits.
  public var controllers: Set<CgroupController>
  /// Whether it is the tree in which systemd, or another manager, keeps its units, and which accounts nothing.
  public let isNamed: Bool
}

/// Where a host's cgroups are mounted: all in one tree (version 2), in a tree for each controller (version 1), or both.
///
/// See cgroups(7) and proc_pid_mountinfo(5).
public struct CgroupMounts: Equatable, Sendable {
  /// That of version 2 first, the others in the order of their mounts; each tree once.
  public private(set) var hierarchies: [CgroupHierarchy] = []

  /// The trees among the mounts of a process of the host.
  public init(parsing mountInfo: Span<UInt8>) {
    var seen: [UInt64: Int] = [:]
    MountInfo.forEachLine(in: mountInfo) { line in
      // A container's view of its own part is no place to look for the others.
      guard mountInfo.has("/", as: line.root), let hierarchy = CgroupHierarchy(line, in: mountInfo) else {
        return
      }
      let device = UInt64(line.device.major) << 32 | UInt64(line.device.minor)
      guard seen[device] == nil else { return }
      seen[device] = 0
      if hierarchy.version == .two {
        hierarchies.insert(hierarchy, at: 0)
      } else {
        hierarchies.append(hierarchy)
      }
    }
  }

  /// Those of the host at `root`, with the controllers of version 2 that are not used by version 1.
  /// - Returns: `nil` when the mounts cannot be read.
  public init?(root: HostRoot) {
    var buffer = ReadBuffer()
    let places = root.isLive ? ["/proc/self/mountinfo"] : ["/proc/1/mountinfo", "/proc/self/mountinfo"]
    guard places.contains(where: { root.read($0, limit: 4 << 20, into: &buffer).isRead }) else { return nil }
    self = buffer.withBytes { CgroupMounts(parsing: $0) }
    for index in hierarchies.indices where hierarchies[index].version == .two {
      let directory = CgroupDirectory(root: root, hierarchies[index])
      hierarchies[index].controllers = directory.controllers(using: &buffer)
    }
  }

  /// Whether a process sees a part of the host's trees alone, since its cgroup namespace is not the host's: the root of
  /// what is mounted is its own cgroup then. `false` when that cannot be known. See cgroup_namespaces(7).
  public static func areParts(for pid: Int32, root: HostRoot) -> Bool {
    var directory = ProcessDirectory(root: root)
    var buffer = ReadBuffer()
    var namespaces = ProcessNamespaces()
    directory.select(pid)
    _ = directory.readNamespaces(into: &namespaces, of: [.cgroup], using: &buffer)
    return HostNamespaces(root: root).isHost(.cgroup, in: namespaces) == false
  }

  /// How the trees are laid out, as an operator knows it.
  public enum Layout: String, Sendable {
    case none
    case one = "version 1"
    case two = "version 2"
    /// Version 1 with a tree of version 2 beside it.
    case hybrid = "version 1 and 2"
  }

  public var layout: Layout {
    let versions = Set(hierarchies.filter { !$0.controllers.isEmpty || $0.version == .two }.map(\.version))
    if versions.count == 2 { return .hybrid }
    return versions.first.map { $0 == .two ? .two : .one } ?? (hierarchies.isEmpty ? .none : .one)
  }

  /// The place among `hierarchies` of the tree that a controller belongs to: version 1 wins, since what it has is not
  /// in the other.
  public func index(of controller: CgroupController) -> Int? {
    hierarchies.firstIndex { $0.version == .one && $0.controllers.contains(controller) }
      ?? hierarchies.firstIndex { $0.controllers.contains(controller) }
  }

  /// The place among `hierarchies` of that of version 2.
  public var unified: Int? { hierarchies.firstIndex { $0.version == .two } }
}

extension CgroupHierarchy {
  fileprivate init?(_ line: MountLine, in bytes: Span<UInt8>) {
    mountPoint = MountText.unescaped(line.mountPoint, in: bytes)
    if bytes.has("cgroup2", as: line.fileSystem) {
      version = .two
      controllers = [.cpuacct, .freezer]
      isNamed = false
      return
    }
    guard bytes.has("cgroup", as: line.fileSystem) else { return nil }
    version = .one
    controllers = Set(
      CgroupController.allCases.filter {
        MountText.hasOption($0.optionName, among: line.superOptions, in: bytes)
      })
    isNamed = MountText.option("name", among: line.superOptions, in: bytes) != nil
    guard isNamed || !controllers.isEmpty else { return nil }
  }
}

extension CgroupDirectory {
  /// What version 2 has of the controllers, as the root of the tree tells.
  fileprivate consuming func controllers(using buffer: inout ReadBuffer) -> Set<CgroupController> {
    var found: Set<CgroupController> = [.cpuacct, .freezer]
    select([UInt8(ascii: "/")])
    guard read(CgroupFileName("cgroup.controllers"), into: &buffer).isRead else { return found }
    buffer.withBytes { bytes in
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end] > UInt8(ascii: " ") { end += 1 }
        for controller in CgroupController.allCases {
          if let name = controller.unifiedName, bytes.has(name, as: start..<end) { found.insert(controller) }
        }
        start = end + 1
      }
    }
    return found
  }
}
