import Alerts
import Events
import Model

/// Gathers losses into one internal alert, at most one every 30 s, with what was lost since and in all.
///
/// A loss must be seen, and must not itself become the flood. The engine's thread only.
struct LossReporter {
  static let intervalNanoseconds: UInt64 = 30_000_000_000
  static let rule = AlertRule(
    name: "Windhover internal: events lost", priority: .warning, source: AlertRule.internal)

  private struct Tally {
    var since: UInt64 = 0
    var total: UInt64 = 0
  }

  private var tallies: [String: Tally] = [:]
  private var sources: Set<SourceID> = []
  private var firstLoss: UInt64?
  private var lastLoss: UInt64 = 0
  private var lastReport: UInt64?

  /// Takes a loss into account.
  /// - Parameter time: nanoseconds since 1970 UTC.
  mutating func note(_ loss: Loss, time: UInt64) {
    let kind = loss.kind.map { ".\($0)" } ?? ""
    let name = "\(loss.source.name).\(loss.reason.name)\(kind)"
    tallies[name, default: Tally()].since += loss.count
    tallies[name]?.total += loss.count
    sources.insert(loss.source)
    let began = min(loss.since ?? time, time)
    firstLoss = min(firstLoss ?? began, began)
    lastLoss = time
  }

  /// The alert that is due, if one is.
  /// - Parameters:
  ///   - now: nanoseconds since 1970 UTC.
  ///   - isLast: the agent ends: what was not told yet is told now.
  ///   - blindRules: names of the rules that see nothing while this source loses records.
  mutating func dueAlert(
    now: UInt64, isLast: Bool, hostname: String, blindRules: (SourceID) -> [String]
  ) -> Alert? {
    guard let first = firstLoss,
      isLast || lastReport.map({ now >= $0 + Self.intervalNanoseconds || now < $0 }) ?? true
    else { return nil }
    let lost = tallies.filter { $0.value.since > 0 }.sorted { $0.key < $1.key }
    let rules = sources.sorted { $0.rawValue < $1.rawValue }.flatMap(blindRules)
    let counts = lost.map { "\($0.key)=\($0.value.since)" }.joined(separator: " ")
    let message =
      "Events were lost, and rules were blind (\(counts); rules: \(rules.prefix(20).joined(separator: ", "))"
      + (rules.count > 20 ? " and \(rules.count - 20) more)" : ")")
    var fields = [
      AlertField("evt.time", .unsigned(now)), AlertField("loss.from", .unsigned(first)),
      AlertField("loss.to", .unsigned(lastLoss)),
      AlertField("loss.rules", .list(rules.map { .text($0) })),
    ]
    for (name, tally) in lost {
      fields.append(AlertField("loss.\(name)", .unsigned(tally.since)))
      fields.append(AlertField("loss.total.\(name)", .unsigned(tally.total)))
      tallies[name]?.since = 0
    }
    firstLoss = nil
    sources = []
    lastReport = now
    return Alert(
      rule: Self.rule, timeNanoseconds: now, hostname: hostname, message: Array(message.utf8),
      outputFields: fields,
      context: [])
  }
}
