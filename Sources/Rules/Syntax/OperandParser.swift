/// Reads fields and transformers: on both sides of operators and after `%` in outputs.
struct OperandParser {
  var lexer: ConditionLexer
  /// The text that ranges count in.
  let text: TextID
  /// Where the lexer's bytes begin in that text.
  var origin = 0

  /// Transformers within each other; more than anyone writes, and little enough for recursion.
  private static let depthLimit = 32

  /// A transformer's name with the parenthesis that makes it one.
  private static let transformerTokens: [(token: [UInt8], transformer: Transformer)] =
    Transformer.allCases.map { (Array(($0.rawValue + "(").utf8), $0) }

  /// A field or a transformer if one begins here.
  mutating func operand(depth: Int = 0) throws(SyntaxError) -> Operand? {
    if let call = try call(depth: depth) { return .call(call) }
    return try field().map { .field($0) }
  }

  /// A field with its argument if one begins here.
  ///
  /// - Parameter end: Where the name ends although it could go on; `nil` for as long as it can be.
  mutating func field(endingAt end: Int? = nil) throws(SyntaxError) -> FieldReference? {
    guard var name = lexer.fieldName() else { return nil }
    if let end {
      name = name.lowerBound..<end
      lexer.position = end
    }
    let argument = try bracket(after: name)
    return FieldReference(
      lexer.text(name), argument: argument, range: range(name.lowerBound..<lexer.position))
  }

  /// A transformer if one begins here: its name with a parenthesis directly behind it.
  mutating func call(depth: Int = 0) throws(SyntaxError) -> TransformerCall? {
    let start = lexer.position
    let found = Self.transformerTokens.first { lexer.starts(with: $0.token) }
    guard let found, lexer.take(found.token) else { return nil }
    guard depth < Self.depthLimit else {
      throw SyntaxError(
        "transformers nest deeper than \(Self.depthLimit)", range: start..<lexer.position)
    }
    let arguments = try arguments(of: found.transformer, open: start..<lexer.position, depth: depth + 1)
    let index = try bracket(after: start..<lexer.position)
    return TransformerCall(
      found.transformer, arguments, index: index, range: range(start..<lexer.position))
  }

  /// The arguments up to the closing parenthesis, which is taken as well.
  private mutating func arguments(of transformer: Transformer, open: Range<Int>, depth: Int)
    throws(SyntaxError) -> [TransformerCall.Argument]
  {
    var arguments: [TransformerCall.Argument] = []
    repeat {
      lexer.skipBlanks()
      arguments.append(try argument(of: transformer, depth: depth))
      lexer.skipBlanks()
    } while lexer.take(",")
    guard lexer.take(")") else {
      throw lexer.isAtEnd
        ? SyntaxError("the parenthesis of '\(transformer.rawValue)' is never closed", range: open)
        : lexer.unexpected("',' or ')'")
    }
    return arguments
  }

  private mutating func argument(of transformer: Transformer, depth: Int) throws(SyntaxError)
    -> TransformerCall.Argument
  {
    if let operand = try operand(depth: depth) { return .operand(operand) }
    guard transformer.takesConstants else {
      throw lexer.unexpected("a field or a transformer in '\(transformer.rawValue)(…)'")
    }
    let start = lexer.position
    if lexer.take("(") {
      guard depth < Self.depthLimit else {
        throw SyntaxError("transformers nest deeper than \(Self.depthLimit)", range: start..<start + 1)
      }
      return .list(try arguments(of: transformer, open: start..<start + 1, depth: depth + 1))
    }
    guard let literal = try string() else {
      throw lexer.unexpected("a field, a transformer or a string in '\(transformer.rawValue)(…)'")
    }
    return .literal(literal)
  }

  /// A quoted or bare string if one begins here.
  mutating func string() throws(SyntaxError) -> Literal? {
    if let quoted = lexer.quotedString() {
      let value = try QuotedString.unescape(quoted, in: lexer.bytes)
      return Literal(value, form: .quoted, range: range(quoted))
    }
    try lexer.refuseUnclosedQuote()
    return lexer.bareString().map {
      Literal(Array(lexer.bytes[$0]), form: .bare, range: range($0))
    }
  }

  /// The text in brackets directly behind a field or transformer.
  private mutating func bracket(after owner: Range<Int>) throws(SyntaxError) -> String? {
    let open = lexer.position
    guard lexer.take("[") else { return nil }
    let argument: [UInt8]
    if let quoted = lexer.quotedString() {
      argument = try QuotedString.unescape(quoted, in: lexer.bytes)
    } else {
      try lexer.refuseUnclosedQuote()
      guard let bare = lexer.bareArgument() else {
        throw lexer.unexpected("an argument after '\(lexer.text(owner))['")
      }
      argument = Array(lexer.bytes[bare])
    }
    guard lexer.take("]") else {
      throw lexer.isAtEnd
        ? SyntaxError("this '[' is never closed", range: open..<open + 1)
        : lexer.unexpected("']'", cure: "put an argument with blanks or brackets in quotes")
    }
    return String(decoding: argument, as: UTF8.self)
  }

  func range(_ range: Range<Int>) -> SourceRange {
    SourceRange(text: text, lower: origin + range.lowerBound, upper: origin + range.upperBound)
  }
}

extension Transformer {
  /// Whether strings may stand among its arguments.
  var takesConstants: Bool {
    switch self {
    case .tolower, .toupper, .b64, .basename, .len: false
    case .join, .concat, .getopt: true
    }
  }
}
