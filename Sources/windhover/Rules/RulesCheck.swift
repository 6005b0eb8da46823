import ArgumentParser
import Events
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

  @Argument(help: "Rule files; a directory stands for its YAML files, builtin for the rules in the binary.")
  var files: [String] = []

  @Option(
    help: .init(
      "Check this condition, which may use the lists and macros of the files, or of the rules in the binary; - reads it from standard input.",
      valueName: "text|-"))
  var condition: String?

  @Flag(help: "Judge the condition's grammar alone, not its fields and types.")
  var syntaxOnly = false

  @Option(
    help: .init(
      "Tell what each rule is worth with these sources: auto for all there are, or procfs,connector.",
      valueName: "list"))
  var sources: String?

  @Option(help: "How to print what was found; json has the shape of Falco's validation result.")
  var format = ReportFormat.text

  /// The command line that tells what the rules of these files are worth with these sources.
  static func command(sources: [SourceID], files: [String]) -> String {
    let named = SourceSelection.selectable.filter(sources.contains).map(\.name).joined(separator: ",")
    return (["windhover rules check --sources", named] + files).joined(separator: " ")
  }

  func validate() throws {
    if condition == nil, syntaxOnly { throw ValidationError("--syntax-only goes with --condition.") }
    if condition != nil, sources != nil {
      throw ValidationError("--sources is for rules, not for a condition.")
    }
  }

  func run() throws {
    let reports: [RuleFileReport]
    var coverage: [NamedCoverage]?
    if let condition {
      let checked = CheckedCondition(
        try RuleFile(conditionArgument: condition), beside: RuleFile.given(files), syntaxOnly: syntaxOnly)
      // Of the rules in the binary nobody asked.
      reports = files.isEmpty ? [checked.report] : checked.reports
    } else {
      let compiled = CompiledRules(RuleFile.given(files), loading: .ofNamedFiles)
      reports = compiled.resolved.reports
      coverage = try selectedSources.map { compiled.ruleSet.namedCoverage(with: $0) }
    }
    try write(reports, coverage)
    guard reports.allSatisfy(\.isSuccessful) else { throw Answer.no }
  }

  private func write(_ reports: [RuleFileReport], _ coverage: [NamedCoverage]?) throws(CommandFailure) {
    var output = StandardOutput()
    switch format {
    case .text:
      for report in reports { try output.write(report.text) }
      for report in reports { try output.write(report.summary) }
      guard let coverage else { break }
      for rule in coverage where rule.isWorthTelling { try output.write(rule.text) }
      try output.write(NamedCoverage.summary(coverage))
    case .json:
      try output.writeLine(RuleFileReport.json(reports, coverage: coverage))
    }
    try output.flush()
  }

  /// The sources that were named; `nil` when none were.
  private var selectedSources: Set<SourceID>? {
    get throws(CommandFailure) {
      guard let sources else { return nil }
      switch try SourceSelection(argument: sources) {
      case .automatic: return Set(SourceID.allCases)
      // The agent itself always says what was lost.
      case .only(let selected): return Set(selected).union([.agent])
      }
    }
  }
}

/// How a command prints what it found.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}
