import System
public import SystemPackage

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

/// The way of an alert out of the agent: the journal, and for each output a thread that reads it.
///
/// `start` and `stop` belong to one thread; the rest may be called from any.
public final class Delivery: Sendable {
  public let journal: Journal
  private let outputs: [(output: Output, runner: SinkRunner)]

  /// - Throws: `noDescriptor` when an output gets no eventfd.
  public init(outputs: [Output], journal: Journal = Journal()) throws(JournalError) {
    self.journal = journal
    var runners: [(Output, SinkRunner)] = []
    for output in outputs {
      runners.append((output, try SinkRunner(named: output.name, journal: journal, options: output.options)))
    }
    self.outputs = runners
  }

  /// Starts a thread for each output.
  /// - Parameter readerGone: called on an output's thread when its reader has gone for good, as at the end of
  ///   `windhover run | head`: the program then ends, and well.
  /// - Throws: `Errno` when a thread is not to be had; those that run then go on until `stop`.
  public func start(readerGone: @escaping @Sendable () -> Void) throws(Errno) {
    // Reads /etc/localtime now, while it can still be opened.
    _ = LocalTime.offsetSeconds(atUnixSeconds: 0)
    for (output, runner) in outputs {
      let sink = output.sink
      try runner.start(format: output.format, readerGone: readerGone) { sink.makeSink() }
    }
  }

  /// Puts an alert on its way. Never waits for a sink.
  public func append(_ alert: Alert) { journal.append(alert) }

  /// Delivers what the journal holds, at most until the deadline, which is one for all outputs, and closes the journal.
  /// - Returns: whether every output has delivered everything.
  @discardableResult
  public func stop(deadlineMilliseconds: Int32) -> Bool {
    let deadline = Clock.monotonicNanoseconds + UInt64(max(0, deadlineMilliseconds)) * 1_000_000
    for (_, runner) in outputs { runner.requestStop(deadline: deadline) }
    defer { journal.close() }
    return outputs.reduce(true) { $1.runner.awaitEnd(deadline: deadline) && $0 }
  }

  /// Has every output opened anew before its next alert, as after logs were rotated.
  public func reopen() {
    for (_, runner) in outputs { runner.reopen() }
  }

  /// The journal and every output as they stand.
  public var status: DeliveryStatus {
    DeliveryStatus(journal: journal.status, sinks: outputs.map { $0.runner.status })
  }
}
