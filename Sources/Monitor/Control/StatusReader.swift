import Alerts
import Glibc
import Rules
import System

/// What the agent can say of itself at any moment, from any thread.
struct StatusReader: Sendable {
  let version: String
  let hostname: String
  let watch: WatchView
  let rules: RulesView
  let delivery: Delivery
  /// There is none when no rule prints a hash.
  let lateAlerts: LateAlerts?
  let tails: TailCounts

  /// What is needed for rates: unlike the summary it costs nothing.
  var counts: AgentCounts {
    AgentCounts(events: watch.eventCount, matches: rules.counts.matches, alerts: rules.counts.alerts)
  }

  /// What was seen, lost, matched and delivered so far.
  var summary: AgentSummary {
    var summary = watch.summary
    summary.rules = rules.counts
    summary.delivery = delivery.status
    summary.refusedCalls = RefusedCalls.total
    summary.missedHashes = lateAlerts?.missedHashes ?? 0
    return summary
  }

  func status(_ rates: RateMeter) -> AgentStatus {
    let summary = summary
    return AgentStatus(
      version: version, hostname: hostname, pid: getpid(), summary: summary,
      rates: rates.rates(counts, at: Clock.monotonicNanoseconds), missing: watch.missing,
      coverage: rules.coverage, tails: tails.now)
  }
}

/// What can be said of the rules, from any thread.
struct RulesView: Sendable {
  let loaded: Int
  let counters: RuleCounters
  /// What each rule is worth with the sources that are at work.
  let coverage: [NamedCoverage]

  var counts: RuleCounts { counters.counts(loaded: loaded) }
}
