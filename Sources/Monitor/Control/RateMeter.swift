/// How fast events, matches and alerts come: averages over the last minute. One thread uses it.
struct RateMeter {
  static let windowNanoseconds: UInt64 = 60_000_000_000

  private var samples: [(moment: UInt64, counts: AgentCounts)] = []

  /// Notes the counts at a moment; those of more than a minute before are forgotten.
  mutating func add(_ counts: AgentCounts, at moment: UInt64) {
    samples.append((moment, counts))
    while samples.count > 1, samples[1].moment + Self.windowNanoseconds <= moment { samples.removeFirst() }
  }

  /// Counts a second from the oldest sample to now; 0 before a second has passed.
  func rates(_ counts: AgentCounts, at moment: UInt64) -> AgentRates {
    guard let first = samples.first, moment >= first.moment + 1_000_000_000 else { return AgentRates() }
    let seconds = Double(moment - first.moment) / 1e9
    return AgentRates(
      events: Double(counts.events - first.counts.events) / seconds,
      matches: Double(counts.matches - first.counts.matches) / seconds,
      alerts: Double(counts.alerts - first.counts.alerts) / seconds)
  }
}

/// What has come since the start.
struct AgentCounts: Equatable, Sendable {
  var events: UInt64 = 0
  var matches: UInt64 = 0
  var alerts: UInt64 = 0
}

/// Counts a second.
struct AgentRates: Equatable, Sendable {
  var events = 0.0
  var matches = 0.0
  var alerts = 0.0
}
