import Synchronization
import System
import SystemPackage

/// One place alerts go, as it is configured.
public struct Output: Sendable {
  /// Tells this output from the others, in the status and in the name of its thread: `file`, `syslog.2`.
  public var name: String
  public var sink: SinkSettings
  public var format: any AlertFormat
  public var options: DeliveryOptions

  public init(
    named name: String, sink: SinkSettings, format: any AlertFormat,
    options: DeliveryOptions = DeliveryOptions()
  ) {
    self.name = name
    self.sink = sink
    self.format = format
    self.options = options
  }
}

/// The way of an alert out of the agent: the throttle, the journal, and for each output a thread that reads it.
///
/// `start` and `stop` belong to one thread; the rest may be called from any.
public final class Delivery: Sendable {
  public let journal: Journal
  private let outputs: [(output: Output, runner: SinkRunner)]
  private let throttle: Mutex<Throttle>
  private let isThrottled: Bool
  private let foundProblems = Mutex<[String]>([])
  private let watch: Mutex<Watch>

  /// What was told of the outputs, and what nobody has taken yet.
  private struct Watch {
    var outputs: [OutputWatch]
    var storage = StorageWatch()
    var lost = LostAlerts()
    /// Of the journal and each output the newest of each kind: nobody may come to take them.
    var journal: OutputNotice?
    var states: [String: OutputNotice] = [:]
    var losses: [String: OutputNotice] = [:]
    var changed: @Sendable () -> Void = {}
  }

  /// - Parameter outputs: of two with one name the second is called `name.2`.
  /// - Throws: `noDescriptor` when an output gets no eventfd.
  public init(
    outputs: [Output], journal: Journal = Journal(), throttle: ThrottleOptions = ThrottleOptions()
  ) throws(JournalError) {
    self.journal = journal
    self.throttle = Mutex(Throttle(throttle))
    isThrottled = !throttle.isOff
    var runners: [(Output, SinkRunner)] = []
    var names: [String: Int] = [:]
    for output in outputs {
      names[output.name, default: 0] += 1
      let name = names[output.name] == 1 ? output.name : "\(output.name).\(names[output.name] ?? 0)"
      runners.append((output, try SinkRunner(named: name, journal: journal, options: output.options)))
    }
    self.outputs = runners
    watch = Mutex(Watch(outputs: runners.map { _ in OutputWatch() }))
  }

  /// Starts the journal's thread and one for each output.
  /// - Parameter readerGone: called on an output's thread when its reader has gone for good, as at the end of
  ///   `windhover run | head`: the program then ends, and well.
  /// - Parameter noticed: called by `tick`, on its thread, when `takeNotices` has something to tell; it must not wait.
  /// - Throws: `noThread` when a thread is not to be had; those that run then go on until `stop`.
  public func start(
    readerGone: @escaping @Sendable () -> Void, noticed: @escaping @Sendable () -> Void = {}
  ) throws(JournalError) {
    watch.withLock { $0.changed = noticed }
    // Reads /etc/localtime now, while it can still be opened.
    _ = LocalTime.offsetSeconds(atUnixSeconds: 0)
    // Loads the libraries now, while every directory of the host can be looked at.
    let missing = outputs.compactMap { output, runner in
      output.sink.missingLibrary.map { "output \(runner.name): \($0)" }
    }
    foundProblems.withLock { $0 = missing }
    try journal.start()
    for (output, runner) in outputs {
      let sink = output.sink
      let confinement = sink.confinement(journal: journal.directory)
      do {
        try runner.start(
          format: output.format, confine: { () throws(Errno) in try confinement.enter() },
          readerGone: readerGone
        ) { sink.makeSink() }
      } catch {
        throw .noThread(error.rawValue)
      }
    }
  }

  /// Why outputs could not work on this host when they were started: libraries that they need were missing. Any thread.
  public var problems: [String] { foundProblems.withLock { $0 } }

  /// Puts an alert on its way, unless the throttle holds it back. Never waits for a sink.
  public func append(_ alert: Alert) {
    guard isThrottled else {
      journal.append(alert)
      return
    }
    let moment = Self.moment
    for admitted in throttle.withLock({ $0.admit(alert, at: moment) }) { journal.append(admitted) }
  }

