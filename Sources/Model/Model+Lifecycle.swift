import Events

// Fork, exec, exit: what the connector says of a process's life.
extension Model {
  mutating func applyFork(_ record: borrowing RecordView, into events: inout [Event]) {
    // An older row of the pid is of a process whose end was lost.
    if let old = table.row(record.pid) {
      if old.bornStamp >= record.stamp || old.isSameStart(clock.ticks(record.stamp)) {
        lateRecords += 1
        return
      }
      end(old, record, status: nil, into: &events)
    }
    let row = ProcessRow(pid: record.pid, startTicks: clock.ticks(record.stamp), stamp: record.stamp)
    record.forEachParameter { parameter, value in
      if parameter == .parentPID { row.parentPID = value.integer(Int32.self) ?? 0 }
    }
    // A process whose first thread has ended may still fork.
    let creator = table.row(row.parentPID) ?? table.lastEnded(row.parentPID)
    if let creator { row.inherit(from: creator) }
    add(row)
    let isIncomplete = creator == nil
    events.append(
      Event(
        kind: .forked, time: clock.wallTime(record.stamp), stamp: record.stamp, source: record.source,
        isIncomplete: isIncomplete || record.flags.contains(.incomplete), process: row))
  }

  mutating func applyExec(_ record: borrowing RecordView, into events: inout [Event]) {
    if let row = table.row(record.pid), record.startTicks > clock.ticks(record.stamp),
      !row.agrees(withStartTicks: record.startTicks)
    {
      // The details are of a process that took the pid over after this exec.
      row.forgetProgram()
      row.hasExecuted = true
      row.changedStamp = record.stamp
      events.append(
        Event(
          kind: .executed, time: clock.wallTime(record.stamp), stamp: record.stamp, source: record.source,
          isIncomplete: true, process: row))
      return
    }
    let row = livingRow(record, into: &events)
    let before = row.namespaces
    let (users, groups) = (row.users, row.groups)
    let former = row.container
    let attributes = ProcessAttributes(row)
    row.forgetProgram()
    absorb(record, into: row)
    row.hasExecuted = true
    row.isFilled = !record.flags.contains(.incomplete)
    row.changedStamp = record.stamp
    // No message told of it yet: the program was read after its first call, or the kernel's own record was changed.
    if let groups, let now = row.groups, groups != now {
      events.append(event(.groupChanged, record, row, .groups(before: groups, after: now)))
    }
    if let users, let now = row.users, users != now {
      events.append(event(.userChanged, record, row, .users(before: users, after: now)))
    }
    if former == nil, row.claim != nil, record.flags.contains(.incomplete), !tells(.capabilities, record) {
      // They were the runtime's, which starts the program with others.
      (row.capabilities, row.seccomp, row.noNewPrivileges) = (nil, nil, nil)
    }
    if former == nil, isRuntimeInit(row) {
      // The runtime's own init, on its way into the container: what it changes before its last exec is no event.
      events.append(event(.executed, record, row))
      return
    }
    settleContainer(of: row)
    let entered = row.container != nil && row.container?.id != former?.id
    row.isContainerExec = entered && reference(of: row.container)?.pid != row.pid
    if former != nil || !entered, !before.differences(from: row.namespaces).isEmpty {
      // Judged as of the container that it was in: leaving the cgroup as well must not hide an escape.
      events.append(
        event(
          .namespacesChanged, record, row, .namespaces(before: before, after: row.namespaces),
          container: former ?? row.container))
    }
    events.append(event(.executed, record, row))
    if former != nil || !entered {
      appendAttributes(from: attributes, of: row, record, acrossExec: true, into: &events)
    }
  }

  /// Whether this is a container runtime's init before it has become the container's program: by the executable, which
  /// the kernel names, and by the host's mounts, since in a container every file may be called `runc`. Where the executable
  /// is not known the mounts alone decide.
  func isRuntimeInit(_ row: ProcessRow) -> Bool {
    guard row.claim != nil else { return row.runsRuntime && isHost(.mnt, of: row) != false }
    return (row.exePath == nil || row.runsRuntime) && isHost(.mnt, of: row) == true
  }

  /// Whether this is such an init that a runtime has started: what its cgroup claims is about to be true, or its runtime's
  /// doing. Of one that others than root run the runtime must be an installed program: in mounts of one's own every file
  /// may lie there.
  public func isStartingContainer(_ row: ProcessRow) -> Bool {
    guard isRuntimeInit(row) else { return false }
    if row.users?.effective == 0, row.users?.real == 0 { return true }
    guard let creator = row.ancestors.first else { return false }
    return creator.runsRuntime && creator.exePath?.starts(with: "/usr/".utf8) == true
      && isHost(.mnt, of: creator) == true
  }

