import Events
import Host
import Synchronization
import System
import SystemPackage

/// The kernel's process connector: every fork, exec, exit and change of ids, with what was lost known.
///
/// Four readers stand ready, one at work. The batch that was received and the sequence numbers are shared, so that
/// who takes over goes on with the message after the one that held its predecessor.
final class ConnectorSource: Source {
  /// Buffer in the kernel: with 208 KiB, its default, a reader that stops for a moment loses thousands of messages
  /// (2,382 of 2,642 measured, none with this).
  static let receiveBufferBytes = 64 << 20
  /// Room for records: about a second's worth at 1,000 execs a second.
  static let ringBytes = 1 << 20
  static let readerCount = 4
  /// How long a message may wait of which nothing must be read. Shorter than the time for which the engine keeps what
  /// other sources say of the same process.
  static let windowMilliseconds: Int32 = 10
  /// How often it is seen who holds a reader, while anybody does.
  static let holderLookMilliseconds: Int32 = 250

  static let id = SourceID.connector
  static let costOfAbsence =
    "processes that live shorter than a sweep are not seen, and no exec is seen as it happens"

  let feed: RecordFeed
  let counters: ConnectorCounters
  private let connection: ProcessConnector
  private let relay: ReaderRelay
  private let shared: ConnectorShared
  private let priority = Mutex<ThreadPriority?>(nil)

  /// Opens the socket, subscribes, and waits for the kernel's acknowledgement: without it the source is off.
  init(_ setting: SourceSetting) throws(SourceError) {
    let (root, surroundings) = (setting.root, setting.surroundings)
    guard root.isLive else {
      throw .unavailable(
        .connector, "a mounted host or a fixture tree has no kernel that tells of its processes")
    }
    do {
      connection = try ProcessConnector(receiveBufferBytes: Self.receiveBufferBytes)
    } catch {
      throw .unavailable(.connector, "\(error)")
    }
    feed = RecordFeed(source: .connector, capacityBytes: Self.ringBytes, bell: surroundings.bell)
    counters = ConnectorCounters()
    do {
      shared = try ConnectorShared(early: connection.earlyMessages)
      let work = ConnectorWork(
        root: root, needs: setting.needs, scope: setting.scope, surroundings: surroundings,
        connection: connection, feed: feed,
        counters: counters, shared: shared)
      relay = try ReaderRelay(name: "wh-connect", threadCount: Self.readerCount) { lease in work.run(lease) }
    } catch {
      throw .noThread(.connector, "\(error)")
    }
  }

  var status: SourceStatus {
    var shortcomings: [String] = []
    if connection.receiveBufferBytes < Self.receiveBufferBytes {
      shortcomings.append(
        "a receive buffer of \(connection.receiveBufferBytes >> 10) KiB instead of 64 MiB (no CAP_NET_ADMIN): "
          + "a burst may be lost, counted")
    }
    let reached = priority.withLock { $0 }
    let running = relay.runningThreads
    if reached != nil, running < Self.readerCount {
      shortcomings.append("only \(running) of \(Self.readerCount) readers could be started")
    }
    if let reached, !reached.isRealTime {
      shortcomings.append(
        "readers run as \(reached) instead of SCHED_FIFO: short-lived processes may be missed")
    }
    return SourceStatus(
      source: .connector, isActive: true, shortcomings: shortcomings,
      details: ["\(Self.readerCount) readers" + (reached.map { ", \($0)" } ?? "")])
  }

  var passedOver: [String: UInt64] { counters.all }

  /// Starts the readers, which inherit the priority that the calling thread raised itself to.
  func start() throws(SourceError) {
    let reached = ThreadPriority.raise()
    priority.withLock { $0 = reached }
    defer { try? ThreadPriority.lower() }
    do {
      try relay.start()
    } catch {
      throw .noThread(.connector, "\(error)")
    }
  }

  func stop(milliseconds: Int) {
    shared.bell.signal()
    relay.stop(milliseconds: milliseconds)
  }
}

/// What the readers of the connector share.
private final class ConnectorShared: Sendable {
  struct Batch {
    var messages: [ConnectorMessage]
    var next = 0
    /// The message that the reader at work has taken and not yet stated.
    var atWork: ConnectorMessage?
    var sequences = SequenceTracker()
  }

  let batch: Mutex<Batch>
  /// Ends the wait for messages when the agent ends.
  let bell: EventDescriptor

  init(early: [ConnectorMessage]) throws(Errno) {
    var first = Batch(messages: early)
    for message in early { _ = first.sequences.lost(before: message) }
    batch = Mutex(first)
    bell = try EventDescriptor()
  }
}

/// What one reader does while it holds the lease.
private struct ConnectorWork: Sendable {
  let root: HostRoot
  let needs: Needs
  let scope: DetailScope
  let surroundings: Surroundings
  let connection: ProcessConnector
  let feed: RecordFeed
  let counters: ConnectorCounters
  let shared: ConnectorShared

