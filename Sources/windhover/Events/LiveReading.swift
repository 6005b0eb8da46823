import Events
import Logging
import Model
import Monitor
import Rules
import Synchronization

/// Prints the events of this host as they happen.
struct LiveReading {
  let source: SourceArguments
  let time: DurationArgument

  func run(_ request: EventRequest) throws {
    try orFail { () throws(ProtectionError) in _ = try Inheritance.shed() }
    let configuration = try source.configuration
    // Beside the events only what was lost or cannot be seen matters.
    StandardErrorLog.install(minimum: .warning)
    let log = Logger(label: "windhover")
    let end = EndOfWatch(time)
    var options = WatchOptions()
    options.hostRoot = configuration.hostRoot
    options.sources = configuration.sources
    options.needs = request.needs
    options.scope = request.scope
    let watch = try orFail { () throws(AgentError) in try Watch(options) }
    for status in watch.statuses { log.report(status) }
    let identity = try orFail { () throws(ProtectionError) in
      try Identity.of(account: configuration.user, whenMissing: .stayRoot)
    }
    let protection = try orFail { () throws(AgentError) in try watch.protect(as: identity) }
    for entry in protection.entries { log.debug("\(entry)") }

    let progress = PrintingProgress()
    try orFail { () throws(AgentError) in
      try watch.start { PrintingHandler(request, progress: progress, end: end) }
      try watch.auditThreads()
    }
    end.wait()
    watch.stop()
    log.reportLosses(watch.summary)
    if let failure = progress.failure.withLock({ $0 }) { throw failure }
    if progress.matched.load(ordering: .relaxed) == 0 { throw Answer.no }
  }
}

/// Prints every event that meets the request. The engine's thread only.
private struct PrintingHandler: EventHandler, ~Copyable {
  private var printer: EventPrinter
  private let progress: PrintingProgress
  private let end: EndOfWatch
  private var isOver = false

  init(_ request: EventRequest, progress: PrintingProgress, end: EndOfWatch) {
    printer = EventPrinter(request)
    self.progress = progress
    self.end = end
  }

  mutating func handle(_ facts: borrowing LiveFacts) {
    guard !isOver else { return }
    do {
      try printer.print(facts)
      isOver = printer.isDone
    } catch {
      progress.failure.withLock { $0 = error }
      isOver = true
    }
    progress.matched.store(printer.matched, ordering: .relaxed)
    if isOver { end.signal() }
  }

  mutating func tick(time: UInt64, isLast: Bool) {}
}

/// How far the printing has come. Any thread may ask.
private final class PrintingProgress: Sendable {
  let matched = Atomic<Int>(0)
  let failure = Mutex<CommandFailure?>(nil)
}
