import Logging
import Monitor
import Rules

/// Loads and compiles the rules that a configuration names.
struct RuleSetLoading {
  private let configuration: Configuration

  init(_ configuration: Configuration) { self.configuration = configuration }

  /// Logs every warning.
  /// - Throws: every error of every file, as one text.
  func load(_ log: Logger) throws(CommandFailure) -> RuleSet {
    let files =
      configuration.rulesFiles.isEmpty
      ? [.embedded] : FileTrust.ofThisProcess.ruleFiles(at: configuration.rulesFiles)
    var resolved = RuleLoader().load(files)
    let (rules, diagnostics) = RuleSet.compile(resolved.rules, options: Agent.ruleOptions(configuration))
    resolved.diagnostics += diagnostics
    let reports = resolved.reports
    guard !resolved.hasErrors else {
      throw .failed("the rules have errors\n" + reports.filter { !$0.isSuccessful }.map(\.text).joined())
    }
    for finding in reports.flatMap(\.warnings) { log.warning("\(finding.location): \(finding.message)") }
    return rules
  }
}
