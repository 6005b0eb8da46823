public import Events
import Synchronization
import System
public import SystemPackage

/// What a runner does with its sink, with defaults for an operator who says nothing.
public struct DeliveryOptions: Sendable {
  /// Alerts below this stay away from the sink.
  public var minimumPriority: Priority = .debug
  /// Whose alerts the sink gets; those of the agent itself go to every sink.
  public var admits: @Sendable (AlertRule) -> Bool = { _ in true }
  /// Alerts handed over in one call at most.
  public var batchLimit = 128
  /// The longest pause after the first failure, and the longest after many.
  public var initialBackoffMilliseconds: Int32 = 100
  public var maximumBackoffMilliseconds: Int32 = 30_000

  public init() {}

  /// Whether alerts of this rule go to the sink.
  func wants(_ rule: AlertRule) -> Bool {
    rule.priority.isAtLeast(minimumPriority) && (rule.source == AlertRule.internal || admits(rule))
  }
}

/// One sink, its thread, its cursor and its counters.
///
/// `start` and `stop` belong to one thread; `status` and `reopen` may be called from any.
public final class SinkRunner: Sendable {
  public let name: String
  private let cursor: JournalCursor
  private let options: DeliveryOptions
  private let control = DeliveryControl()
  private let ended: Bell
  private let thread = Mutex<NamedThread?>(nil)

  /// - Parameters:
  ///   - name: tells this sink from the others; its first ten bytes are in the name of the thread.
  ///   - journal: where the alerts come from, beginning with the oldest.
  /// - Throws: `noDescriptor` when no eventfd is to be had.
  public init(
    named name: String, journal: Journal, options: DeliveryOptions = DeliveryOptions()
  ) throws(JournalError) {
    self.name = name
    self.options = options
    cursor = try journal.makeCursor(named: name)
    ended = try Bell()
  }

  /// Starts the thread, which makes the sink and delivers until it is stopped. Called once.
  /// - Parameters:
  ///   - format: how alerts are written for this sink.
  ///   - readerGone: called on the sink's thread when its reader has gone for good.
  ///   - makeSink: called once, on the sink's thread.
  /// - Throws: `Errno` when no thread is to be had.
  public func start(
    format: any AlertFormat, readerGone: @escaping @Sendable () -> Void = {},
    makeSink: @escaping @Sendable () -> any Sink
  ) throws(Errno) {
    let (cursor, options, control, ended) = (cursor, options, control, ended)
    try thread.withLock { slot throws(Errno) in
      slot = try NamedThread("sink:\(name)") {
        SignalMask.blockAll()
        var loop = DeliveryLoop(
          sink: makeSink(), format: format, cursor: cursor, options: options, control: control)
        let end = loop.run()
        ended.signal()
        if end == .readerGone { readerGone() }
      }
    }
  }

  /// Delivers what the journal holds, then ends the thread. A sink that still has alerts at the deadline, or
  /// stands in a call, is left alone with them.
  /// - Returns: whether everything was delivered.
  @discardableResult
  public func stop(deadlineMilliseconds: Int32) -> Bool {
    let deadline = Clock.monotonicNanoseconds + UInt64(max(0, deadlineMilliseconds)) * 1_000_000
    requestStop(deadline: deadline)
    return awaitEnd(deadline: deadline)
  }

  /// Has the loop end when all is delivered, or at this time of `Clock.monotonicNanoseconds`.
  func requestStop(deadline: UInt64) {
    control.stop(deadline: deadline)
    cursor.wake()
  }

  /// Waits for the end that was asked for; called once.
  /// - Returns: whether everything was delivered.
  func awaitEnd(deadline: UInt64) -> Bool {
    guard let running = thread.withLock({ $0.take() }) else { return cursor.status.lag == 0 }
    // A little more than the deadline, for a loop that is between two looks at the clock.
    while !control.hasEnded, Clock.monotonicNanoseconds < deadline + 200_000_000 {
      ended.wait(milliseconds: 50)
    }
    if control.hasEnded { running.join() }
    return cursor.status.lag == 0
  }

  /// Has the sink opened anew before its next alert, as after a log was rotated.
  public func reopen() {
    control.requestReopening()
    cursor.wake()
  }

  /// This sink as it stands.
  public var status: SinkStatus {
    let cursor = cursor.status
    var status = control.status
    status.name = name
    status.missed = cursor.missed
    status.lag = cursor.lag
    return status
  }
}
