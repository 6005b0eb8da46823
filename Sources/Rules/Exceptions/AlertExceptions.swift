public import Events

/// What an alert says of its event: the rule, and the values that the rule printed.
public struct AlertedEvent: Sendable {
  public var rule: String
  /// The members of `output_fields`; `nil` for a field without a value.
  public var fields: [(name: String, value: FieldValue?)]

  public init(rule: String, fields: [(name: String, value: FieldValue?)]) {
    self.rule = rule
    self.fields = fields
  }
}

/// Writes exceptions for rules, each of which silences one alert and what prints the same: `rules except`.
///
/// An exception asks for every value that the alert printed, but for those that differ from event to event. Each
/// value is read back as the rule files will have it read (lists are pasted into it, quotes escaped) before it is
/// written; what cannot be asked for exactly is left out, and a comment says so.
public struct AlertExceptions {
  private let files: [RuleFile]
  private let rules: [ResolvedRule]
  /// The names of exceptions by rule, those that were written among them.
  private var names: [String: Set<String>]
  private var values: ExceptionValues

  /// - Parameter files: Without errors, as `CompiledRules` has found.
  public init(_ files: [RuleFile]) {
    self.files = files
    rules = CompiledRules(files).resolved.rules
    names = Dictionary(rules.map { ($0.name, Set($0.exceptions.map(\.name))) }) { $0.union($1) }
    values = ExceptionValues(files)
  }

  /// The exception that silences an alert, as an item for a rule file that is loaded after those with the rules.
  ///
  /// - Parameter chosen: The fields to go by, instead of all that last longer than an event.
  public mutating func text(for alert: AlertedEvent, fields chosen: [String]? = nil)
    throws(AlertExceptionError)
    -> String
  {
    guard let known = names[alert.rule] else {
      throw .unknownRule(alert.rule, didYouMean: suggestion(for: alert.rule, among: rules.map(\.name)))
    }
    var draft = try draft(alert, chosen)
    guard !draft.parts.isEmpty else { throw .nothingToGoBy(alert.rule, printed: alert.fields.map(\.name)) }
    draft.name = Self.freeName(among: known)
    let text = draft.yaml
    let loaded = CompiledRules(files + [RuleFile(name: "exception", bytes: Array(text.utf8))]).resolved
    // A value was read back alone; together they must not have become something else.
    guard !loaded.hasErrors, let rule = loaded.rules.last(where: { $0.name == alert.rule }),
      rule.exceptions.contains(where: { $0.name == draft.name })
    else { throw .notAccepted(alert.rule) }
    names[alert.rule]?.insert(draft.name)
    return text
  }

  private mutating func draft(_ alert: AlertedEvent, _ chosen: [String]?) throws(AlertExceptionError)
    -> ExceptionDraft
  {
    var draft = ExceptionDraft(rule: alert.rule)
    for name in chosen ?? [] where !alert.fields.contains(where: { $0.name == name && $0.value != nil }) {
      throw .notPrinted(name, didYouMean: suggestion(for: name, among: alert.fields.map(\.name)))
    }
    for (name, value) in alert.fields.sorted(by: { $0.name < $1.name }) {
      if let chosen, !chosen.contains(name) { continue }
      let operand = ExceptionOperand(name)
      guard let value, operand?.isMissing(value) != true else {
        draft.remarks.append("the alert has no value for \(name), which no exception can ask for")
        continue
      }
      guard let operand else {
        draft.remarks.append("\(name) is no field of the event")
        continue
      }
      if chosen == nil, operand.isMomentary {
        draft.momentary.append(name)
        continue
      }
      let parts = values.parts(operand, value)
      if parts.isEmpty { draft.remarks.append("no exception can ask for the value of \(name)") }
      if parts.contains(where: \.isApproximate) {
        draft.remarks.append("not all of \(name) can be asked for, and other values may fit as well")
      }
      draft.parts += parts
    }
    return draft
  }

  private static func freeName(among names: Set<String>) -> String {
    var name = "alert"
    var number = 2
    while names.contains(name) {
      name = "alert_\(number)"
      number += 1
    }
    return name
  }
}

/// Why there is no exception for an alert.
public enum AlertExceptionError: Error, Equatable {
  case unknownRule(String, didYouMean: String?)
  /// The alert prints nothing that would be the same another time.
  case nothingToGoBy(String, printed: [String])
  /// A field that was asked for, and of which the alert has no value.
  case notPrinted(String, didYouMean: String?)
  /// The rule files do not take the exception; our own bug.
  case notAccepted(String)
}

extension AlertExceptionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownRule(let name, let candidate):
      "there is no rule '\(printable(name))'" + (candidate.map { "; did you mean '\(printable($0))'?" } ?? "")
    case .nothingToGoBy(let name, let printed):
      "the alert of '\(printable(name))' prints nothing to tell it from others by"
        + (printed.isEmpty
          ? "" : "; choose with --fields among \(printable(printed.sorted().joined(separator: ", ")))")
    case .notPrinted(let name, let candidate):
      "the alert has no value for '\(printable(name))'"
        + (candidate.map { "; did you mean '\(printable($0))'?" } ?? "")
    case .notAccepted(let name):
      "the exception for '\(printable(name))' could not be read back; this is a fault of windhover"
    }
  }
}
