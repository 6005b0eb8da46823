internal import Events

/// A list with all that was appended to it.
struct CollectedList {
  var item: RuleItem
  var values: [SourcedText]
}

/// A macro with all that was appended to it.
struct CollectedMacro {
  var item: RuleItem
  /// The parts of the condition, which are joined by a blank.
  var condition: [SourcedText]
}

/// A rule with all that later items made of it.
struct CollectedRule {
  var item: RuleItem
  /// The parts of the condition, which are joined by a blank.
  var condition: [SourcedText]
  /// The parts of the output, which are joined by a blank.
  var output: [SourcedText]
  var description = ""
  var priority: Priority
  var source = "syscall"
  var sourceRange = SourceRange.none
  var tags: Set<String> = []
  var isEnabled = true
  var warnsAboutEventTypes = true
  var skipsIfUnknownFilter = false
  var capture = ResolvedRule.Capture()
  var exceptions: [CollectedException] = []

  init(item: RuleItem, condition: [SourcedText], output: [SourcedText], priority: Priority) {
    self.item = item
    self.condition = condition
    self.output = output
    self.priority = priority
  }
}

/// An exception whose fields and operators are checked.
struct CollectedException {
  var item: RuleItem
  var shape: Shape
  var values: [ExceptionEntry]

  var name: String { item.name }

  enum Shape {
    /// One field, compared with all values at once.
    case scalar(field: SourcedText, comparison: SourcedText)
    /// Several fields, each compared with its part of a tuple.
    case tuple([(field: SourcedText, comparison: SourcedText)])
  }
}

/// What is wrong with an exception.
struct ExceptionFault: Error {
  var message: String
  /// Where; `nil` for the exception as a whole.
  var range: SourceRange?
  private let known: String?
  private let error: FieldError?

  init(_ message: String, at range: SourceRange? = nil, cure: String? = nil) {
    (self.message, self.range, known, error) = (message, range, cure, nil)
  }

  init(_ error: FieldError, at range: SourceRange) {
    (message, self.range, known, self.error) = (error.description, range, nil, error)
  }

  /// What to write instead, where that is known; looked for anew each time.
  var cure: String? { known ?? error?.cure }
}
