import Events

/// Tells at once, then at most every 30 s, that alerts left the journal before outputs had them.
///
/// The alert that says so takes room in the journal, too: what it pushes out of a full one does not make another.
struct LostAlerts {
  static let intervalNanoseconds: UInt64 = 30_000_000_000

  /// Of one output: what was told, and what is no reason to tell.
  private struct Tally {
    var told: UInt64 = 0
    var known: UInt64 = 0
  }

  private var tallies: [String: Tally] = [:]
  private var lastNanoseconds: UInt64?

  /// What is to be told now; nothing while nothing is new, or too little time has passed.
  /// - Parameters:
  ///   - missed: of each output, by name, how many it missed since the start.
  ///   - nanoseconds: the time, as `Clock.monotonicNanoseconds` has it.
  mutating func due(_ missed: [(name: String, count: UInt64)], at nanoseconds: UInt64) -> [OutputNotice] {
    guard missed.contains(where: { $0.count > tallies[$0.name, default: Tally()].known }),
      lastNanoseconds.map({ nanoseconds >= $0 + Self.intervalNanoseconds }) ?? true
    else { return [] }
    lastNanoseconds = nanoseconds
    return missed.compactMap { name, count in
      let told = tallies[name, default: Tally()].told
      guard count > told else { return nil }
      tallies[name] = Tally(told: count, known: count)
      return .lost(output: name, count: count - told, total: count)
    }
  }

  /// Takes note of what was missed right after the alert went into the journal.
  mutating func settle(_ missed: [(name: String, count: UInt64)]) {
    for (name, count) in missed {
      tallies[name, default: Tally()].known = max(count, tallies[name, default: Tally()].known)
    }
  }

  /// The alert for all outputs that tells the same.
  static func alert(of notices: [OutputNotice], timeNanoseconds: UInt64, hostname: String) -> Alert {
    var (texts, fields, sum) = ([String](), [AlertField](), UInt64(0))
    for case .lost(let output, let count, let total) in notices {
      texts.append("\(output)=\(count)")
      fields.append(AlertField("alerts.lost.\(output)", .unsigned(count)))
      fields.append(AlertField("alerts.lost.total.\(output)", .unsigned(total)))
      sum += count
    }
    let message =
      "Alerts left the journal before outputs had them (\(texts.joined(separator: " ")))"
    return Alert(
      rule: .alertsLost, timeNanoseconds: timeNanoseconds, hostname: hostname, message: Array(message.utf8),
      outputFields: [
        AlertField("evt.time", .unsigned(timeNanoseconds)), AlertField("alerts.lost.count", .unsigned(sum)),
      ] + fields)
  }
}

extension AlertRule {
  /// Of all that tells of alerts that were lost.
  static let alertsLost = AlertRule(
    name: "Windhover internal: alerts lost", priority: .error, source: AlertRule.internal)
}
