import Events
import Host
import Model
import System

/// States a process's place: its cgroup path, and the container that it claims. One thread uses it.
///
/// What the runtimes' state files say of a path is remembered for a while: most execs are in a place seen just before.
struct ContainerReader: ~Copyable {
  private struct Remembered {
    let id: [UInt8]
    let type: ContainerType
    let standing: Container.Standing
    let expires: UInt64
  }

  /// A file that speaks for a container appears after its cgroup, so silence is forgotten before a runtime gets from
  /// there to the container's first program.
  private static let silenceNanoseconds: UInt64 = 20_000_000
  private static let wordNanoseconds: UInt64 = 10_000_000_000
  private static let memoryLimit = 1024

  private let losses: LossCounters
  private var files: ContainerStateFiles
  private var memory: [[UInt8]: Remembered?] = [:]
  private var silenceUntil: [[UInt8]: UInt64] = [:]
  /// Whom to tell of a container that was not met lately.
  private var requests: ContainerRequests?
  /// Which of its places the files are looked for in.
  private var placesVersion = 0

  init(root: HostRoot, losses: LossCounters) {
    self.losses = losses
    files = ContainerStateFiles(root: root)
  }

  /// From now on tells `requests` of every container that it meets, and looks where daemons keep their files that
  /// were told to keep them elsewhere.
  mutating func report(to requests: ContainerRequests) { self.requests = requests }

  /// Adds the path of `/proc/PID/cgroup`, and the claim in it; an empty id for a process that makes none.
  /// - Parameter isRuntime: the process may be a runtime's, in a container of which no file speaks yet: that is not
  ///   remembered.
  /// - Returns: the claim's standing; `nil` when there is no claim.
  mutating func append(
    cgroup bytes: Span<UInt8>, isRuntime: Bool = false, to record: inout RecordWriter
  ) -> Container.Standing? {
    guard let file = CgroupFile(parsing: bytes) else {
      losses.count(.unreadable)
      record.insert(.incomplete)
      return nil
    }
    let claimed = ContainerClaim(parsing: bytes)
    record.append(.cgroup, bytes.extracting(claimed?.cgroup ?? file.main.path))
    guard let found = settle(claimed, bytes, isRuntime: isRuntime) else {
      record.append(.containerID, [UInt8]().span)
      return nil
    }
    record.append(.containerID, found.id.span)
    record.append(.containerType, found.type.rawValue)
    record.append(.containerVouched, found.standing.rawValue)
    return found.standing
  }

  /// Asks for what is known of the container that a runtime is just starting in this place, though no file may speak for it
  /// yet: it may have ended, and its files gone, before its first program is judged.
  func announce(cgroup bytes: Span<UInt8>) {
    guard let requests, let claim = ContainerClaim(parsing: bytes) ?? ContainerClaim(candidateIn: bytes)
    else { return }
    requests.request(ContainerRequest(id: nil, cgroup: claim.cgroup.map { bytes[$0] }, mustAnswer: false))
  }

  /// Adds the claim of a cgroup that was met in its tree, by its path from the root; an empty id when it makes none.
  /// - Returns: whether the cgroup is a container's own, and not one that a container has made in it.
  mutating func appendClaim(ofCgroup path: [UInt8], to record: inout RecordWriter) -> Bool {
    let (found, isOwn) = claim(ofCgroup: path)
    let id = found?.id ?? []
    record.append(.containerID, id.span)
    guard let found else { return false }
    record.append(.containerType, found.type.rawValue)
    record.append(.containerVouched, found.standing.rawValue)
    return isOwn
  }

  /// Whether the cgroup of this path is a container's own.
  mutating func isContainersOwn(_ path: [UInt8]) -> Bool { claim(ofCgroup: path).isOwn }

  private mutating func claim(ofCgroup path: [UInt8]) -> (found: Remembered?, isOwn: Bool) {
    // The form of the one line that `/proc/PID/cgroup` has in version 2. The kernel lets no name hold a newline, but a
    // file system that passes for a tree of cgroups might.
    guard !path.contains(UInt8(ascii: "\n")) else { return (nil, false) }
    let line = Array("0::".utf8) + path + [UInt8(ascii: "\n")]
    let bytes = line.span
    let claimed = ContainerClaim(parsing: bytes)
    guard let found = settle(claimed, bytes) else { return (nil, false) }
    let end = (claimed ?? ContainerClaim(candidateIn: bytes))?.cgroup.upperBound
    return (found, end == bytes.count - 1)
  }

  /// The innermost claim that is vouched for; without one, the innermost claim.
  private mutating func settle(
    _ claimed: ContainerClaim?, _ bytes: Span<UInt8>, isRuntime: Bool = false
  ) -> Remembered? {
    guard let claimed = claimed ?? ContainerClaim(candidateIn: bytes) else { return nil }
    let now = Clock.monotonicNanoseconds
    let key = (claimed.cgroup).map { bytes[$0] }
    if let known = memory[key], (known?.expires ?? silenceUntil[key] ?? 0) > now { return known }
    if let requests, let places = requests.places(since: &placesVersion) {
      files.places = StatePlace.standard + places
    }
    let found = judge(claimed, bytes, now)
    if let found, found.standing != .forged {
      requests?.request(ContainerRequest(id: found.id, cgroup: key, mustAnswer: false))
    }
    if isRuntime, found?.standing != .vouched { return found }
    if memory.count >= Self.memoryLimit {
      memory.removeAll(keepingCapacity: true)
      silenceUntil.removeAll(keepingCapacity: true)
    }
    memory[key] = .some(found)
    silenceUntil[key] = found == nil ? now + Self.silenceNanoseconds : nil
    return found
  }

  private mutating func judge(_ claimed: ContainerClaim, _ bytes: Span<UInt8>, _ now: UInt64) -> Remembered? {
    var innermost: Remembered?
    var next: ContainerClaim? = claimed
    while let claim = next {
      var id: [UInt8] = []
      claim.appendID(from: bytes, to: &id)
      var type = ContainerType(claim.runtime)
      var standing = Container.Standing.unvouched
      switch files.verdict(on: claim, in: bytes) {
      case .vouched(let voucher): (type, standing) = (ContainerType(voucher.runtime), .vouched)
      case .contradicted: standing = .forged
      case .unknown: break
      }
      let lifetime = standing == .vouched ? Self.wordNanoseconds : Self.silenceNanoseconds
      let found = Remembered(id: id, type: type, standing: standing, expires: now + lifetime)
      if standing == .vouched { return found }
      // A place that no runtime's custom names is no claim at all while no file speaks for it.
      if claim.runtime != .unknown || standing == .forged { innermost = innermost ?? found }
      next = claim.enclosing(in: bytes)
    }
    return innermost
  }
}

extension ContainerType {
  init(_ runtime: ContainerRuntime) {
    self =
      switch runtime {
      case .unknown: .unknown
      case .docker: .docker
      case .podman: .podman
      case .containerd: .containerd
      case .crio: .crio
      case .lxc: .lxc
      case .nspawn: .nspawn
      case .buildkit: .buildkit
      case .runc: .runc
      case .crun: .crun
      }
  }
}
