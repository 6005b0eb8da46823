import ArgumentParser
import Monitor
import Rules

struct RulesCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tell everything that is wrong with rule files, or with one condition.",
    discussion: """
      Without a file, the rules in the binary are checked. Every error and warning of every file is told in one pass. \
      The exit status is 1 when there is an error.
      """)

  @Argument(help: "Rule files; a directory stands for its YAML files.")
  var files: [String] = []

  @Option(
    help: .init(
      "Check this condition, which may use the lists and macros of the files; - reads it from standard input.",
      valueName: "text|-"))
  var condition: String?

  @Flag(help: "Judge the condition's grammar alone, not its fields and types.")
  var syntaxOnly = false

  @Option(help: "How to print what was found; json has the shape of Falco's validation result.")
  var format = ReportFormat.text

  func validate() throws {
    if condition == nil, syntaxOnly { throw ValidationError("--syntax-only goes with --condition.") }
  }

  func run() throws {
    let reports: [RuleFileReport]
    if let condition {
      let beside = FileTrust(refusesSharedWriters: false).ruleFiles(at: files)
      reports =
        CheckedCondition(
          try RuleFile(conditionArgument: condition), beside: beside, syntaxOnly: syntaxOnly
        ).reports
    } else {
      reports = CompiledRules(RuleFile.given(files)).resolved.reports
    }
    var output = StandardOutput()
    switch format {
    case .text:
      for report in reports { try output.write(report.text) }
      for report in reports { try output.write(report.summary) }
    case .json:
      try output.writeLine(RuleFileReport.json(reports))
    }
    try output.flush()
    guard reports.allSatisfy(\.isSuccessful) else { throw Answer.no }
  }
}

/// How a command prints what it found.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

extension RuleFile {
  /// The rule files that arguments name; the rules in the binary when they name none.
  ///
  /// For commands that do not act on what the rules say, so anybody's files will do.
  static func given(_ paths: [String]) -> [RuleFile] {
    paths.isEmpty ? [.embedded] : FileTrust(refusesSharedWriters: false).ruleFiles(at: paths)
  }
}
