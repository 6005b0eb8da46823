import Events
import Host
import Synchronization
import System
import SystemPackage

/// What the readers of the connector share: the batch that was received and the sequence numbers, so that who takes over
/// goes on with the message after the one that held its predecessor.
final class ConnectorShared: Sendable {
  struct Batch {
    var messages: [ConnectorMessage]
    var next = 0
    /// The message that the reader at work has taken and not yet stated.
    var atWork: ConnectorMessage?
    var sequences = SequenceTracker()

    /// Puts what was received behind what is left.
    /// - Returns: how many messages were lost before.
    mutating func append(_ received: [ConnectorMessage]) -> UInt64 {
      if next >= messages.count { (messages, next) = ([], 0) }
      messages += received
      return received.reduce(0) { $0 + sequences.lost(before: $1) }
    }
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
struct ConnectorWork: Sendable {
  let root: HostRoot
  let needs: Needs
  let scope: DetailScope
  let surroundings: Surroundings
  let subscriptions: ConnectorSubscriptions
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
    /// CLOCK_MONOTONIC nanoseconds at which something was heard last.
    var heard = Clock.monotonicNanoseconds
  }

  /// Takes the next batch, and waits for it when all was taken.
  private func receive(
    _ batch: inout ConnectorBatch, _ pace: inout Pace, _ lease: borrowing ReaderLease
  ) {
    if subscriptions.isOff {
      // Not on the socket, which may be anything by now.
      feed.wakeEngine()
      lease.rest()
      shared.bell.wait(milliseconds: ConnectorSource.patienceMilliseconds)
      if lease.isCurrent { subscribeAnew(&batch, &pace, lease) }
      return
    }
    if pace.isDrained { wait(&pace, lease) }
    let isSilent = pace.isDrained && Self.isSilent(pace)
    if case .failed = fill(&batch, &pace, lease) {
      subscribeAnew(&batch, &pace, lease)
    } else if isSilent, Self.isSilent(pace), lease.isCurrent, !hears(&batch, &pace, lease), lease.isCurrent {
      subscribeAnew(&batch, &pace, lease)
    }
  }

  private static func isSilent(_ pace: Pace) -> Bool {
    Clock.monotonicNanoseconds >= pace.heard + UInt64(ConnectorSource.patienceMilliseconds) * 1_000_000
  }

  /// Makes what has come the batch at hand; without waiting.
  @discardableResult
  private func fill(
    _ batch: inout ConnectorBatch, _ pace: inout Pace, _ lease: borrowing ReaderLease
  ) -> ProcessConnector.Receipt {
    let strangers = batch.strangers
    let receipt = subscriptions.current.receive(into: &batch)
    counters.strangers.add(batch.strangers - strangers, ordering: .relaxed)
    pace.isDrained = false
    switch receipt {
    case .messages:
      pace.heard = Clock.monotonicNanoseconds
      pace.isDrained = !batch.isFull
      // While more waits than one call takes, nobody gets to the wait that wakes the engine for what does not press.
      if batch.isFull { feed.wakeEngine() }
      take(over: batch.messages, lease)
    case .overflow:
      pace.heard = Clock.monotonicNanoseconds
      feed.losses.count(.socketOverflow)
      surroundings.sweepRequest.request()
    // A call may have brought nothing but strangers' datagrams, and left messages behind them.
    case .none: pace.isDrained = !batch.isFull
    case .failed: break
    }
    return receipt
  }

  private func take(over messages: [ConnectorMessage], _ lease: borrowing ReaderLease) {
    let lost = lease.commit { shared.batch.withLock { $0.append(messages) } }
    if let lost, lost > 0 {
      feed.losses.count(.sequenceGap, by: lost)
      surroundings.sweepRequest.request()
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
      pace.isBusy = subscriptions.current.waitForPressing(
        or: shared.bell, milliseconds: ConnectorSource.windowMilliseconds)
    } else {
      // Whether somebody holds a reader for good is seen by looking again.
      subscriptions.current.wait(
        or: shared.bell,
        milliseconds: surroundings.stuck.isEmpty
          ? ConnectorSource.patienceMilliseconds : ConnectorSource.holderLookMilliseconds)
      pace.isBusy = true
    }
  }

  // MARK: - When nothing is heard

  /// Has the kernel tell of this very thread, and sees whether that is heard: a subscription can end without an error.
  private func hears(
    _ batch: inout ConnectorBatch, _ pace: inout Pace, _ lease: borrowing ReaderLease
  ) -> Bool {
    // The kernel tells nothing while it has no memory for a message.
    for _ in 0..<3 {
      ProcessConnector.knock()
      switch fill(&batch, &pace, lease) {
      case .messages, .overflow: return true
      case .failed: return false
      case .none: Clock.sleep(milliseconds: 10)
      }
    }
    return false
  }

  /// Has another subscription take over: the one in reserve or, if that hears nothing either, one that is made now. If
  /// none can be had it is tried again after a while.
  private func subscribeAnew(
    _ batch: inout ConnectorBatch, _ pace: inout Pace, _ lease: borrowing ReaderLease
  ) {
    let began = pace.heard
    var isHeard = false
    for _ in 0..<2 where !isHeard && lease.isCurrent {
      guard let early = lease.commit({ subscriptions.replace() }) ?? nil else { break }
      take(over: early, lease)
      isHeard = hears(&batch, &pace, lease)
    }
    guard lease.isCurrent else { return }
    subscriptions.settle(isHeard: isHeard)
    surroundings.connectorHealth.isDeaf = !isHeard
    feed.losses.count(.readerEnded, since: began)
    surroundings.sweepRequest.request()
  }
}

/// Whether the connector hears what the kernel tells. Any thread.
final class ConnectorHealth: Sendable {
  private let state = Atomic<Bool>(false)

  var isDeaf: Bool {
    get { state.load(ordering: .relaxed) }
    set { state.store(newValue, ordering: .relaxed) }
  }
}
