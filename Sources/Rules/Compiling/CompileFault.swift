/// What is wrong with a part of a condition or an output; becomes a `Diagnostic` once it is known of which rule.
struct CompileFault: Error {
  let message: String
  let range: SourceRange
  var cure: String?
  /// A name is not known here, which a rule may declare as harmless (`skip-if-unknown-filter`).
  var isUnknownName = false

  init(_ message: String, at range: SourceRange, cure: String? = nil) {
    (self.message, self.range, self.cure) = (message, range, cure)
  }

  init(_ error: FieldError, at range: SourceRange) {
    self.init(error.description, at: range, cure: error.cure)
    switch error {
    case .unknownField, .unknownParameter, .unknownEventType: isUnknownName = true
    case .missingArgument, .forbiddenArgument, .argumentIsNoIndex: break
    }
  }
}
