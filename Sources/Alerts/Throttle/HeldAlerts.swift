import Events

/// The alerts that one limit holds back, until a summary tells of them.
struct HeldAlerts {
  enum Reason: String {
    /// The limit of the rule.
    case rule
    /// The limit of a combination of values.
    case key
    /// The same alert again.
    case fold = "repeat"
  }

  static let ruleName = "Windhover internal: alerts held back"
  private static let sampleBytes = 1024

  private let reason: Reason
  private let rule: AlertRule
  private let hostname: String
  private let sample: [UInt8]
  private let key: [AlertField]
  private let firstNanoseconds: UInt64
  private var lastNanoseconds: UInt64
  private(set) var count: UInt64 = 1

  /// - Parameter key: the fields whose combination of values has the limit.
  init(_ first: Alert, reason: Reason, key: [AlertField]) {
    self.reason = reason
    rule = first.rule
    hostname = first.hostname
    sample = Array(first.message.prefix(Self.sampleBytes))
    self.key = key
    firstNanoseconds = first.timeNanoseconds
    lastNanoseconds = first.timeNanoseconds
  }

  mutating func add(_ alert: Alert) {
    count += 1
    lastNanoseconds = max(lastNanoseconds, alert.timeNanoseconds)
  }

  /// The alert that tells how many there were, when, and what one of them said. It is as urgent as they.
  func summary(timeNanoseconds: UInt64) -> Alert {
    // Rounded up: nothing happens within 0 s.
    let seconds = (lastNanoseconds - min(firstNanoseconds, lastNanoseconds)) / 1_000_000_000 + 1
    let message =
      "Alerts held back: \(count) of '\(rule.name)' within \(seconds) s (\(reason.rawValue)), such as: "
    return Alert(
      rule: AlertRule(name: Self.ruleName, priority: rule.priority, source: AlertRule.internal),
      timeNanoseconds: timeNanoseconds, hostname: hostname, message: Array(message.utf8) + sample,
      outputFields: [
        AlertField("held.count", .unsigned(count)),
        AlertField("held.rule", .text(rule.name)),
        AlertField("held.reason", .text(reason.rawValue)),
        AlertField("held.first", .unsigned(firstNanoseconds)),
        AlertField("held.last", .unsigned(lastNanoseconds)),
        AlertField("held.sample", .bytes(sample)),
      ] + key)
  }
}
