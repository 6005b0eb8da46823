import Events
import Host
import Model

/// Reads what `/proc/PID` tells of one process after the other into records: as much as is needed, no more.
///
/// One thread uses it. A file that vanished is a fact: the record lacks the parameter and is flagged incomplete.
struct DetailReader: ~Copyable {
  /// Arguments longer than this are cut, as in Falco.
  static var argumentLimit: Int { 4096 }

  let needs: Needs
  let scope: DetailScope
  let neededNamespaces: [Namespace]
  /// With those that tell whether the claim of a cgroup path is true.
  let witnessNamespaces: [Namespace]
  private let stuck: StuckProcesses
  let losses: LossCounters
  var directory: ProcessDirectory
  var buffer = ReadBuffer()
  var containers: ContainerReader
  var layers: OverlayLayers
  /// The host's root directory.
  let hostRoot: FileStatus?
  /// The name that `appendStat` read last.
  var lastName: [UInt8] = []
  /// The program that `appendLinks` read last, as its link spells it; empty when it was not read.
  private(set) var lastExe: [UInt8] = []
  /// Whether the cgroup that `appendPlace` read last claims a container.
  var lastClaims = false
  /// What is known of the cgroup that `appendPlace` read last.
  var place = Place.unread
  /// Whether namespaces were read since the process was chosen.
  var hasNamespaces = false
  /// Whether the process that `appendStat` read last is a thread of the kernel's own.
  private(set) var isKernelThread = false
  /// A hash of the name that `appendStat` read last.
  private(set) var lastNameHash = 0
  /// Whether `appendStat` found no process, and was not merely refused.
  private(set) var isGone = false

  init(
    root: HostRoot, needs: Needs, scope: DetailScope = .unlimited, stuck: StuckProcesses, losses: LossCounters
  ) {
    self.needs = needs
    self.scope = scope
    let needed = NamespaceType.allCases.filter { needs.contains(.namespace($0)) }
    neededNamespaces = needed.map { Namespace($0) }
    witnessNamespaces = NamespaceType.allCases.filter { needed.contains($0) || $0 == .mnt || $0 == .pid }
      .map { Namespace($0) }
    self.stuck = stuck
    self.losses = losses
    directory = ProcessDirectory(root: root)
    containers = ContainerReader(root: root, losses: losses)
    layers = OverlayLayers(root: root)
    hostRoot = try? root.status
  }

  /// Tells `requests` of every container that is met; see `ContainerReader`.
  mutating func report(containersTo requests: ContainerRequests) {
    if needs.contains(.containerMetadata) { containers.report(to: requests) }
  }

  /// Whether the rules ask for arguments, which alone lie in a process's own memory.
  var needsArguments: Bool { needs.contains(.arguments) }

  /// Chooses the process that is read next.
  mutating func select(_ pid: Int32) {
    directory.select(pid)
    lastName.removeAll(keepingCapacity: true)
    lastExe.removeAll(keepingCapacity: true)
    lastClaims = false
    place = .unread
    hasNamespaces = false
    isKernelThread = false
  }

  /// The stat line: name, parent, group, session, terminal; the start goes into the record's header.
  /// - Returns: `nil` when the process has gone.
  mutating func appendStat(to record: inout RecordWriter) -> ProcStat? {
    let outcome = directory.read(.stat, into: &buffer)
    isGone = outcome == .absent
    guard isRead(outcome) else { return nil }
    return buffer.withBytes { bytes -> ProcStat? in
      guard let stat = ProcStat(parsing: bytes) else {
        losses.count(.unreadable)
        return nil
      }
      for index in stat.name { lastName.append(bytes[index]) }
      record.setStartTicks(stat.startTicks)
      record.append(.name, bytes.extracting(stat.name))
      // What the fork told stands then: at 500 execs a second one in 12,500 was read so late.
      if !stat.isReleased {
        record.append(.parentPID, stat.parentPID)
        record.append(.processGroup, stat.processGroup)
        record.append(.session, stat.session)
        record.append(.terminal, stat.terminal)
      }
      record.append(.taskFlags, UInt64(stat.flags))
      lastNameHash = Self.hash(of: stat, in: bytes)
      isKernelThread = stat.isKernelThread
      return stat
    }
  }

  /// Whether the process still has the name that `appendStat` read last.
  mutating func hasNameAsRead(_ pid: Int32) -> Bool {
    directory.select(pid)
    guard directory.read(.stat, into: &buffer).isRead else { return false }
    return buffer.withBytes { bytes in
      ProcStat(parsing: bytes).map { Self.hash(of: $0, in: bytes) == lastNameHash } ?? false
    }
  }

  private static func hash(of stat: ProcStat, in bytes: Span<UInt8>) -> Int {
    var hasher = Hasher()
    for index in stat.name { hasher.combine(bytes[index]) }
    return hasher.finalize()
  }

  /// What a read of arguments brought.
  enum ArgumentOutcome {
    case brought
    /// There are none: a kernel thread, a zombie, or a process that emptied them.
    case empty
    /// They cannot be read, which is counted.
    case refused
    /// The process has gone.
    case missing
    /// The process held a reader before: it was not read, which is counted.
    case notRisked
  }

  /// The arguments, which lie in the process's own memory: the caller watches the time.
  mutating func appendArguments(of pid: Int32, to record: inout RecordWriter) -> ArgumentOutcome {
    guard !stuck.contains(pid) else {
      losses.count(.notRisked)
      return .notRisked
    }
    let outcome = directory.read(.cmdline, into: &buffer)
    guard isRead(outcome) else { return isRefused(outcome, &record) ? .refused : .missing }
    guard buffer.count > 0 else { return .empty }
    buffer.withBytes { bytes in
      record.append(.arguments, bytes, limit: Self.argumentLimit)
    }
    return .brought
  }

