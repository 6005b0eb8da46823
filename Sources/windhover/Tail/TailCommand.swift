import ArgumentParser
import Events
import Monitor
import System
import SystemPackage

struct TailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail",
    abstract: "Show alerts as they come: the running agent's, or those of a file.",
    discussion: """
      Without a file, the alerts are those of the agent at its control socket: root, the agent's user and the group of \
      the option control.group may ask. A file of alerts in JSON is followed as by tail -F, also when it is rotated; - \
      reads standard input to its end. Unless --last or --since says more, it begins with the last 10 alerts, and on \
      standard input with the first.

      Colours and folded lines are for terminals; NO_COLOR in the environment turns colours off. There the last line \
      has rates and losses, and keys are taken: space holds alerts back and lets them go again, / asks for a text that \
      alerts must have, Esc shows all again, q ends. What the host's processes put into an alert is shown escaped, and of a very long alert the first 20 \
      lines; --format json has all of it. Times are local. The process with its ancestors is shown where the alert has \
      them: those of the agent do, those of a file if their rules print proc.lineage. An agent that goes away is waited for, and the tail goes on where it \
      was. One that is too slow for the alerts is let go by the agent, says so, and comes back for what is still there.

      Examples:
        windhover tail --priority warning
        windhover tail --since 10m --where 'proc.name = sh and container.id != host'
        windhover tail --since 2026-11-23T16:00:00Z --format json | jq .rule
        windhover tail --rule '*shell*' --container web --last 100
        windhover tail /var/log/windhover/alerts.json
        zcat alerts.json.*.gz | windhover tail - --priority critical

      The exit status is 0 when the input ended, a signal came or nobody reads the output any more, and 2 when an \
      argument is wrong, no agent answers, or a line of the input was no alert.
      """)

  @Argument(
    help: .init(
      "A file of alerts, a JSON object a line, that is followed; - for standard input.", valueName: "file|-"))
  var file: String?

  @Option(help: .init("Where the agent listens.", valueName: "path"))
  var socket: String?

  @Option(help: .init("Only alerts at least as urgent; its first three letters do.", valueName: "priority"))
  var priority: String?

  @Option(
    help: .init(
      "Only alerts of rules whose name this pattern describes, in any case: *, ? and [].", valueName: "glob"))
  var rule: String?

  @Option(
    help: .init(
      "Only alerts of this container: its name, or the beginning of its id; host for none.", valueName: "id"))
  var container: String?

  @Option(
    name: .customLong("where"),
    help: .init(
      "Only alerts whose fields meet this condition, in the language of rules.", valueName: "condition"))
  var condition: String?

  @Option(help: "How to show alerts; json has them as they are, a line each.")
  var format = Format.pretty

  @Option(help: .init("Begin with the last so many of the alerts that are wanted.", valueName: "number"))
  var last: Int?

  @Option(
    help: .init(
      "Begin with this time: 90s, 10m, 2h or 1d ago, 16:43, '2026-11-23 16:43', or RFC 3339.",
      valueName: "time"))
  var since: String?

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case pretty, json
  }

  private static let usualLast = 10

  func validate() throws {
    if file != nil, socket != nil {
      throw ValidationError("--socket is for the alerts of an agent, not for those of a file.")
    }
    if let priority, Priority(typed: priority) == nil {
      let names = Priority.allCases.map { $0.name.lowercased() }.joined(separator: ", ")
      throw ValidationError("--priority must be one of \(names).")
    }
    if let last, last < 0 { throw ValidationError("--last must be 0 or more.") }
    if let since, Timestamp(argument: since, now: Clock.realtimeNanoseconds) == nil {
      throw ValidationError(
        "--since must be a time: 90s, 10m, 2h or 1d ago, 16:43, '2026-11-23 16:43', or RFC 3339 as 2026-11-23T16:43:00Z."
      )
    }
    if condition == "-" { throw ValidationError("--where takes the condition itself.") }
  }

  func run() throws {
    let filter = try AlertFilter(
      minimum: priority.flatMap { Priority(typed: $0) }, rule: rule, container: container,
      condition: condition
    )
    var beginning = TailBeginning(last: last)
    beginning.since = since.flatMap { Timestamp(argument: $0, now: Clock.realtimeNanoseconds)?.nanoseconds }
    if last == nil, since == nil, file != "-" { beginning.last = Self.usualLast }
    beginning.isFiltered = !filter.isOpen
    let screen = TailScreen(format == .pretty ? .pretty : .json)
    let keyboard = screen.hasStatus && file != "-" ? Keyboard() : nil
    defer { keyboard?.restore() }
    let signals = try TailSignals(keyboard)
    let source: any AlertSource
    var vitals: AgentVitals?
    if let file {
      source = try Self.open(file, beginning)
    } else {
      let path = socket ?? ControlSettings.standardPath
      source = try AgentSource(path: path, from: beginning)
      if screen.hasStatus { vitals = AgentVitals(of: AgentConnection(path: path)) }
    }
    var loop = TailLoop(source, from: beginning, filter: filter, screen: screen)
    loop.vitals = vitals
    loop.keyboard = keyboard
    try loop.run(signals)
  }

  private static func open(_ file: String, _ beginning: TailBeginning) throws(CommandFailure)
    -> any AlertSource
  {
    guard file != "-" else { return StreamSource(.standardInput, named: "standard input") }
    let path = FilePath(file)
    guard let type = try? Stat(path).type, type != .regular else {
      return try FollowedFile(path: file, from: beginning)
    }
    let name = "\(SafeLine(file))"
    guard type == .fifo || type == .characterSpecial else {
      throw .failed("\(name): neither a file nor a pipe")
    }
    do {
      return StreamSource(try .open(path, .readOnly, options: .closeOnExec), named: name)
    } catch {
      throw .failed("\(name): \(error)")
    }
  }
}