  /// Tells what the throttle held back, where its limits have opened, has outputs go on whose files were replaced, and does
  /// not let them sleep while the journal's disk stands still; notices which of them fail. To be called about once a second.
  public func tick() {
    tellHeld(isLast: false)
    journal.tick()
    for (_, runner) in outputs { runner.renew() }
    lookAtOutputs(at: Self.moment)
  }

  /// What changed in the journal and the outputs since the last call: which of them fail, or work again, or lost alerts. Any
  /// thread.
  public func takeNotices() -> [OutputNotice] {
    watch.withLock { watch in
      defer { (watch.journal, watch.states, watch.losses) = (nil, [:], [:]) }
      return [watch.journal].compactMap(\.self)
        + outputs.flatMap { _, runner in
          [watch.states[runner.name], watch.losses[runner.name]].compactMap { $0 }
        }
    }
  }

  /// What `tick` sees in the journal and the outputs at this moment.
  func lookAtOutputs(at moment: Throttle.Moment) {
    let changed = watch.withLock { watch -> (@Sendable () -> Void)? in
      var news: [OutputNotice] = []
      if let notice = watch.storage.note(journal.status, at: moment) {
        watch.journal = notice
        news.append(notice)
      }
      var missed: [(name: String, count: UInt64)] = []
      for (index, (_, runner)) in outputs.enumerated() {
        let status = runner.status
        missed.append((runner.name, status.missed))
        if let notice = watch.outputs[index].note(status, at: moment) {
          watch.states[runner.name] = notice
          news.append(notice)
        }
      }
      let losses = watch.lost.due(missed, at: moment.monotonicNanoseconds)
      for case .lost(let name, let count, let total) in losses {
        var sum = count
        if case .lost(_, let untold, _) = watch.losses[name] { sum += untold }
        watch.losses[name] = .lost(output: name, count: sum, total: total)
      }
      if !losses.isEmpty { tellLost(losses, &watch.lost, at: moment) }
      return news.isEmpty && losses.isEmpty ? nil : watch.changed
    }
    changed?()
  }

  private func tellLost(_ losses: [OutputNotice], _ lost: inout LostAlerts, at moment: Throttle.Moment) {
    let hostname = journal.last(1).first?.alert.hostname ?? ""
    journal.append(
      LostAlerts.alert(of: losses, timeNanoseconds: moment.realtimeNanoseconds, hostname: hostname))
    lost.settle(outputs.map { ($0.runner.name, $0.runner.status.missed) })
  }

  /// Delivers what the journal holds, at most until the deadline, which is one for all outputs, and closes the journal.
  /// - Returns: whether every output has delivered everything.
  @discardableResult
  public func stop(deadlineMilliseconds: Int32) -> Bool {
    tellHeld(isLast: true)
    let deadline = Clock.monotonicNanoseconds + UInt64(max(0, deadlineMilliseconds)) * 1_000_000
    for (_, runner) in outputs { runner.requestStop(deadline: deadline) }
    defer { journal.close() }
    return outputs.reduce(true) { $1.runner.awaitEnd(deadline: deadline) && $0 }
  }

  /// Has every output opened anew before its next alert, as after logs were rotated.
  public func reopen() {
    for (_, runner) in outputs { runner.reopen() }
  }

  /// Throttle, journal and every output as they stand.
  public var status: DeliveryStatus {
    DeliveryStatus(
      throttle: throttle.withLock { $0.status }, journal: journal.status,
      sinks: outputs.map { output, runner in
        var status = runner.status
        status.receipt = output.sink.receipt
        return status
      })
  }

  private func tellHeld(isLast: Bool) {
    guard isThrottled else { return }
    let moment = Self.moment
    for summary in throttle.withLock({ $0.due(at: moment, isLast: isLast) }) { journal.append(summary) }
  }

  private static var moment: Throttle.Moment {
    Throttle.Moment(
      monotonicNanoseconds: Clock.monotonicNanoseconds, realtimeNanoseconds: Clock.realtimeNanoseconds)
  }
}