  /// The program and, where needed, working directory and root.
  /// - Returns: whether the process was still there.
  mutating func appendLinks(to record: inout RecordWriter) -> Bool {
    var isThere = true
    if needs.contains(.exe) { isThere = appendLink(.exe, .exePath, to: &record) && isThere }
    if needs.contains(.workingDirectory) {
      isThere = appendLink(.cwd, .workingDirectory, to: &record) && isThere
    }
    if needs.contains(.root) { isThere = appendLink(.root, .root, to: &record) && isThere }
    return isThere
  }

  /// Ids, capabilities, seccomp, no_new_privs, tracer; and the place, if that was still to be settled.
  /// - Returns: whether the process was still there.
  mutating func appendCredentials(to record: inout RecordWriter) -> Bool {
    var hasMemory: Bool?
    if !needs.isDisjoint(with: [.credentials, .users, .supplementaryGroups, .status]) {
      let outcome = directory.read(.status, into: &buffer)
      if isRead(outcome) {
        buffer.withBytes { bytes in
          guard let status = ProcStatus(parsing: bytes) else { return noteNonsense(&record) }
          append(status, to: &record)
          appendGroups(of: status, in: bytes, to: &record)
          hasMemory = status.memory.virtual > 0
        }
      } else if !isRefused(outcome, &record) {
        return false
      }
    }
    settleRoot(hasMemory, to: &record)
    guard needs.contains(.loginUser) else { return true }
    // A kernel without auditing has no loginuid; that is no sign of the process's end.
    if directory.read(.loginUID, into: &buffer).isRead {
      buffer.withBytes { bytes in
        guard let login = LoginUID(parsing: bytes) else { return noteNonsense(&record) }
        record.append(.loginUser, login.uid ?? UInt32.max)
      }
    }
    return true
  }

  private func append(_ status: ProcStatus, to record: inout RecordWriter) {
    let (user, group) = (status.user, status.group)
    record.append(.userIDs, [user.real, user.effective, user.saved, user.fileSystem])
    record.append(.groupIDs, [group.real, group.effective, group.saved, group.fileSystem])
    let sets = status.capabilities
    record.append(
      .capabilities, [sets.inheritable, sets.permitted, sets.effective, sets.bounding, sets.ambient])
    record.append(.seccomp, status.seccompMode)
    record.append(.noNewPrivileges, UInt8(status.hasNoNewPrivileges ? 1 : 0))
    record.append(.tracerPID, status.tracerPID)
    // 0 when the process was released meanwhile.
    if status.namespacePIDs.innermost > 0 { record.append(.virtualPID, status.namespacePIDs.innermost) }
  }

  private func appendGroups(
    of status: ProcStatus, in bytes: Span<UInt8>, to record: inout RecordWriter
  ) {
    if needs.contains(.supplementaryGroups) {
      var groups: [UInt32] = []
      var count = 0
      status.forEachSupplementaryGroup(in: bytes) { group in
        count += 1
        if count <= ProcessDetails.groupLimit { groups.append(group) }
      }
      if count > groups.count { record.insert(.clipped) }
      record.append(.supplementaryGroups, groups)
    }
    guard needs.contains(.status) else { return }
    if let filters = status.seccompFilterCount { record.append(.seccompFilters, filters) }
    record.append(.threadCount, status.threadCount)
    let memory = status.memory
    record.append(.memory, [memory.virtual, memory.resident, memory.swapped])
    let group = status.namespaceProcessGroups.innermost
    if group > 0 { record.append(.virtualProcessGroup, group) }
  }

  private mutating func appendLink(
    _ link: ProcessLink, _ parameter: Parameter, to record: inout RecordWriter
  ) -> Bool {
    switch directory.read(link, into: &buffer) {
    case .complete, .truncated:
      buffer.withBytes { bytes in
        record.append(parameter, bytes)
        if parameter == .exePath { for index in bytes.indices { lastExe.append(bytes[index]) } }
      }
      return true
    case .denied:
      losses.count(.denied)
      return true
    // A kernel thread has no program: the caller's other reads tell whether the process is still there.
    case .absent: return false
    case .failed:
      // A path longer than a page has no name (ENAMETOOLONG): the event must not pass for a whole one.
      losses.count(.unreadable)
      record.insert(.incomplete)
      return true
    }
  }

  /// Whether bytes came; a refusal is counted.
  func isRead(_ outcome: ReadOutcome) -> Bool {
    switch outcome {
    case .complete, .truncated: return true
    case .denied: losses.count(.denied)
    case .failed: losses.count(.unreadable)
    case .absent: break
    }
    return false
  }

  /// Whether the process is there though a file of it could not be read. A refusal lies in the agent's privileges, which
  /// the start tells of; otherwise the event must not pass for a whole one.
  func isRefused(_ outcome: ReadOutcome, _ record: inout RecordWriter) -> Bool {
    if case .failed = outcome { record.insert(.incomplete) }
    return outcome != .absent
  }

  /// Counts what was read and makes no sense.
  func noteNonsense(_ record: inout RecordWriter) {
    losses.count(.unreadable)
    record.insert(.incomplete)
  }
}

extension Namespace {
  /// The kernel's type as the records number it.
  init(_ type: NamespaceType) {
    switch type {
    case .cgroup: self = .cgroup
    case .ipc: self = .ipc
    case .mnt: self = .mnt
    case .net: self = .net
    case .pid: self = .pid
    case .time: self = .time
    case .user: self = .user
    case .uts: self = .uts
    }
  }
}
