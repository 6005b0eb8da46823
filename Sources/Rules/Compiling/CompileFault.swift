/// What is wrong with a part of a condition or an output; becomes a `Diagnostic` once it is known of which rule.
struct CompileFault: Error {
  let message: String
  let range: SourceRange
  private let known: String?
  private let error: FieldError?
  /// A name is not known here, which a rule may declare as harmless (`skip-if-unknown-filter`).
  var isUnknownName = false

  init(_ message: String, at range: SourceRange, cure: String? = nil) {
    (self.message, self.range, known, error) = (message, range, cure, nil)
  }

  init(_ error: FieldError, at range: SourceRange) {
    (message, self.range, known, self.error) = (error.description, range, nil, error)
    switch error {
    case .unknownField, .unknownParameter, .unknownEventType: isUnknownName = true
    case .missingArgument, .forbiddenArgument, .argumentIsNoIndex: break
    }
  }

  /// What to write instead, where that is known; looked for anew each time.
  var cure: String? { known ?? error?.cure }
}

extension ConditionFaults {
  /// The faults of a condition that stands in no rule.
  init(_ faults: [CompileFault], and others: [Diagnostic] = []) {
    diagnostics =
      faults.enumerated().map { index, fault in
        Diagnostic(
          .compileConditionError, fault.message, at: fault.range, in: [],
          cure: index < suggestionLimit ? fault.cure : nil)
      } + others
  }
}
