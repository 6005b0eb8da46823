extension CollectedException {
  /// Checks what an exception says of its fields and operators, and fills in the operators it leaves out.
  static func make(_ definition: ExceptionDefinition, isField: ((String) -> Bool)?)
    -> Result<CollectedException, ExceptionFault>
  {
    do throws(ExceptionFault) {
      guard let fields = definition.fields else {
        throw ExceptionFault(
          "the exception '\(definition.name)' has no fields", cure: "add 'fields: …'")
      }
      let shape: Shape =
        switch fields {
        case .text(let field): try scalar(field, definition.comparisons)
        case .list(let fields, _): try tuple(fields, definition.comparisons)
        }
      try check(shape.fields, isField: isField)
      return .success(CollectedException(item: definition.item, shape: shape, values: definition.values))
    } catch {
      return .failure(error)
    }
  }

  private static func scalar(_ field: SourcedText, _ comparison: ExceptionEntry?) throws(ExceptionFault)
    -> Shape
  {
    guard let comparison else {
      return .scalar(field: field, comparison: SourcedText(text: "in", range: field.range))
    }
    guard case .text(let comparison) = comparison else {
      throw ExceptionFault(
        "'fields' is one field and 'comps' is a list", at: comparison.range,
        cure: "write both as a list, or neither")
    }
    guard let found = ExceptionComparison(comparison.text) else { throw unknown(comparison) }
    guard found.takesList else {
      throw ExceptionFault(
        "'\(comparison.text)' compares with one value, but all values of the exception go to it",
        at: comparison.range, cure: "use in, pmatch, intersects, or '\(comparison.text) anyof'")
    }
    return .scalar(field: field, comparison: comparison)
  }

  private static func tuple(_ fields: [ExceptionEntry], _ comparisons: ExceptionEntry?) throws(ExceptionFault)
    -> Shape
  {
    var texts: [SourcedText] = []
    for field in fields { texts.append(try text(field, "a field")) }
    guard let comparisons else {
      return .tuple(texts.map { ($0, SourcedText(text: "=", range: $0.range)) })
    }
    guard case .list(let entries, _) = comparisons else {
      throw ExceptionFault(
        "'fields' is a list and 'comps' is not", at: comparisons.range,
        cure: "write both as a list, or neither")
    }
    guard entries.count == texts.count else {
      throw ExceptionFault(
        "there are \(texts.count) fields and \(entries.count) comps", at: comparisons.range,
        cure: "give each field its operator")
    }
    var pairs: [(field: SourcedText, comparison: SourcedText)] = []
    for (field, entry) in zip(texts, entries) {
      let comparison = try text(entry, "an operator")
      guard ExceptionComparison(comparison.text) != nil else { throw unknown(comparison) }
      pairs.append((field, comparison))
    }
    return .tuple(pairs)
  }

  private static func text(_ entry: ExceptionEntry, _ wanted: String) throws(ExceptionFault) -> SourcedText {
    guard case .text(let text) = entry else {
      throw ExceptionFault("expected \(wanted), found a list", at: entry.range)
    }
    return text
  }

  private static func unknown(_ comparison: SourcedText) -> ExceptionFault {
    let meant = suggestion(for: comparison.text, among: Comparison.allCases.map(\.rawValue))
    return ExceptionFault(
      "'\(comparison.text)' is no operator", at: comparison.range, cure: meant.map { "did you mean '\($0)'?" }
    )
  }

  private static func check(_ fields: [SourcedText], isField: ((String) -> Bool)?) throws(ExceptionFault) {
    for field in fields {
      var parser = OperandParser(lexer: ConditionLexer(Array(field.text.utf8)), text: .none)
      guard let operand = try? parser.operand(), parser.lexer.isAtEnd else {
        throw ExceptionFault("'\(field.text)' is no field", at: field.range)
      }
      guard let isField, case .field(let reference) = operand, !isField(reference.name) else { continue }
      throw ExceptionFault(.unknownField(reference.name), at: field.range)
    }
  }
}

extension CollectedException.Shape {
  var fields: [SourcedText] {
    switch self {
    case .scalar(let field, _): [field]
    case .tuple(let pairs): pairs.map(\.field)
    }
  }

  var comparisons: [SourcedText] {
    switch self {
    case .scalar(_, let comparison): [comparison]
    case .tuple(let pairs): pairs.map(\.comparison)
    }
  }
}

/// An operator in `comps`: one of the language's, a string operator perhaps with a modifier.
struct ExceptionComparison {
  var comparison: Comparison
  var modifier: Modifier?

  init?(_ text: String) {
    let words = text.split { $0 == " " || $0 == "\t" || $0 == "\n" }
    guard let first = words.first, let comparison = Comparison(rawValue: first == "==" ? "=" : String(first)),
      comparison.family != .unary
    else { return nil }
    self.comparison = comparison
    guard words.count > 1 else { return }
    guard words.count == 2, comparison.family == .string, let modifier = Modifier(rawValue: String(words[1]))
    else { return nil }
    self.modifier = modifier
  }

  /// Whether a list goes on the right.
  var takesList: Bool { modifier != nil || comparison.family == .list }
}
