import Events
import Host
import Synchronization
import System

/// Turns messages of the process connector into records, with the details that can still be read.
///
/// One thread uses it while it holds the lease.
struct ConnectorReader: ~Copyable {
  private let feed: RecordFeed
  private let stuck: StuckProcesses
  private let counters: ConnectorCounters
  private var details: DetailReader
  private var record = RecordWriter()
  private var meter: ShedMeter
  /// Where processes were that made a session.
  private var whereabouts = EarlyPlaces()
  private var execWait = ExecWait()

  init(
    root: HostRoot, needs: Needs, scope: DetailScope, feed: RecordFeed, surroundings: Surroundings,
    counters: ConnectorCounters
  ) {
    self.feed = feed
    self.counters = counters
    stuck = surroundings.stuck
    details = DetailReader(
      root: root, needs: needs, scope: scope, stuck: surroundings.stuck, losses: feed.losses)
    details.report(containersTo: surroundings.containerRequests)
    meter = ShedMeter(now: Clock.monotonicNanoseconds, cpu: Clock.threadCPUNanoseconds)
  }

  /// A process that holds a reader for so long means to. A busy one may well hold its memory's lock for longer than a
  /// reader waits.
  private static let holdingNanoseconds: UInt64 = 1_000_000_000

  /// States what the reader before was at when a process held it, without that process's memory.
  /// - Returns: whether the work is still this thread's.
  mutating func finish(
    _ message: ConnectorMessage?, heldBy held: StuckRead, _ lease: borrowing ReaderLease
  ) -> Bool {
    stuck.insert(held.pid)
    feed.losses.count(.readerStuck)
    if let message, !handle(message, lease, isSuperseded: { false }) { return false }
    return lease.isCurrent
  }

  /// States who holds readers for good; to be asked now and then while anybody does.
  mutating func accuse(_ lease: borrowing ReaderLease) {
    guard !stuck.isEmpty else { return }
    for pid in lease.takeHolders(for: Self.holdingNanoseconds) {
      record.begin(.tampering, from: .connector, stamp: Clock.monotonicNanoseconds, pid: pid)
      _ = lease.commit { feed.push(record, kind: .tampering, isPressing: true) }
    }
  }

  /// States one message. Of records about threads (pid ≠ tgid) only changes of ids and tracers are stated, as the
  /// process's: a thread that becomes root is as good as its process.
  /// - Parameter isSuperseded: asked after the details of an exec were read: whether they are a later one's.
  /// - Returns: whether the work is still this thread's.
  mutating func handle(
    _ message: ConnectorMessage, _ lease: borrowing ReaderLease, isSuperseded: () -> Bool
  ) -> Bool {
    guard begin(message) else { return true }
    let now = Clock.monotonicNanoseconds
    if meter.isDue(now) { meter.update(now: now, cpu: Clock.threadCPUNanoseconds) }
    switch message.event {
    case .exec:
      appendProgram(of: message.task.tgid, lease)
      if isSuperseded() { settleSuperseded(message, lease) }
    case .uid(let real, let effective):
      appendIdentity(.userIDs, [real, effective], of: message.task.tgid, lease)
    case .gid(let real, let effective):
      appendIdentity(.groupIDs, [real, effective], of: message.task.tgid, lease)
    case .sid: noteWhereabouts(of: message.task.tgid)
    case .exit:
      stuck.forget(message.task.tgid)
      whereabouts.forget(message.task.tgid)
    default: break
    }
    return lease.commit { push(message) } != nil
  }

  /// Settles what to state of a program that another has replaced by now.
  ///
  /// The name was read after the arguments. If it is not the later program's, neither are the arguments. If it is, they
  /// may be of two programs: then all is read again, and the later one is told of twice.
  private mutating func settleSuperseded(_ message: ConnectorMessage, _ lease: borrowing ReaderLease) {
    feed.losses.count(.superseded, of: .executed)
    let pid = message.task.tgid
    if !meter.isShedding, lease.isCurrent, details.hasNameAsRead(pid), begin(message) {
      appendProgram(of: pid, lease)
    }
    record.insert(.incomplete)
  }

  /// Begins the record of a message with what the message itself tells.
  /// - Returns: `false` for messages that are no record: of threads, or unknown.
  private mutating func begin(_ message: ConnectorMessage) -> Bool {
    guard let kind = message.recordKind else {
      if case .unknown = message.event { counters.unknown.add(1, ordering: .relaxed) }
      return false
    }
    guard message.isProcess || message.event.concernsProcess else {
      counters.threads.add(1, ordering: .relaxed)
      return false
    }
    record.begin(kind, from: .connector, stamp: message.stampNanoseconds, pid: message.task.tgid)
    switch message.event {
    case .fork(let parent): record.append(.parentPID, parent.tgid)
    case .exit(let status, _): record.append(.exitStatus, status)
    case .ptrace(let tracer): record.append(.tracerPID, tracer.tgid)
    case .comm(let name): record.append(.name, name.bytes.span)
    default: break
    }
    return true
  }

