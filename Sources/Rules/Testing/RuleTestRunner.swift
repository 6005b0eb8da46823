import Events

/// Judges the events of golden cases and compares the alerts with those that are expected.
public struct RuleTestRunner {
  private let rules: [ResolvedRule]
  /// Compiled rules by the names that a case is limited to.
  private var ruleSets: [[String]: RuleSet] = [:]

  public init(_ rules: [ResolvedRule]) { self.rules = rules }

  public mutating func run(_ test: RuleTestCase) -> RuleTestResult {
    guard test.faults.isEmpty else { return RuleTestResult(test: test, differences: test.faults) }
    let unknown = unknownNames(in: test)
    guard unknown.isEmpty else { return RuleTestResult(test: test, differences: unknown) }
    var differences: [String] = []
    var unmatched = alerts(of: test, &differences)
    for expected in test.alerts {
      if let index = unmatched.firstIndex(where: { expected.differences(from: $0).isEmpty }) {
        unmatched.remove(at: index)
      } else if let index = unmatched.firstIndex(where: { $0.rule == expected.rule }) {
        let actual = unmatched.remove(at: index)
        let lines = expected.differences(from: actual).map { "\n  \($0)" }.joined()
        differences.append("event \(actual.event + 1): the alert of '\(expected.rule)' differs:\(lines)")
      } else {
        differences.append(
          "an alert of '\(expected.rule)' is missing:" + explanation(of: expected.rule, in: test))
      }
    }
    for alert in unmatched {
      differences.append(
        "event \(alert.event + 1): there is an alert that is not expected, of '\(alert.rule)':\n  \(alert.message)"
      )
    }
    return RuleTestResult(test: test, differences: differences)
  }

  private func unknownNames(in test: RuleTestCase) -> [String] {
    let known = Set(rules.map(\.name))
    var seen: Set<String> = []
    return (test.only + test.alerts.map(\.rule)).filter { !known.contains($0) && seen.insert($0).inserted }
      .map { name in
        let candidate = suggestion(for: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
        return "there is no rule '\(name)'" + candidate
      }
  }

  /// The alerts of all events of a case; an event that cannot be judged is a difference.
  private mutating func alerts(of test: RuleTestCase, _ differences: inout [String]) -> [ActualAlert] {
    var matcher = Matcher(ruleSet(for: test.only))
    var facts = FlatFacts()
    var check = FlatFactsCheck()
    var alerts: [ActualAlert] = []
    for (number, event) in test.events.enumerated() {
      do throws(FlatFactsError) {
        try facts.read(event.json.span)
        try check.check(facts)
        try matcher.match(facts)
      } catch {
        differences.append("event \(number + 1): \(error)")
        continue
      }
      for place in matcher.matches {
        let rule = matcher.ruleSet.rules[place]
        alerts.append(ActualAlert(event: number, rule: rule, output: matcher.output(of: place, facts)))
      }
    }
    return alerts
  }

  /// Rules that a case names are judged even if their file disables them.
  private mutating func ruleSet(for names: [String]) -> RuleSet {
    if let ruleSet = ruleSets[names] { return ruleSet }
    var judged = rules
    if !names.isEmpty {
      judged = rules.filter { names.contains($0.name) }
      for index in judged.indices { judged[index].isEnabled = true }
    }
    let ruleSet = RuleSet.compile(judged).ruleSet
    ruleSets[names] = ruleSet
    return ruleSet
  }

  /// Why the rule made no alert of any of the events: what of its condition was false.
  private func explanation(of name: String, in test: RuleTestCase) -> String {
    guard let rule = rules.last(where: { $0.name == name }) else { return "" }
    var text = ""
    for (number, event) in test.events.prefix(Self.explainedEvents).enumerated() {
      var explainer = ConditionExplainer(rule, event: event.json)
      let lines = explainer.reasonsForNoMatch().map { "\n    \($0)" }.joined()
      text +=
        "\n  event \(number + 1):" + (lines.isEmpty ? " it matches, and was expected more often" : lines)
    }
    return text
  }

  /// As many as anyone reads.
  private static let explainedEvents = 5
}

/// An alert that a rule made.
struct ActualAlert {
  /// The event's place in its case.
  var event: Int
  var rule: String
  var priority: Priority
  var message: String
  var fields: [(name: String, value: String?)]

  init(event: Int, rule: RuleSet.Rule, output: RuleOutput) {
    self.event = event
    self.rule = rule.name
    priority = rule.priority
    message = printable(String(decoding: output.message, as: UTF8.self))
    fields = output.fields.map { ($0.name, $0.value.map(\.testText)) }
  }
}

extension ExpectedAlert {
  /// In what an alert is not the expected one.
  func differences(from actual: ActualAlert) -> [String] {
    guard actual.rule == rule else { return ["it is of the rule '\(actual.rule)'"] }
    var differences: [String] = []
    if let priority, priority != actual.priority {
      differences.append("priority: expected \(priority.name), found \(actual.priority.name)")
    }
    if let output, !actual.message.contains(output) {
      differences.append("output: expected a text with\n    \(output)\n  found\n    \(actual.message)")
    }
    for field in fields {
      guard let found = actual.fields.first(where: { $0.name == field.name }) else {
        differences.append("\(field.name): the output of the rule does not print it")
        continue
      }
      guard found.value != field.value else { continue }
      differences.append(
        "\(field.name): expected \(field.value ?? "no value"), found \(found.value ?? "no value")")
    }
    return differences
  }
}

extension FieldValue {
  /// The value as a case writes it.
  fileprivate var testText: String {
    switch self {
    case .bool(let value): value ? "true" : "false"
    case .signed(let value): String(value)
    case .unsigned(let value): String(value)
    case .double(let value): String(value)
    case .bytes(let bytes): printable(String(decoding: bytes, as: UTF8.self))
    case .list(let values): values.map(\.testText).joined(separator: ",")
    }
  }
}
