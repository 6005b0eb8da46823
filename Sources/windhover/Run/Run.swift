import ArgumentParser
import Events
import Logging
import Monitor
import Rules

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch this host and raise an alert when a rule matches.",
    discussion: """
      Alerts go to the configured outputs, by default to standard output; what the agent says of itself goes to standard
      error. SIGINT and SIGTERM end it with a summary, SIGUSR1 opens the outputs anew. SIGHUP ends it when standard
      input or error is a terminal; otherwise nothing happens, since rules and configuration are read at the start alone.
      """)

  @OptionGroup var arguments: ConfigurationArguments

  @OptionGroup var time: DurationArgument

  @Flag(
    help: "Load the rules, open the sources, look at what the outputs need, say what came of it, and end.")
  var dryRun = false

  func run() throws {
    let inheritance = try orFail { () throws(ProtectionError) in try Inheritance.shed() }
    let configuration = try arguments.configuration(trust: .ofThisProcess)
    StandardErrorLog.install(minimum: configuration.logLevel)
    let log = Logger(label: "windhover")
    let rules = try RuleSetLoading(configuration).load(log)
    let end = EndOfWatch(time)
    let agent = try orFail { () throws(AgentError) in
      try Agent(configuration, rules: rules, version: Version.current)
    }
    log.report(
      rules.namedCoverage(with: Set(agent.activeSources + [.agent])),
      check: RulesCheck.command(sources: agent.activeSources, files: configuration.rulesFiles))
    for entry in inheritance.entries { log.debug("\(entry)") }
    let identity = try orFail { () throws(ProtectionError) in
      try Identity.of(
        account: configuration.user, whenMissing: configuration.isUserGiven ? .refuse : .stayRoot)
    }
    if dryRun { return try rehearse(agent, configuration, as: identity, log) }
    let protection = try orFail { () throws(AgentError) in try agent.protect(as: identity) }
    for entry in protection.entries { log.report(entry) }
    try orFail { () throws(AgentError) in
      try agent.start(readerGone: end.signal, noticed: end.signalNotice)
    }
    for risk in configuration.risks { log.warning("\(risk)") }
    log.report(agent.journalRecovery)
    for problem in agent.outputProblems { log.warning("\(problem)") }
    if let problem = agent.controlProblem { log.warning("status: \(problem)") }
    // Only now is it known what priority the readers have reached.
    for status in agent.sources { log.report(status) }
    log.info("watching with \(rules.rules.count.of("rule"))")
    end.wait(reopen: agent.reopenOutputs) {
      log.warning(
        "SIGHUP: rules and configuration are read at the start alone; restart to read them again (files are opened anew at SIGUSR1)"
      )
    } notice: {
      log.report(agent.takeOutputNotices())
    }
    let summary = agent.stop()
    for line in summary.description.split(separator: "\n") { log.info("\(line)") }
  }

  /// Says what a start would run into.
  private func rehearse(
    _ agent: Agent, _ configuration: Configuration, as identity: Identity, _ log: Logger
  ) throws {
    let rehearsal = try orFail { () throws(AgentError) in try agent.rehearse(as: identity) }
    for entry in rehearsal.protection.entries { log.report(entry) }
    for risk in configuration.risks { log.warning("\(risk)") }
    for status in agent.sources { log.report(status) }
    for warning in rehearsal.warnings { log.warning("\(SafeLine(warning))") }
    guard rehearsal.faults.isEmpty else {
      throw CommandFailure.failed(rehearsal.faults.map { "\(SafeLine($0))" }.joined(separator: "\n"))
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
