/// What is wrong, or questionable, in a rule file, and where.
///
/// Made while files are read, conditions parsed and rules compiled; all of them are collected, none stops the
/// pass. A `RuleFileReport` prints them as text or JSON.
public struct Diagnostic: Equatable, Hashable, Sendable {
  /// The kind of fault; it decides whether this is an error or a warning.
  public var code: DiagnosticCode
  /// What the fault is in, the outermost item first (rule, then its condition); empty for a whole file.
  public var context: [RuleItem]
  /// The offending text.
  public var range: SourceRange
  /// What is wrong, in one sentence without a full stop.
  public var message: String
  /// What to write instead, where that is known.
  public var cure: String?
  /// Other places that explain this one, such as the list whose item was pasted here.
  public var notes: [Note]

  /// A second place that belongs to a diagnostic.
  public struct Note: Equatable, Hashable, Sendable {
    public var message: String
    public var range: SourceRange

    public init(_ message: String, at range: SourceRange) {
      self.message = message
      self.range = range
    }
  }

  public init(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, in context: [RuleItem],
    cure: String? = nil
  ) {
    self.code = code
    self.context = context
    self.range = range
    self.message = message
    self.cure = cure
    self.notes = []
  }
}

/// One thing in a rule file that a diagnostic can be about.
public struct RuleItem: Equatable, Hashable, Sendable {
  public var kind: Kind
  /// The rule's, macro's, list's or exception's name; empty for what has none.
  public var name: String
  /// Where the item stands.
  public var range: SourceRange

  /// The kinds of item; the raw value is the `item_type` in JSON.
  public enum Kind: String, Sendable {
    case content = "rules content"
    case contentItem = "rules content item"
    case rule
    case macro
    case list
    case requiredEngineVersion = "required_engine_version"
    case requiredPluginVersions = "required_plugin_versions"
    case condition = "condition expression"
    case output = "rule output"
    case priority = "rule priority"
    case exceptions
    case exception
    case exceptionValues = "exception values"
    case override
  }

  public init(_ kind: Kind, _ name: String = "", at range: SourceRange) {
    self.kind = kind
    self.name = name
    self.range = range
  }
}
