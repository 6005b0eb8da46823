/// Says which parts of a rule's condition keep it from matching an event, with the values of their fields.
///
/// Each part is compiled and judged for itself: slow, and meant for one event that somebody wonders about.
public struct ConditionExplainer: ~Copyable {
  private let rule: ResolvedRule
  private var facts = FlatFacts()
  private let isReadable: Bool

  /// - Parameter event: one flat JSON object.
  public init(_ rule: ResolvedRule, event: [UInt8]) {
    self.rule = rule
    do throws(FlatFactsError) {
      try facts.read(event.span)
      isReadable = true
    } catch {
      isReadable = false
    }
  }

  /// The reasons, one a line, the outermost first; none when the condition holds.
  public mutating func reasonsForNoMatch() -> [String] {
    guard isReadable, !holds(rule.condition) else { return [] }
    return reasons(rule.condition, isTrue: false)
  }

  /// Why a condition is what it is.
  private mutating func reasons(_ condition: Condition, isTrue: Bool) -> [String] {
    switch condition.kind {
    case .not(let part): return reasons(part, isTrue: !isTrue)
    case .check(let check): return [reason(check, isTrue)]
    case .macro(let name): return ["the macro '\(name)' is not defined"]
    case .and(let parts): return reasons(parts, isTrue: isTrue, settledByOne: !isTrue)
    case .or(let parts): return reasons(parts, isTrue: isTrue, settledByOne: isTrue)
    }
  }

  /// Why several parts together are what they are: because of one, the first that is so, or because of all.
  private mutating func reasons(_ parts: [Condition], isTrue: Bool, settledByOne: Bool) -> [String] {
    if settledByOne {
      for part in parts where holds(part) == isTrue { return reasons(part, isTrue: isTrue) }
      return []
    }
    var lines: [String] = []
    for part in parts { lines += reasons(part, isTrue: isTrue) }
    guard lines.count > Self.lineLimit else { return lines }
    return lines.prefix(Self.lineLimit) + ["and \(lines.count - Self.lineLimit) more"]
  }

  private static let lineLimit = 8

  private func reason(_ check: Check, _ isTrue: Bool) -> String {
    let value = value(of: check.left).map { "is '\($0)'" } ?? "has no value"
    let verdict = isTrue ? "is true, under 'not'" : "is false"
    return "\(Self.shortened(check.text)) \(verdict): \(Self.shortened(check.left.text)) \(value)"
  }

  /// A list may have a thousand items.
  private static func shortened(_ text: String) -> String {
    text.count > 160 ? "\(text.prefix(160))…" : text
  }

  private func holds(_ condition: Condition) -> Bool {
    guard var matcher = try? ConditionMatcher(condition) else { return false }
    return (try? matcher.matches(facts)) ?? false
  }

  /// The text of an operand's value; `nil` when it has none.
  private func value(of operand: Operand) -> String? {
    var probe = rule
    probe.isEnabled = true
    probe.output = OutputTemplate(text: "", segments: [.operand(operand, width: nil)], printsMissing: true)
    let ruleSet = RuleSet.compile([probe]).ruleSet
    guard !ruleSet.rules.isEmpty else { return nil }
    var matcher = Matcher(ruleSet)
    // Judged first, since an output is of the event that was judged last.
    _ = try? matcher.match(facts)
    let output = matcher.output(of: 0, facts)
    guard output.fields.contains(where: { $0.value != nil }) else { return nil }
    return printable(String(decoding: output.message, as: UTF8.self))
  }
}
