import ArgumentParser
import Monitor
import Rules

struct RulesCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tell everything that is wrong with rule files.",
    discussion: """
      Without a file, the rules in the binary are checked. Every error and warning of every file is told in one pass.
      The exit status is 1 when there is an error.
      """)

  @Argument(help: "Rule files; a directory stands for its YAML files.")
  var files: [String] = []

  @Option(help: "How to print what was found: text or json, in the shape of Falco's validation result.")
  var format = ReportFormat.text

  func run() throws {
    var output = StandardOutput()
    let resolved = CompiledRules(ruleFiles).resolved
    let reports = resolved.reports
    switch format {
    case .text:
      for report in reports { try output.write(report.text) }
      for report in reports { try output.write(report.summary) }
    case .json:
      try output.writeLine(RuleFileReport.json(reports))
    }
    try output.flush()
    if resolved.hasErrors { throw Answer.no }
  }

  private var ruleFiles: [RuleFile] {
    // Nothing here acts on what the files say, so anybody's will do.
    files.isEmpty ? [.embedded] : FileTrust(refusesSharedWriters: false).ruleFiles(at: files)
  }
}

/// How a command prints what it found.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}
