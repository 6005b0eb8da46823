/// What rule files are held against while they are read.
public struct LoadingOptions: Sendable {
  /// The version of Falco's rule engine whose language this is; a file that asks for more is refused.
  public var engineVersion = SemanticVersion(0, 63, 0)
  /// The event sources there are; a rule for another one is skipped with a warning.
  public var sources: Set<String> = ["syscall"]
  /// The plugins whose fields are served here, by name; a file that asks for another is warned about.
  public var plugins: Set<String> = ["container"]
  /// Whether a field has this name, without argument; `nil` when names are not to be judged yet.
  public var isField: (@Sendable (String) -> Bool)? = { FieldRegistry.isName($0) }
  /// What to do about a rule, macro or list that no file defines, where more than a slip of the pen is known of it: the
  /// cure of the diagnostic.
  public var cureForMissing: (@Sendable (RuleItem.Kind, String) -> String?)?
  public var yamlLimits = YAMLLimits()
  public var conditionLimits = ConditionLimits.ruleFile

  public init() {}
}
