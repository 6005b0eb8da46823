import SystemPackage

/// The state files of container runtimes, as witnesses for the claim that a cgroup path makes.
///
/// One thread at a time. It opens files by name on the host, which may wait for a disk: not for the engine's thread.
public struct ContainerStateFiles: ~Copyable, Sendable {
  /// What the files say of a claim.
  public enum Verdict: Equatable, Sendable {
    /// A runtime knows a container of this id, and this is one of its cgroups.
    case vouched(Voucher)
    /// A runtime knows a container of this id, but in another cgroup: the claim is forged. The path is the file's.
    case contradicted(path: String)
    /// No runtime that we know of knows it.
    case unknown
  }

  /// What a runtime knows of a container.
  public struct Voucher: Equatable, Sendable {
    public let runtime: ContainerRuntime
    /// The file that vouches, as a path on the host.
    public let path: String
    /// The container's first process, where the file tells it.
    public let initPID: Int32?
    /// Its start as in `ProcStat.startTicks`, which with the pid names it.
    public let initStartTicks: UInt64?
  }

  private let root: HostRoot
  /// Where to look, in this order.
  public var places: [StatePlace]
  private var buffer = ReadBuffer()
  /// The bytes of the file that was read last: after a verdict of `.vouched` those of the file that vouches.
  private(set) var content: [UInt8] = []

  /// - Parameter places: where to look, in this order; others than the standard ones when a daemon was configured so.
  public init(root: HostRoot, places: [StatePlace] = StatePlace.standard) {
    self.root = root
    self.places = places
  }

  /// Looks for a file that speaks for `claim`, made in the bytes `cgroup`. Files that others than root could have
  /// written do not count.
  public mutating func verdict(on claim: ContainerClaim, in cgroup: Span<UInt8>) -> Verdict {
    var id: [UInt8] = []
    claim.appendID(from: cgroup, to: &id)
    // The id becomes part of a path: only a plain name may.
    guard CgroupName.isPlainID(id.indices, in: id.span) else { return .unknown }
    let name = String(decoding: id, as: UTF8.self)
    let path = cgroup.copy(claim.cgroup.dropping("/..", in: cgroup))
    var contradiction: String?
    for place in places + ownPlaces(of: claim, path: path) {
      let file = place.prefix + name + place.suffix
      let written = Claimed(id: cgroup.copy(claim.id), path: path)
      guard let state = read(file, place.format, written) else { continue }
      guard state.owns(path) else {
        contradiction = contradiction ?? file
        continue
      }
      let isToldByClaim = place.runtime.servesOthers && claim.runtime != .unknown
      return .vouched(
        Voucher(
          runtime: isToldByClaim ? claim.runtime : place.runtime, path: file, initPID: state.initPID,
          initStartTicks: state.initStartTicks))
    }
    return contradiction.map { .contradicted(path: $0) } ?? .unknown
  }

  /// A client of containerd may choose a namespace; by its custom the cgroup is then `/<namespace>/<id>`.
  private func ownPlaces(of claim: ContainerClaim, path: [UInt8]) -> [StatePlace] {
    let parts = path.split(separator: UInt8(ascii: "/"))
    guard claim.runtime == .unknown, parts.count == 2 else { return [] }
    let namespace = String(decoding: parts[0], as: UTF8.self)
    return [
      StatePlace(.containerd, .runc, directory: "/run/containerd/runc/\(namespace)", file: "state.json")
    ]
  }

  /// What a cgroup file says: the id as it writes it, and the path to the end of the part that names the container.
  private struct Claimed {
    let id: [UInt8]
    let path: [UInt8]
  }

  /// What a trusted file tells; `nil` when there is none, or it is not what it should be.
  private mutating func read(_ path: String, _ format: StatePlace.Format, _ claimed: Claimed) -> RuntimeState?
  {
    guard let file = try? root.open(path), file.isTrusted else { return nil }
    content = []
    if case .mark(let cgroups) = format {
      let id = String(decoding: claimed.id, as: UTF8.self)
      return RuntimeState(
        cgroupPaths: cgroups.map {
          $0.split(separator: "*", omittingEmptySubsequences: false).joined(separator: id)
        })
    }
    guard buffer.fill(from: file.descriptor, limit: 4 << 20, endsAtShortRead: false) == .complete else {
      return nil
    }
    let json = buffer.withBytes { bytes in bytes.copy(bytes.indices) }
    content = json
    switch format {
    case .runc: return RuntimeState(runc: json)
    case .crun: return RuntimeState(crun: json)
    case .bundle: return RuntimeState(bundle: json, of: claimed.id, claimed: claimed.path)
    case .mark: return nil
    }
  }
}

extension Range<Int> {
  /// The range without any number of `literal` at its front, each followed by a slash.
  fileprivate func dropping(_ literal: StaticString, in bytes: Span<UInt8>) -> Range<Int> {
    var start = lowerBound
    while bytes.has(literal, at: start) {
      let end = start + literal.utf8CodeUnitCount
      guard end < upperBound, bytes[end] == UInt8(ascii: "/") else { break }
      start = end
    }
    return start..<upperBound
  }
}
