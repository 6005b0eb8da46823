import ArgumentParser
import Events
import Glibc
import Logging
import Monitor
import Rules
import System

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch this host and raise an alert when a rule matches.",
    discussion: """
      Alerts go to the configured outputs, by default to standard output; what the agent says of itself goes to standard
      error. SIGINT and SIGTERM end it with a summary, SIGUSR1 opens the outputs anew.
      """)

  @OptionGroup var arguments: ConfigurationArguments

  @Option(help: .init("End after so many seconds.", valueName: "seconds"))
  var duration: Double?

  @Flag(help: "Load the rules and open the sources, say what came of it, and end.")
  var dryRun = false

  func validate() throws {
    if let duration, !(duration > 0 && duration <= 1e9) {
      throw ValidationError("--duration \(duration): must be a number of seconds above 0")
    }
  }

  func run() throws {
    let inheritance = try orFail { () throws(ProtectionError) in try Inheritance.shed() }
    let configuration = try arguments.configuration(trust: .ofThisProcess)
    StandardErrorLog.install(minimum: configuration.logLevel)
    let log = Logger(label: "windhover")
    let rules = try RuleSetLoading(configuration).load(log)
    // Signals are blocked before any thread exists, so that the main thread alone takes them.
    let signals = SignalQueue([SIGINT, SIGTERM, SIGUSR1])
    let agent = try orFail { () throws(AgentError) in try Agent(configuration, rules: rules) }
    for status in agent.sources { log.report(status) }
    if dryRun { return }

    for entry in inheritance.entries { log.debug("\(entry)") }
    let identity = try orFail { () throws(ProtectionError) in
      try Identity.of(account: configuration.user, whenMissing: .stayRoot)
    }
    let protection = try orFail { () throws(AgentError) in try agent.protect(as: identity) }
    for entry in protection.entries { log.report(entry) }
    let main = getpid()
    try orFail { () throws(AgentError) in try agent.start { kill(main, SIGTERM) } }
    log.info("watching with \(rules.rules.count) rules")
    wait(for: signals, agent)
    let summary = agent.stop()
    for line in summary.description.split(separator: "\n") { log.info("\(line)") }
  }

  /// Waits until the time is over or a signal says to end.
  private func wait(for signals: SignalQueue, _ agent: Agent) {
    let end = duration.map { Clock.monotonicNanoseconds + UInt64($0 * 1e9) }
    while true {
      let now = Clock.monotonicNanoseconds
      let left = end.map { $0 > now ? $0 - now : 0 }
      guard let signal = signals.next(within: left), signal == SIGUSR1 else { return }
      agent.reopenOutputs()
    }
  }
}

/// Does something whose error ends the command with its text.
func orFail<Result, Failure: Error & CustomStringConvertible>(
  _ body: () throws(Failure) -> Result
) throws(CommandFailure) -> Result {
  do {
    return try body()
  } catch {
    throw .failed(error.description)
  }
}

extension Logger {
  /// A source in one line: what it gives, or what is missing and what that costs.
  fileprivate func report(_ status: SourceStatus) {
    let state = status.isActive ? "on" : "off"
    let text = ([state] + status.details + status.shortcomings).joined(separator: "; ")
    log(level: status.shortcomings.isEmpty ? .info : .warning, "source \(status.source.name): \(text)")
  }

  /// What was done for the agent's own protection, or was not possible.
  fileprivate func report(_ entry: ProtectionReport.Entry) {
    switch entry.outcome {
    case .done: debug("\(entry)")
    case .missing: warning("\(entry)")
    }
  }
}