  /// The new program. The arguments first: a short-lived process takes them with it.
  private mutating func appendProgram(of pid: Int32, _ lease: borrowing ReaderLease) {
    guard !meter.isShedding else {
      feed.losses.count(.shed, of: .executed)
      record.insert(.incomplete)
      return
    }
    details.select(pid)
    var isThere = true
    if details.needsArguments {
      if stuck.contains(pid) || !lease.mayRisk {
        feed.losses.count(.notRisked, of: .executed)
        record.insert(.incomplete)
      } else {
        // A zombie's arguments are empty, and so are those of nobody else after an exec.
        let began = Clock.monotonicNanoseconds
        let outcome = lease.reading(memoryOf: pid) { details.appendArguments(of: pid, to: &record) }
        isThere = outcome == .brought || outcome == .refused
        guard lease.isCurrent else { return pardon(pid, heldSince: began) }
      }
    }
    // The name right behind them, and the rest after it: should it be a later program's, the kernel has told of that by
    // the time that all is read.
    let start = details.appendStat(to: &record)?.startTicks
    let isKnown = start != nil
    isThere = isThere && isKnown && details.appendLinks(to: &record)
    // Where it is and who it is can be read of a process that has ended too, until its parent has waited for it.
    let hasPlace = isKnown && details.appendPlace(to: &record)
    isThere = isKnown && details.appendCredentials(to: &record) && hasPlace && isThere
    if details.lacksPlace {
      isThere = false
      if let before = whereabouts.place(of: pid, startedAt: start) { details.append(before, to: &record) }
    } else {
      whereabouts.forget(pid)
    }
    if isThere { appendLate(of: pid, lease) }
    if !isThere {
      feed.losses.count(.vanished, of: .executed)
      record.insert(.incomplete)
    }
  }

  /// Keeps where a process is that makes a session. Every runtime's init does so in its container, before it becomes the
  /// container's first program, which may have ended before anything can be read of it.
  private mutating func noteWhereabouts(of pid: Int32) {
    guard !meter.isShedding else { return }
    details.select(pid)
    if let place = details.whereabouts() { whereabouts.note(place, of: pid) }
  }

  /// Lets the memory of a process be read again that was merely busy when this reader was replaced.
  private func pardon(_ pid: Int32, heldSince began: UInt64) {
    if Clock.monotonicNanoseconds < began + Self.holdingNanoseconds { stuck.forget(pid) }
  }

  /// What only some rules want to know of only some programs.
  private mutating func appendLate(of pid: Int32, _ lease: borrowing ReaderLease) {
    let late = details.lateNeeds
    guard !late.isEmpty else { return }
    details.appendLate(late, to: &record)
    guard !late.isDisjoint(with: DetailReader.heldNeeds) else { return }
    guard !stuck.contains(pid), lease.mayRisk else {
      feed.losses.count(.notRisked, of: .executed)
      record.insert(.incomplete)
      return
    }
    _ = lease.reading(memoryOf: pid) { details.appendHeld(late, to: &record) }
  }

  /// Who the process is now that its ids changed. The kernel tells of a setuid program's new ids after it has replaced
  /// the old program but before it tells of the exec, so the program is read too, which the model takes over when it is
  /// another. What the kernel told itself comes last and counts: the process may have changed again before it was read.
  private mutating func appendIdentity(
    _ parameter: Parameter, _ told: [UInt32], of pid: Int32, _ lease: borrowing ReaderLease
  ) {
    if meter.isShedding {
      feed.losses.count(.shed, of: parameter == .userIDs ? .userChanged : .groupChanged)
    } else {
      details.select(pid)
      let isThere =
        details.appendStat(to: &record) != nil && details.appendLinks(to: &record)
        && details.appendCredentials(to: &record)
      if !isThere { feed.losses.count(.vanished, of: parameter == .userIDs ? .userChanged : .groupChanged) }
      if isThere, details.needsArguments, !details.isKernelThread { appendLaidArguments(of: pid, lease) }
    }
    record.append(parameter, told)
  }

  /// The arguments, which an exec lays out a moment after the new ids count: it is waited for, since this thread may
  /// have come before it on its processor.
  private mutating func appendLaidArguments(of pid: Int32, _ lease: borrowing ReaderLease) {
    execWait.begin(at: Clock.monotonicNanoseconds)
    while !stuck.contains(pid), lease.mayRisk {
      let outcome = lease.reading(memoryOf: pid) { details.appendArguments(of: pid, to: &record) }
      guard outcome == .empty, lease.isCurrent,
        let microseconds = execWait.next(at: Clock.monotonicNanoseconds)
      else { return }
      Clock.sleep(microseconds: microseconds)
    }
  }

  private func push(_ message: ConnectorMessage) {
    guard let kind = message.recordKind else { return }
    feed.push(record, kind: kind, isPressing: message.event.isPressing)
  }
}

extension ConnectorMessage.Event {
  /// Whether the engine is woken for it at once; the others wait until the reader has nothing left to do.
  fileprivate var isPressing: Bool {
    switch self {
    case .exec, .uid, .gid, .ptrace: true
    default: false
    }
  }

  /// Whether the event is the process's even when one of its other threads is named.
  var concernsProcess: Bool {
    switch self {
    case .uid, .gid, .ptrace, .coredump: true
    default: false
    }
  }
}

extension ConnectorMessage {
  /// The record that states it; `nil` for an acknowledgement or an event that this program does not know.
  var recordKind: RecordKind? {
    switch event {
    case .acknowledged, .unknown: nil
    case .fork: .forked
    case .exec: .executed
    case .exit: .exited
    case .uid: .userChanged
    case .gid: .groupChanged
    case .sid: .sessionChanged
    case .ptrace: .traced
    case .comm: .nameChanged
    case .coredump: .coreDumped
    }
  }
}

/// What the connector's readers passed over. Any thread may read.
final class ConnectorCounters: Sendable {
  /// Messages about threads.
  let threads = Atomic<UInt64>(0)
  /// Messages of a kind that this program does not know.
  let unknown = Atomic<UInt64>(0)
  /// Datagrams that were no whole message of the kernel's.
  let strangers = Atomic<UInt64>(0)

  /// Those that are not 0, by name.
  var all: [String: UInt64] {
    let counts = [
      "of threads": threads.load(ordering: .relaxed), "of unknown kinds": unknown.load(ordering: .relaxed),
      "not the kernel's": strangers.load(ordering: .relaxed),
    ]
    return counts.filter { $0.value > 0 }
  }
}