  func run(_ lease: borrowing ReaderLease) {
    var reader = ConnectorReader(
      root: root, needs: needs, scope: scope, feed: feed, surroundings: surroundings, counters: counters)
    if let held = lease.predecessorStoodAt {
      let left = lease.commit { shared.batch.withLock { $0.atWork } }
      guard reader.finish(left ?? nil, heldBy: held, lease) else { return }
    }
    var batch = ConnectorBatch()
    var pace = Pace()
    while lease.isCurrent {
      guard let next = lease.commit({ take() }) else { return }
      if let message = next {
        guard
          reader.handle(
            message, lease, isSuperseded: { isFollowedByExec(message, &batch, &pace, lease) })
        else {
          // Another reader has stated what this one was held at.
          feed.losses.count(.staleReader)
          return
        }
      } else {
        reader.accuse(lease)
        receive(&batch, &pace, lease)
      }
    }
  }

  /// The next message of the batch at hand.
  private func take() -> ConnectorMessage? {
    shared.batch.withLock { batch in
      batch.atWork = batch.next < batch.messages.count ? batch.messages[batch.next] : nil
      batch.next += 1
      return batch.atWork
    }
  }

  /// Whether the same process has executed again since: what was read of it may be the later program's. The message of
  /// that may have come while it was read, so what has come is received first.
  private func isFollowedByExec(
    _ message: ConnectorMessage, _ batch: inout ConnectorBatch, _ pace: inout Pace,
    _ lease: borrowing ReaderLease
  ) -> Bool {
    // Whoever was replaced meanwhile would take the messages from its successor.
    if lease.isCurrent, shared.batch.withLock({ $0.next >= $0.messages.count }) { fill(&batch, &pace, lease) }
    return shared.batch.withLock { batch in
      batch.messages.dropFirst(batch.next).contains { $0.event == .exec && $0.task.tgid == message.task.tgid }
    }
  }

  /// Where a reader is between two messages.
  private struct Pace {
    /// Whether a message came lately: then only what presses wakes.
    var isBusy = false
    /// Whether the last call took all that there was.
    var isDrained = false
  }

  /// Takes the next batch, and waits for it when all was taken.
  private func receive(
    _ batch: inout ConnectorBatch, _ pace: inout Pace, _ lease: borrowing ReaderLease
  ) {
    if pace.isDrained { wait(&pace, lease) }
    fill(&batch, &pace, lease)
  }

  /// Makes what has come the batch at hand, once that is used up; without waiting.
  private func fill(_ batch: inout ConnectorBatch, _ pace: inout Pace, _ lease: borrowing ReaderLease) {
    let strangers = batch.strangers
    let receipt = connection.receive(into: &batch)
    counters.strangers.add(batch.strangers - strangers, ordering: .relaxed)
    pace.isDrained = false
    switch receipt {
    case .messages:
      let messages = batch.messages
      pace.isDrained = !batch.isFull
      // While more waits than one call takes, nobody gets to the wait that wakes the engine for what does not press.
      if batch.isFull { feed.wakeEngine() }
      let lost = lease.commit {
        shared.batch.withLock { shared in
          shared.messages = messages
          shared.next = 0
          return messages.reduce(0) { $0 + shared.sequences.lost(before: $1) }
        }
      }
      if let lost, lost > 0 {
        feed.losses.count(.sequenceGap, by: lost)
        surroundings.sweepRequest.request()
      }
    case .overflow:
      feed.losses.count(.socketOverflow)
      surroundings.sweepRequest.request()
    // A call may have brought nothing but strangers' datagrams, and left messages behind them.
    case .none: pace.isDrained = !batch.isFull
    case .failed:
      // No errno is known that this socket gives besides; a pause keeps one from becoming a busy loop.
      feed.losses.count(.socketOverflow)
      Clock.sleep(milliseconds: 100)
    }
  }

  /// Wakes the engine and sleeps until there is something to receive.
  ///
  /// A wake-up is what a message costs most: about 15 µs on a virtual machine, and a process gives three. Once one has come,
  /// only what must be read at once wakes; the others are taken along or wait out the window. When a whole window passed
  /// without, any message wakes again.
  private func wait(_ pace: inout Pace, _ lease: borrowing ReaderLease) {
    feed.wakeEngine()
    lease.rest()
    if pace.isBusy {
      pace.isBusy = connection.waitForPressing(
        or: shared.bell, milliseconds: ConnectorSource.windowMilliseconds)
    } else {
      // Whether somebody holds a reader for good is seen by looking again.
      let milliseconds: Int32 = surroundings.stuck.isEmpty ? -1 : ConnectorSource.holderLookMilliseconds
      connection.wait(or: shared.bell, milliseconds: milliseconds)
      pace.isBusy = true
    }
  }
}
