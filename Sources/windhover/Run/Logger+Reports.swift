import Events
import Logging
import Monitor

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
