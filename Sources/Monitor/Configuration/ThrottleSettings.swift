import Alerts
import Rules

/// `throttle`: how many alerts leave; what is held back is told in a summary.
public struct ThrottleSettings: Equatable, Sendable {
  /// `throttle.per_second` and `throttle.burst`: of each rule.
  var perSecond: Rate?
  var burst = Rate(perSecond: 10)
  /// `throttle.rules`: of single rules.
  public var rules: [RuleThrottle] = []
  /// `throttle.key`: of each rule and each combination of these fields' values.
  var keyFields: [String] = []
  var keyPerSecond: Rate?
  var keyBurst = Rate(perSecond: 10)
  /// `throttle.fold`
  var fold = TimeSpan(seconds: 0)

  var options: ThrottleOptions {
    var options = ThrottleOptions()
    options.rule = perSecond.map { ThrottleLimit(perSecond: $0.perSecond, burst: burst.perSecond) }
    for rule in rules { options.rules.updateValue(rule.limit, forKey: rule.rule) }
    if let keyPerSecond, !keyFields.isEmpty {
      options.key = ThrottleKey(
        fields: keyFields,
        limit: ThrottleLimit(perSecond: keyPerSecond.perSecond, burst: keyBurst.perSecond))
    }
    options.foldSeconds = fold.seconds
    return options
  }

  var contradictions: [(key: String, why: String)] {
    var found: [(key: String, why: String)] = []
    if keyFields.isEmpty != (keyPerSecond == nil) {
      found.append(("throttle.key", "it needs both fields and per_second"))
    }
    found += keyFields.filter { !FieldRegistry.isName($0) }.map {
      ("throttle.key.fields", "no field is called '\($0)'")
    }
    found += Dictionary(grouping: rules.map(\.rule)) { $0 }.filter { $0.value.count > 1 }.keys.sorted().map {
      ("throttle.rules", "the rule '\($0)' stands there twice")
    }
    if burst.perSecond < 1 { found.append(("throttle.burst", "it must be 1 or more")) }
    if keyBurst.perSecond < 1 { found.append(("throttle.key.burst", "it must be 1 or more")) }
    return found
  }
}

/// An entry of `throttle.rules`: how many alerts of one rule leave.
public struct RuleThrottle: ConfigurationGroup, Equatable {
  public var rule = ""
  /// All of them when it is `nil`.
  var perSecond: Rate?
  var burst = Rate(perSecond: 10)

  public init() {}

  var limit: ThrottleLimit? {
    perSecond.map { ThrottleLimit(perSecond: $0.perSecond, burst: burst.perSecond) }
  }

  static let options: [ConfigurationOption<Self>] = [
    .init("rule", \.rule, "The rule's name."),
    .init(
      "per_second", \.perSecond, "Alerts a second in the long run. Without it all alerts of the rule leave."),
    .init("burst", \.burst, "Alerts that may leave at once."),
  ]

  var contradictions: [(key: String, why: String)] {
    var found: [(key: String, why: String)] = []
    if rule.isEmpty { found.append(("rule", "it must be a rule's name")) }
    if burst.perSecond < 1 { found.append(("burst", "it must be 1 or more")) }
    return found
  }
}
