public import Events

/// One rule with everything that rule files say about it put together: appends, overrides, lists, macros and
/// exceptions. Its fields and types are not checked yet.
public struct ResolvedRule: Equatable, Sendable {
  /// The rule's place among all rules, in order of first definition, from 0.
  public var index: Int
  public var name: String
  public var description: String
  public var priority: Priority
  /// The event source, `syscall` unless the rule says otherwise.
  public var source: String
  /// Without doubles, sorted.
  public var tags: [String]
  public var isEnabled: Bool
  /// `warn_evttypes`: whether a condition without event types deserves a warning.
  public var warnsAboutEventTypes: Bool
  /// `skip-if-unknown-filter`: whether an unknown field skips the rule instead of failing the file.
  public var skipsIfUnknownFilter: Bool
  /// `capture` and `capture_duration`, accepted and not acted upon.
  public var capture: Capture
  /// The condition as written, appended parts included, before lists, macros and exceptions.
  public var conditionText: String
  /// The condition that is judged: lists and macros expanded, exceptions as `(condition) and not (…)`.
  public var condition: Condition
  public var output: OutputTemplate
  public var exceptions: [ResolvedException]
  /// The item for diagnostics; its range is where the rule was first defined.
  public var item: RuleItem
  /// The whole condition and the whole output, for diagnostics about them.
  public var conditionRange: SourceRange
  public var outputRange: SourceRange

  /// What a rule says about recording a capture when it matches.
  public struct Capture: Equatable, Sendable {
    public var isWanted: Bool
    /// Milliseconds; `nil` when the rule does not say.
    public var durationMilliseconds: Int?

    public init(isWanted: Bool = false, durationMilliseconds: Int? = nil) {
      self.isWanted = isWanted
      self.durationMilliseconds = durationMilliseconds
    }
  }
}

extension ResolvedRule {
  /// The context of a diagnostic about a part of this rule.
  public func context(_ part: RuleItem.Kind) -> [RuleItem] {
    switch part {
    case .condition: [item, RuleItem(.condition, at: conditionRange)]
    case .output: [item, RuleItem(.output, at: outputRange)]
    default: [item]
    }
  }
}

/// An exception of a rule after appends, as it went into the condition.
public struct ResolvedException: Equatable, Sendable {
  public var name: String
  /// The fields, in order; one for the scalar form.
  public var fields: [String]
  /// The operators as written or by default, one a field: `=`, `in`, `contains anyof`.
  public var comparisons: [String]
  /// How many values, or tuples of values, it has.
  public var valueCount: Int
  public var range: SourceRange
}
