import ArgumentParser
import Events
import Rules

struct RulesExcept: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "except",
    abstract: "Print the exception that would silence just an alert.",
    discussion: """
      Alerts are JSON objects as windhover writes them, on standard input or in a file. The exception asks for every \
      value that the alert printed, but for those that differ from event to event, such as process ids. Put it into a \
      file that is loaded after the one with the rule; for a rule of those in the binary, `windhover run -r builtin -r \
      FILE`, or `rules_files: [builtin, FILE]` in the configuration.
      The exit status is 1 when there is no exception for an alert, or the rule files have errors; 2 when the input is \
      no alert.
      """)

  @Argument(
    help:
      "The rule files that the alert's rule is in; without them, the rules in the binary, which builtin stands for."
  )
  var files: [String] = []

  @Option(help: .init("The alerts; - for standard input.", valueName: "file|-"))
  var alert = "-"

  @Option(
    help: .init("Go by these of the fields that the alert printed, with commas between.", valueName: "list"))
  var fields: String?

  /// What stands above exceptions for the rules in the binary.
  private static let loading =
    "# For embedded rules: `windhover run -r builtin -r FILE`, or `rules_files: [builtin, FILE]`.\n"

  func run() throws {
    var input = try InputLines(path: alert)
    let alerts = try AlertObject.read(try input.rest(), name: input.name)
    let ruleFiles = RuleFile.given(files)
    let resolved = CompiledRules(ruleFiles, loading: .ofNamedFiles).resolved
    var output = StandardOutput()
    guard !resolved.hasErrors else {
      for report in resolved.reports { for error in report.errors { try output.write(error.text) } }
      try output.flush()
      throw Answer.no
    }
    var exceptions = AlertExceptions(ruleFiles)
    let chosen = fields?.split(separator: ",").map(String.init)
    var isComplete = true
    var isFirst = true
    for alert in alerts {
      let text: String
      do throws(AlertExceptionError) {
        text = try exceptions.text(for: alert, fields: chosen)
      } catch {
        isComplete = false
        ExitStatus.explain(error.description)
        continue
      }
      if isFirst, files.isEmpty { try output.write(Self.loading) }
      isFirst = false
      try output.write(text)
    }
    try output.flush()
    guard isComplete else { throw Answer.no }
  }
}
