import Alerts
import Events
import Logging
import Monitor
import Rules

extension Logger {
  /// A source in one line: what it gives, or what is missing and what that costs.
  func report(_ status: SourceStatus) {
    let state = status.isActive ? "on" : "off"
    let text = ([state] + status.details + status.shortcomings).joined(separator: "; ")
    log(level: status.shortcomings.isEmpty ? .info : .warning, "source \(status.source.name): \(text)")
  }

  /// What was done for the agent's own protection, or was not possible.
  func report(_ entry: ProtectionReport.Entry) {
    switch entry.outcome {
    case .done: debug("\(entry)")
    case .missing: warning("\(entry)")
    }
  }

  /// What was wrong with the journal when it was opened; nothing after a clean end.
  func report(_ recovery: JournalRecovery) {
    if recovery.tornBytes > 0 {
      warning(
        "journal: an alert was being written when the agent died; its \(recovery.tornBytes) bytes are gone")
    }
    if recovery.damagedSegments > 0 {
      warning("journal: \(recovery.damagedSegments.of("damaged file")) set aside as 'damaged'")
    }
  }

  /// What changed in the outputs and the journal.
  func report(_ notices: [OutputNotice]) {
    for notice in notices { log(level: Logger.Level(notice.priority), "\(notice)") }
  }

  /// The rules that are not worth with the sources at hand what they were written for: a line for each that cannot match
  /// or matches too much, and one for all that may miss something, which is in the nature of a source.
  /// - Parameter check: the command that tells the reasons.
  func report(_ rules: [NamedCoverage], check: String) {
    let lacking = rules.filter { $0.coverage.verdict != .covered }
    let missing = lacking.filter { $0.coverage.verdict == .mayMiss }
    let isShort = lacking.count - missing.count <= Self.ruleLimit
    for rule in lacking {
      let reasons = rule.coverage.reasons.map(\.text).joined(separator: "; ")
      log(
        level: rule.coverage.verdict == .mayMiss || !isShort ? .debug : .warning,
        "rule '\(SafeLine(rule.rule))' \(rule.coverage.verdict.rawValue): \(SafeLine(reasons))")
    }
    if !isShort {
      warning("\(NamedCoverage.summary(rules).dropLast()); `\(SafeLine(check))` tells why")
    } else if !missing.isEmpty {
      let covered = rules.count { $0.coverage.verdict == .covered }
      notice(
        "\(covered) of \(rules.count.of("rule")) covered, \(missing.count) may miss some events: `\(SafeLine(check))` tells why"
      )
    }
  }

  /// More lines than these nobody reads at a start.
  private static let ruleLimit = 10

  /// What a watch did not see, by source; nothing when it saw all.
  func reportLosses(_ summary: AgentSummary) {
    for part in summary.sources {
      let losses = part.losses.map { "\($0.value) \($0.key.reason.name)" }.sorted()
      if !losses.isEmpty {
        warning("source \(part.status.source.name) lost \(losses.joined(separator: ", "))")
      }
    }
  }
}
