import Glibc
import Synchronization
import System
import SystemPackage

/// Readers that can be replaced: several threads stand ready, one at work.
///
/// Reading `/proc/PID/cmdline` takes the target's memory lock, and a hostile process can hold a reader there for
/// ever. When the thread at work stands in one such read for longer than the deadline, the next takes the work over
/// under a new epoch; the one that comes back finds its epoch old, drops what it held, and stands ready again.
///
/// The work is a closure over state that it shares through `ReaderLease.commit`; it is called anew for each epoch.
final class ReaderRelay: Sendable {
  /// How long one read of a process's memory may take under SCHED_FIFO: 20 ms.
  static let realTimeDeadline: UInt64 = 20_000_000
  /// The same for ordinary threads, which may have to wait for a CPU: with 20 ms a thousand forks at once were taken
  /// for an attack.
  static let ordinaryDeadline: UInt64 = 1_000_000_000

  private struct Baton {
    var epoch: UInt64 = 0
    /// Whether a thread holds this epoch.
    var isHeld = false
    /// Whom the thread before stood at, for its successor.
    var stuckAt: StuckRead?
    /// Where the threads stand that were replaced, by their epochs, until they come back.
    var held: [UInt64: HeldRead] = [:]
    var running = 0

    /// How many threads stand ready, or are at work.
    var free: Int { running - held.count }
  }

  private let name: String
  private let threadCount: Int
  let deadlineNanoseconds: UInt64
  private let baton = Mutex(Baton())
  private let epoch = Atomic<UInt64>(0)
  /// CLOCK_MONOTONIC nanoseconds at which the read at work began; 0 when there is none.
  private let readBegan = Atomic<UInt64>(0)
  private let readPID = Atomic<Int32>(0)
  private let isArmed = Atomic<Bool>(false)
  private let isStopping = Atomic<Bool>(false)
  private let timer: TimerDescriptor
  private let work: @Sendable (borrowing ReaderLease) -> Void

  /// - Parameters:
  ///   - name: the threads' name, at most 13 bytes.
  ///   - threadCount: how many stand ready, at least one.
  ///   - deadlineNanoseconds: how long one read may take.
  init(
    name: String, threadCount: Int, deadlineNanoseconds: UInt64 = ReaderRelay.realTimeDeadline,
    work: @escaping @Sendable (borrowing ReaderLease) -> Void
  ) throws(Errno) {
    self.deadlineNanoseconds = deadlineNanoseconds
    self.name = name
    self.threadCount = max(1, threadCount)
    self.work = work
    timer = try TimerDescriptor()
  }

  /// Starts the threads, which inherit the caller's scheduling.
  func start() throws(Errno) {
    // All of them count from the start: the first may ask whether another stands ready before that one runs.
    baton.withLock { $0.running = threadCount }
    for index in 0..<threadCount {
      do {
        // Not joined: a thread that a hostile process holds would hold us too. `stop` waits for the others.
        _ = try NamedThread("\(name)/\(index)") { [self] in run() }
      } catch {
        baton.withLock { $0.running -= 1 }
        if index == 0 { throw error }
      }
    }
  }

  /// Lets the work end; whoever sleeps outside the relay is to be woken after it.
  func beginStop() { isStopping.store(true, ordering: .releasing) }

  /// Ends the threads and waits until all have ended that nobody holds, at most `milliseconds`.
  func stop(milliseconds: Int) {
    beginStop()
    for _ in 0..<max(1, milliseconds) {
      timer.set(nanoseconds: 1)
      if baton.withLock({ $0.free <= 0 }) { return }
      usleep(1000)
    }
  }

  /// How many threads run.
  var runningThreads: Int { baton.withLock { $0.running } }

  /// For how many whole seconds nobody has worked since a read holds the last thread, too; `nil` while somebody can. Any
  /// thread may ask.
  var secondsHeld: UInt64? {
    let began = readBegan.load(ordering: .acquiring)
    let now = Clock.monotonicNanoseconds
    // Had another stood ready it would have taken over by now.
    guard began != 0, now >= began + deadlineNanoseconds + 1_000_000_000 else { return nil }
    return (now - began) / 1_000_000_000
  }

  /// Whether the work is to end; the work asks between two steps.
  var isStopped: Bool { isStopping.load(ordering: .acquiring) }

  // MARK: - A thread's life

  private func run() {
    while !isStopped {
      if let lease = claim() {
        work(lease)
        release(lease.epoch)
      } else {
        timer.wait()
      }
    }
    baton.withLock { $0.running -= 1 }
  }

  /// Takes the work when nobody has it, or when the one who has it is held.
  private func claim() -> ReaderLease? {
    baton.withLock { baton -> ReaderLease? in
      if baton.isHeld {
        guard let stuck = overdueRead() else { return nil }
        baton.stuckAt = stuck
        baton.held[baton.epoch] = HeldRead(
          pid: stuck.pid, began: Clock.monotonicNanoseconds - stuck.nanoseconds)
      }
      baton.epoch += 1
      baton.isHeld = true
      epoch.store(baton.epoch, ordering: .releasing)
      readBegan.store(0, ordering: .relaxed)
      isArmed.store(false, ordering: .relaxed)
      let stuck = baton.stuckAt
      baton.stuckAt = nil
      return ReaderLease(relay: self, epoch: baton.epoch, predecessorStoodAt: stuck)
    }
  }

