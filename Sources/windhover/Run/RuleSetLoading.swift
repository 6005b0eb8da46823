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
      ? [.embedded] : FileTrust.ofThisProcess.ruleFiles(named: configuration.rulesFiles)
    let compiled = CompiledRules(
      files, selection: configuration.ruleSelection, loading: .ofNamedFiles,
      options: Agent.ruleOptions(configuration))
    let reports = compiled.resolved.reports
    guard !compiled.resolved.hasErrors else {
      let faults = reports.filter { !$0.isSuccessful }.map(\.text).joined()
      throw .failed("the rules have errors\n" + faults.dropLast())
    }
    for absence in configuration.absentRules(among: compiled.resolved.rules) {
      log.warning("\(SafeLine(absence))")
    }
    for finding in reports.flatMap(\.warnings) { log.warning("\(finding.location): \(finding.message)") }
    return compiled.ruleSet
  }
}
