import Events
import Rules

/// Which alerts are shown.
struct AlertFilter: ~Copyable {
  private let minimum: Priority?
  private let rule: [UInt8]?
  private let container: [UInt8]?
  private var query: EventQuery?
  private var facts = FlatFacts()

  /// - Throws: the faults of the condition, with the places.
  init(
    minimum: Priority?, rule: String?, container: String?, condition: String?
  ) throws(CommandFailure) {
    self.minimum = minimum
    self.rule = rule.map { Array($0.utf8) }
    self.container = container.map { Array($0.utf8) }
    query = try condition.map { text throws(CommandFailure) in try Self.query(text) }
  }

  /// Whether it lets everything pass.
  var isOpen: Bool { minimum == nil && rule == nil && container == nil && query == nil }

  /// Whether the alert is shown.
  /// - Throws: a value of the alert that its field cannot have, so that the condition says nothing of it.
  mutating func admits(_ alert: TailedAlert) throws(FlatFactsError) -> Bool {
    if let minimum, !alert.priority.isAtLeast(minimum) { return false }
    if let rule, !Glob.matches(alert.rule.span, rule.span, folding: true) { return false }
    if let container, !Self.isContainer(container, of: alert) { return false }
    guard query != nil else { return true }
    try facts.read(alert.fields.span)
    return try query?.matches(facts) ?? true
  }

  /// Whether it is the alert's container, by its name or by the beginning of its id.
  private static func isContainer(_ wanted: [UInt8], of alert: TailedAlert) -> Bool {
    if alert.field("container.name") == wanted { return true }
    guard let id = alert.field("container.id"), !id.isEmpty else { return false }
    // People copy ids of any length, of which fields have the first twelve digits.
    return id.starts(with: wanted) || id.count >= 12 && wanted.starts(with: id)
  }

  private static func query(_ text: String) throws(CommandFailure) -> EventQuery {
    let checked = CheckedCondition(try RuleFile(conditionArgument: text), beside: [.embedded])
    guard checked.report.isSuccessful else {
      throw .failed("--where: the condition is wrong\n" + checked.report.text.dropLast())
    }
    do throws(ConditionFaults) {
      return try EventQuery(checked.condition, printing: [])
    } catch {
      throw .failed(
        "--where: " + error.diagnostics.map { SafeLine($0.message).description }.joined(separator: "\n"))
    }
  }
}