  /// The read that stands for longer than the deadline; sets the timer again when it does not yet.
  private func overdueRead() -> StuckRead? {
    let began = readBegan.load(ordering: .acquiring)
    let pid = readPID.load(ordering: .acquiring)
    // Another read may have begun between the two loads: then the pid is not this stamp's.
    guard readBegan.load(ordering: .acquiring) == began else {
      timer.set(nanoseconds: deadlineNanoseconds)
      return nil
    }
    guard isArmed.load(ordering: .relaxed) else { return nil }
    let now = Clock.monotonicNanoseconds
    guard began != 0, now >= began + deadlineNanoseconds else {
      timer.set(nanoseconds: began == 0 ? deadlineNanoseconds : began + deadlineNanoseconds - now)
      return nil
    }
    return StuckRead(pid: pid, nanoseconds: now - began)
  }

  private func release(_ ended: UInt64) {
    baton.withLock { baton in
      if baton.epoch == ended {
        baton.isHeld = false
      } else {
        baton.held[ended] = nil
      }
    }
  }

  // MARK: - For the lease

  fileprivate func isCurrent(_ asked: UInt64) -> Bool { epoch.load(ordering: .acquiring) == asked }

  /// Whether another thread could take over if this one were held now.
  fileprivate var hasStandby: Bool { baton.withLock { $0.free > 1 } }

  /// Each is told of once.
  fileprivate func takeHolders(_ nanoseconds: UInt64) -> [Int32] {
    let now = Clock.monotonicNanoseconds
    return baton.withLock { baton in
      let overdue = baton.held.filter { !$0.value.isTold && now >= $0.value.began + nanoseconds }
      for epoch in overdue.keys { baton.held[epoch]?.isTold = true }
      return overdue.sorted { $0.key < $1.key }.map(\.value.pid)
    }
  }

  fileprivate func commit<R>(_ asked: UInt64, _ body: () -> R) -> R? {
    baton.withLock { $0.epoch == asked ? body() : nil }
  }

  /// - Returns: the stamp that `endRead` takes back.
  fileprivate func beginRead(of pid: Int32) -> UInt64 {
    let stamp = Clock.monotonicNanoseconds
    // release: comes after the stamp of the read before was taken back.
    readPID.store(pid, ordering: .releasing)
    // release: a watcher that sees the stamp sees the pid.
    readBegan.store(stamp, ordering: .releasing)
    if !isArmed.exchange(true, ordering: .relaxed) { timer.set(nanoseconds: deadlineNanoseconds) }
    return stamp
  }

  fileprivate func endRead(_ stamp: UInt64, _ asked: UInt64) -> Bool {
    // Only our own stamp: a successor's must stay, or its own read would not be watched.
    _ = readBegan.compareExchange(expected: stamp, desired: 0, ordering: .releasing)
    return isCurrent(asked)
  }

  fileprivate func rest() {
    if isArmed.exchange(false, ordering: .relaxed) { timer.disarm() }
  }
}

/// Where a replaced thread stands.
private struct HeldRead {
  let pid: Int32
  /// CLOCK_MONOTONIC nanoseconds.
  let began: UInt64
  var isTold = false
}

/// A read of a process's memory that did not return in time.
struct StuckRead: Sendable, Equatable {
  let pid: Int32
  let nanoseconds: UInt64
}

/// One thread's right to work, until another takes it over. Only that thread uses it.
struct ReaderLease: ~Copyable {
  private let relay: ReaderRelay
  fileprivate let epoch: UInt64
  /// Where the thread before stood when this one took over; `nil` at the start.
  let predecessorStoodAt: StuckRead?

  fileprivate init(relay: ReaderRelay, epoch: UInt64, predecessorStoodAt: StuckRead?) {
    self.relay = relay
    self.epoch = epoch
    self.predecessorStoodAt = predecessorStoodAt
  }

  /// Whether the work is still this thread's and the agent is not ending.
  var isCurrent: Bool { relay.isCurrent(epoch) && !relay.isStopped }

  /// Whether a read that may be held for ever can be afforded: another thread stands ready.
  var mayRisk: Bool { relay.hasStandby }

  /// The processes that hold a replaced thread for at least so long by now; each is told of once.
  func takeHolders(for nanoseconds: UInt64) -> [Int32] { relay.takeHolders(nanoseconds) }

  /// Runs `body` only while the work is this thread's; no other thread takes it over meanwhile.
  /// - Returns: `nil` when the work is another's by now.
  func commit<R>(_ body: () -> R) -> R? { relay.commit(epoch, body) }

  /// Runs a read that takes the memory lock of `pid`.
  /// - Returns: `nil` when it took so long that the work is another's by now.
  func reading<R>(memoryOf pid: Int32, _ body: () -> R) -> R? {
    let stamp = relay.beginRead(of: pid)
    let result = body()
    return relay.endRead(stamp, epoch) ? result : nil
  }

  /// Nothing to read for now: the watch ends until the next read.
  func rest() { relay.rest() }
}
