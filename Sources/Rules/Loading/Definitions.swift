internal import Events

/// An item of a rule file, read and not yet joined with the others.
enum Definition {
  case list(ListDefinition)
  case macro(MacroDefinition)
  case rule(RuleDefinition)
  /// An item with an error in it: its name is not unknown, so nothing that uses it is blamed.
  case broken(RuleItem)
  /// A rule with an error in it, whose condition and output are to be checked all the same.
  case faulty(RuleDefinition)
}

/// A list, or what is to be appended to one.
struct ListDefinition {
  var item: RuleItem
  var values: [SourcedText]
  var isAppend: Bool
}

/// A macro, or what is to be appended to one.
struct MacroDefinition {
  var item: RuleItem
  var condition: SourcedText
  var isAppend: Bool
}

/// A rule, or what is to be changed in one. A key that the item does not have is `nil`.
struct RuleDefinition {
  var item: RuleItem
  var mode: Mode
  var condition: SourcedText?
  var output: SourcedText?
  var description: SourcedText?
  var priority: Priority?
  var source: SourcedText?
  var tags: [String]?
  var exceptions: [ExceptionDefinition]?
  var isEnabled: Bool?
  var warnsAboutEventTypes: Bool?
  var skipsIfUnknownFilter: Bool?
  var isCaptureWanted: Bool?
  var captureDurationMilliseconds: Int?

  /// What the item does with the rule of its name.
  enum Mode: Equatable {
    case define
    /// `append: true`
    case append
    /// Nothing but `enabled`.
    case enable
    case override(appending: Set<RuleKey>, replacing: Set<RuleKey>)
  }
}

/// The keys of a rule that `override` may name.
enum RuleKey: String, CaseIterable {
  case condition, output, desc, tags, exceptions
  case priority, enabled, capture
  case warnEventTypes = "warn_evttypes"
  case skipIfUnknownFilter = "skip-if-unknown-filter"
  case captureDuration = "capture_duration"

  /// Those that have something to append to.
  static let appendable: Set<RuleKey> = [.condition, .output, .desc, .tags, .exceptions]
}

/// One entry of `exceptions`, as written.
struct ExceptionDefinition {
  var item: RuleItem
  var fields: ExceptionEntry?
  var comparisons: ExceptionEntry?
  var values: [ExceptionEntry]

  var name: String { item.name }
}

/// A part of an exception: one text, or a list.
indirect enum ExceptionEntry {
  case text(SourcedText)
  case list([ExceptionEntry], range: SourceRange)

  var range: SourceRange {
    switch self {
    case .text(let text): text.range
    case .list(_, let range): range
    }
  }

  /// Whether this is there at all: Falco takes empty text and the empty list for absent.
  var isEmpty: Bool {
    switch self {
    case .text(let text): text.text.isEmpty
    case .list(let entries, _): entries.isEmpty
    }
  }
}
