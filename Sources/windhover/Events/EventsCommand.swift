import ArgumentParser
import Rules

struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Print the events of a capture that meet a condition.",
    discussion: """
      A capture has one flat JSON object of field names a line. The exit status is 0 when an event met the condition, \
      1 when none did, and 2 when the condition or an event is wrong; the events after a wrong one are judged all the \
      same.
      """)

  @Argument(help: "The condition; without it every event meets it.")
  var condition: String?

  @Option(help: .init("The capture; - reads it from standard input.", valueName: "file|-"))
  var input: String

  @Option(help: .init("Print these fields, with commas between them.", valueName: "list"))
  var fields: String?

  @Option(help: "How to print events.")
  var format = ReportFormat.text

  @Option(help: .init("Stop after so many events that meet the condition.", valueName: "number"))
  var count: Int?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count must be 1 or more.") }
  }

  func run() throws {
    var query = try makeQuery()
    var output = StandardOutput()
    var lines = try InputLines(path: input)
    var facts = FlatFacts()
    var matched = 0
    var faults = 0
    var number = 0
    while let line = try lines.next() {
      number += 1
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      do throws(FlatFactsError) {
        try facts.read(Array(line).span)
        guard try query.matches(facts) else { continue }
      } catch {
        faults += 1
        ExitStatus.explain("\(input == "-" ? "standard input" : input):\(number): \(error)")
        continue
      }
      matched += 1
      try write(line, &query, facts, to: &output)
      if matched == count { break }
    }
    try output.flush()
    if faults > 0 { throw CommandFailure.explained }
    if matched == 0 { throw Answer.no }
  }

  private func write(
    _ line: ArraySlice<UInt8>, _ query: inout EventQuery, _ facts: borrowing FlatFacts,
    to output: inout StandardOutput
  ) throws(CommandFailure) {
    switch format {
    case .text: try output.writeLine("\(SafeLine(query.text(facts)))")
    // Nothing was asked for in particular, so nothing of the event is lost.
    case .json where fields == nil: try output.writeLine(String(decoding: line, as: UTF8.self))
    case .json: try output.writeLine(query.json(facts))
    }
  }

  private func makeQuery() throws(CommandFailure) -> EventQuery {
    var parsed: Condition?
    if let condition {
      let checked = CheckedCondition(try RuleFile(conditionArgument: condition))
      guard checked.reports.allSatisfy(\.isSuccessful) else {
        throw .failed("the condition is wrong\n" + checked.reports.map(\.text).joined().dropLast())
      }
      parsed = checked.condition
    }
    let names = fields?.split(separator: ",").map(String.init) ?? Self.usualFields
    do throws(ConditionFaults) {
      return try EventQuery(parsed, printing: names)
    } catch {
      let faults = error.diagnostics.map { $0.message + ($0.cure.map { "; \($0)" } ?? "") }
      throw .failed("--fields: " + faults.joined(separator: "\n"))
    }
  }

  /// What most people want to see of an event.
  private static let usualFields = [
    "evt.time", "evt.type", "proc.pid", "proc.name", "proc.cmdline", "proc.pname", "user.name",
    "container.id",
  ]
}
