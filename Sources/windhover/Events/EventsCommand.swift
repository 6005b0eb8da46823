import ArgumentParser

struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Print the events of this host, or of a capture, that meet a condition.",
    discussion: """
      A capture has one flat JSON object of field names a line, as `--format json` prints them. The exit status is 0 \
      when an event met the condition, 1 when none did, and 2 when the condition or an event is wrong; the events \
      after a wrong one are judged all the same.
      """)

  @Argument(help: "The condition; - reads it from standard input. Without it every event is printed.")
  var condition: String?

  @Option(help: .init("Print the events of this capture; - reads standard input.", valueName: "file|-"))
  var input: String?

  @Option(help: .init("Print these fields, with commas between them.", valueName: "list"))
  var fields: String?

  @Option(help: "How to print events; json has every field that has a value.")
  var format = ReportFormat.text

  @Option(help: .init("End after so many events that meet the condition.", valueName: "number"))
  var count: Int?

  @OptionGroup var time: DurationArgument

  @OptionGroup var source: SourceArguments

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count must be 1 or more.") }
    if input == "-", condition == "-" {
      throw ValidationError("The condition and the capture cannot both be on standard input.")
    }
    if input != nil, time.duration != nil || source.isGiven {
      throw ValidationError("--duration, --sources and --host-root are for live events, not for a capture.")
    }
  }

  func run() throws {
    let request = try EventRequest(
      condition: condition, fields: fields, format: format, limit: count ?? .max)
    if let input {
      try CaptureReading(path: input).run(request)
    } else {
      try LiveReading(source: source, time: time).run(request)
    }
  }
}
