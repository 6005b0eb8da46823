public import Events
import Synchronization
public import System
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
  private let thread = Mutex(Worker())

  /// The thread, and how one is started.
  private struct Worker: ~Copyable {
    var running: NamedThread?
    var start: (@Sendable () throws(Errno) -> NamedThread)?
    /// When the thread is next asked to look at its files.
    var nextLook: UInt64 = 0
  }

  /// How long a replaced file may go unnoticed while a sink stays open.
  private static var lookNanoseconds: UInt64 { 60_000_000_000 }

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
  ///   - confine: called on the sink's thread, before it makes the sink: gives up what that does not need.
  ///   - readerGone: called on the sink's thread when its reader has gone for good.
  ///   - makeSink: called on the sink's thread: once, and again after each `renew`.
  /// - Throws: `Errno` when no thread is to be had.
  public func start(
    format: any AlertFormat, confine: (@Sendable () throws(Errno) -> ConfinedFiles)? = nil,
    readerGone: @escaping @Sendable () -> Void = {}, makeSink: @escaping @Sendable () -> any Sink
  ) throws(Errno) {
    let (name, cursor, options, control, ended) = (name, cursor, options, control, ended)
    let work: @Sendable () -> Void = {
      SignalMask.blockAll()
      let files = Self.confined(confine, control)
      var loop = DeliveryLoop(
        sink: makeSink(), format: format, options: options,
        at: DeliveryLoop.Place(cursor: cursor, control: control, files: files))
      let end = loop.run()
      ended.signal()
      if end == .readerGone { readerGone() }
    }
    try thread.withLock { worker throws(Errno) in
      worker.start = { () throws(Errno) in try NamedThread("sink:\(name)", work) }
      worker.running = try worker.start?()
    }
  }

  /// Gives up on the calling thread what the sink does not need, as far as the kernel lets it.
  private static func confined(
    _ confine: (@Sendable () throws(Errno) -> ConfinedFiles)?, _ control: DeliveryControl
  ) -> ConfinedFiles? {
    do throws(Errno) {
      let files = try confine?()
      control.update {
        $0.unconfined = nil
        $0.unfollowedLinks = files?.shortcomings ?? []
      }
      return files
    } catch {
      control.update {
        $0.unconfined = "\(error)"
        $0.unfollowedLinks = []
      }
      return nil
    }
  }

  /// Has a new thread go on where the last one has ended because files that it is confined to were replaced: a thread
  /// cannot be given back what it gave up. Has the thread look at them once a minute: not the caller, whom a file system
  /// that hangs must not stop. To be called about once a second, not on a confined thread.
  /// - Parameter nanoseconds: the time, as `Clock.monotonicNanoseconds` has it.
  func renew(at nanoseconds: UInt64 = Clock.monotonicNanoseconds) {
    thread.withLock { worker in
      renew(&worker)
      guard nanoseconds >= worker.nextLook else { return }
      worker.nextLook = nanoseconds + Self.lookNanoseconds
      if control.requestLook() { cursor.wake() }
    }
  }

  private func renew(_ worker: inout Worker) {
    guard control.isOutdated else { return }
    if let ended = worker.running.take() { ended.join() }
    control.resume()
    worker.running = try? worker.start?()
    guard worker.running == nil else { return }
    // No thread is to be had: it is tried again, unless this was the end.
    if !control.handOver(control.progress) { control.end() }
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

  /// Has the loop end when all is delivered, or at this time of `Clock.monotonicNanoseconds`. Not on a confined thread.
  func requestStop(deadline: UInt64) {
    control.stop(deadline: deadline)
    cursor.wake()
    // What a thread left that has just ended is for another one; from now on none ends before its time.
    thread.withLock { renew(&$0) }
  }

  /// Waits for the end that was asked for; called once.
  /// - Returns: whether everything was delivered.
  func awaitEnd(deadline: UInt64) -> Bool {
    guard let running = thread.withLock({ $0.running.take() }) else { return cursor.status.lag == 0 }
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

extension ConfinedFiles {
  /// The directories of certificates that are not seen whole, in words for an operator.
  fileprivate var shortcomings: [String] {
    unfollowedLinks.sorted { $0.key.string < $1.key.string }.map { directory, count in
      "of the links in \(directory) \(count) are not followed, as it has more than \(Confinement.linkLimit): files "
        + "outside of it that they lead to are not read"
    }
  }
}