  func tells(_ wanted: Parameter, _ record: borrowing RecordView) -> Bool {
    var isTold = false
    record.forEachParameter { parameter, _ in if parameter == wanted { isTold = true } }
    return isTold
  }

  mutating func applyExit(_ record: borrowing RecordView, into events: inout [Event]) {
    guard let row = table.row(record.pid), row.bornStamp <= record.stamp else {
      lateRecords += 1
      return
    }
    var status: UInt32?
    record.forEachParameter { parameter, value in
      if parameter == .exitStatus { status = value.integer(UInt32.self) }
    }
    end(row, record, status: status, into: &events)
  }

  /// Ends a row; without a status its end was not seen but concluded.
  mutating func end(
    _ row: ProcessRow, _ record: borrowing RecordView, status: UInt32?, into events: inout [Event]
  ) {
    row.hasEnded = true
    row.exitStatus = status
    row.changedStamp = record.stamp
    if let container = row.container { containers.leave(container.id) }
    table.end(row, stamp: record.stamp)
    events.append(
      Event(
        kind: .exited, time: clock.wallTime(record.stamp), stamp: record.stamp, source: record.source,
        isIncomplete: status == nil, process: row, change: .exit(status: status)))
  }
}

extension ProcessRow {
  /// Whether a start that was computed from a stamp is this row's: equal to field 22 of stat or one above it
  /// (300 of 300 forks measured).
  func isSameStart(_ computed: UInt64) -> Bool { computed == startTicks || computed == startTicks &+ 1 }

  /// Whether a start that stat told is this row's; takes it over when the row's own came from a stamp.
  func agrees(withStartTicks ticks: UInt64) -> Bool {
    guard ticks != 0, ticks != startTicks else { return true }
    guard !startIsExact, ticks &+ 1 == startTicks else { return false }
    startTicks = ticks
    startIsExact = true
    return true
  }

  /// A forked process has everything of its creator but its ids.
  func inherit(from creator: ProcessRow) {
    name = creator.name
    arguments = creator.arguments
    exePath = creator.exePath
    workingDirectory = creator.workingDirectory
    root = creator.root
    cgroup = creator.cgroup
    claim = creator.claim
    container = creator.container
    processGroup = creator.processGroup
    session = creator.session
    terminal = creator.terminal
    taskFlags = creator.taskFlags
    users = creator.users
    groups = creator.groups
    capabilities = creator.capabilities
    namespaces = creator.namespaces
    loginUser = creator.loginUser
    seccomp = creator.seccomp
    noNewPrivileges = creator.noNewPrivileges
    details = creator.details
    isFilled = creator.isFilled
    adopt(creator: creator)
  }

  /// Remembers the creator and its creators, `ancestorLimit` generations at most: a chain whose parents all die at
  /// once (5,000 generations in 0.83 s, measured) keeps no more rows than that for each living process.
  func adopt(creator: ProcessRow) {
    ancestors = [creator] + creator.ancestors.prefix(Self.ancestorLimit - 1)
  }

  /// Forgets the creators from one on that has ended, when so many nearer ones have.
  func remember(endedAncestors limit: Int) {
    var ended = 0
    let end = ancestors.firstIndex { ancestor in
      ended += ancestor.hasEnded ? 1 : 0
      return ended > limit
    }
    if let end { ancestors = Array(ancestors[..<end]) }
  }

  /// Only a memory of an ancestor from now on: what alerts of descendants print, and no more. Sixteen dead generations
  /// with arguments of 3 KiB each would otherwise hang on a living process (92 KB, measured).
  func becomeMemory() {
    ancestors = []
    arguments = arguments.map { Array($0.prefix(256)) }
    workingDirectory = nil
    root = nil
    cgroup = nil
    claim = nil
    guard let environment = details?.environment else { return details = nil }
    let memory = ProcessDetails()
    memory.environment = Array(environment.prefix(256))
    details = memory
  }

  /// What an exec replaces and must be read again; what was not read is not known.
  func forgetProgram() {
    name = []
    arguments = nil
    exePath = nil
    details = nil
  }

  /// Whether the program is one that runtimes run as a container's first.
  var runsRuntime: Bool {
    guard let exePath else { return false }
    // runc before 1.2 runs its init from a mount of itself alone, which it has detached: its link reads `/`.
    guard let file = exePath.split(separator: UInt8(ascii: "/")).last else { return !exePath.isEmpty }
    return Self.runtimeInits.contains { file.elementsEqual($0.utf8) }
  }

  /// runc runs its init from a sealed copy of itself (CVE-2019-5736), whose link reads `/memfd:runc_cloned:… (deleted)`.
  private static let runtimeInits =
    RuntimePrograms.names + [
      "memfd:runc_cloned:/proc/self/exe (deleted)", "exe (deleted)",
      "memfd:crun_cloned:/proc/self/exe (deleted)",
    ]
}
