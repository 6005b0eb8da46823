/// How fast events, matches and alerts come: averages over the last minute. One thread uses it.
struct RateMeter {
  static let windowNanoseconds: UInt64 = 60_000_000_000

  private struct Sample {
    let moment: UInt64
    let events: UInt64
    let matches: UInt64
    let alerts: UInt64
  }

  private var samples: [Sample] = []

  /// Notes the counts at a moment; those of more than a minute before are forgotten.
  mutating func add(_ summary: AgentSummary, at moment: UInt64) {
    samples.append(
      Sample(
        moment: moment, events: summary.engine.events, matches: summary.rules.matches,
        alerts: summary.rules.alerts))
    while samples.count > 1, samples[1].moment + Self.windowNanoseconds <= moment { samples.removeFirst() }
  }

  /// Counts a second from the oldest sample to now; 0 before a second has passed.
  func rates(_ summary: AgentSummary, at moment: UInt64) -> AgentRates {
    guard let first = samples.first, moment >= first.moment + 1_000_000_000 else { return AgentRates() }
    let seconds = Double(moment - first.moment) / 1e9
    return AgentRates(
      events: Double(summary.engine.events - first.events) / seconds,
      matches: Double(summary.rules.matches - first.matches) / seconds,
      alerts: Double(summary.rules.alerts - first.alerts) / seconds)
  }
}

/// Counts a second.
struct AgentRates: Equatable, Sendable {
  var events = 0.0
  var matches = 0.0
  var alerts = 0.0
}
