/// Reads one comparison, or the name of a macro.
struct CheckParser {
  var operands: OperandParser

  /// The operators as tokens, in the order in which they are tried: of two that begin alike, the longer first.
  ///
  /// Word operators for strings want a blank behind them, since a value follows; `in(` and `exists` do not.
  private static let operators: [(token: [UInt8], comparison: Comparison, wantsBlank: Bool)] = [
    ("exists", Comparison.exists, false),
    ("<=", .lessOrEqual, false), ("<", .less, false), (">=", .greaterOrEqual, false), (">", .greater, false),
    ("==", .equal, false), ("=", .equal, false), ("!=", .notEqual, false),
    ("glob", .glob, true), ("iglob", .iglob, true),
    ("contains", .contains, true), ("icontains", .icontains, true), ("bcontains", .bcontains, true),
    ("startswith", .startswith, true), ("bstartswith", .bstartswith, true), ("endswith", .endswith, true),
    ("regex", .regex, true),
    ("intersects", .intersects, false), ("in", .in, false), ("pmatch", .pmatch, false),
  ].map { (Array($0.0.utf8), $0.1, $0.2) }

  private static let modifiers: [(token: [UInt8], modifier: Modifier)] =
    Modifier.allCases.map { (Array($0.rawValue.utf8), $0) }

  private static let val = Array("val(".utf8)

  mutating func check() throws(SyntaxError) -> Condition {
    let start = operands.lexer.position
    if let left = try operands.operand() {
      let check = try comparison(of: left)
      return Condition(.check(check), range: operands.range(start..<operands.lexer.position))
    }
    if let name = operands.lexer.identifier() {
      guard !["and", "or", "not"].contains(operands.lexer.text(name)) else {
        operands.lexer.position = start
        throw operands.lexer.unexpected("a comparison, a macro or '('")
      }
      return Condition(.macro(operands.lexer.text(name)), range: operands.range(name))
    }
    throw operands.lexer.unexpected("a comparison, a macro or '('")
  }

  private mutating func comparison(of left: Operand) throws(SyntaxError) -> Check {
    operands.lexer.skipBlanks()
    let start = operands.lexer.position
    guard let comparison = takeOperator() else { throw noOperator(after: left) }
    let range = operands.range(start..<start + comparison.rawValue.utf8.count)
    switch comparison.family {
    case .unary:
      return Check(left, comparison, nil, comparisonRange: range)
    case .numeric:
      return Check(left, comparison, try number(after: comparison), comparisonRange: range)
    case .string:
      if let modifier = takeModifier() {
        let right = try list(after: modifier.rawValue)
        return Check(left, comparison, modifier: modifier, right, comparisonRange: range)
      }
      return Check(left, comparison, try string(after: comparison), comparisonRange: range)
    case .list:
      return Check(left, comparison, try list(after: comparison.rawValue), comparisonRange: range)
    }
  }

  private mutating func takeOperator() -> Comparison? {
    for (token, comparison, wantsBlank) in Self.operators where operands.lexer.starts(with: token) {
      if wantsBlank {
        guard let next = operands.lexer.peek(token.count), ConditionLexer.isBlank(next) else { continue }
      }
      operands.lexer.position += token.count
      return comparison
    }
    return nil
  }

  /// Takes a modifier, which has blanks on both sides; without them the word is a plain string.
  private mutating func takeModifier() -> Modifier? {
    let start = operands.lexer.position
    guard operands.lexer.skipBlanks() else { return nil }
    for (token, modifier) in Self.modifiers where operands.lexer.take(token) {
      if operands.lexer.skipBlanks() { return modifier }
      break
    }
    operands.lexer.position = start
    return nil
  }

  /// `val(field)` or a transformer if one begins here.
  private mutating func operandOnRight() throws(SyntaxError) -> Check.Right? {
    operands.lexer.skipBlanks()
    let start = operands.lexer.position
    if operands.lexer.take(Self.val) {
      operands.lexer.skipBlanks()
      guard let field = try operands.field() else { throw operands.lexer.unexpected("a field in 'val(…)'") }
      operands.lexer.skipBlanks()
      guard operands.lexer.take(")") else {
        throw operands.lexer.isAtEnd
          ? SyntaxError("the parenthesis of 'val' is never closed", range: start..<start + Self.val.count)
          : operands.lexer.unexpected("')'")
      }
      return .field(field)
    }
    return try operands.call().map { .call($0) }
  }

  private mutating func number(after comparison: Comparison) throws(SyntaxError) -> Check.Right {
    if let right = try operandOnRight() { return right }
    guard let number = operands.lexer.number() else {
      throw operands.lexer.unexpected("a number after '\(comparison.rawValue)'")
    }
    return .literal(
      Literal(Array(operands.lexer.bytes[number]), form: .number, range: operands.range(number)))
  }

  private mutating func string(after comparison: Comparison) throws(SyntaxError) -> Check.Right {
    if let right = try operandOnRight() { return right }
    if let literal = try operands.string() { return .literal(literal) }
    let isList = operands.lexer.peek() == UInt8(ascii: "(")
    throw operands.lexer.unexpected(
      "a value after '\(comparison.rawValue)'",
      cure: isList ? "several values go with 'in (a, b)', or '\(comparison.rawValue) anyof (a, b)'" : nil)
  }

  private mutating func list(after word: String) throws(SyntaxError) -> Check.Right {
    if let right = try operandOnRight() { return right }
    let start = operands.lexer.position
    guard operands.lexer.take("(") else {
      guard let name = operands.lexer.identifier() else {
        throw operands.lexer.unexpected("a list after '\(word)'", cure: "write '\(word) (a, b)'")
      }
      let literal = Literal(Array(operands.lexer.bytes[name]), form: .bare, range: operands.range(name))
      return .list([literal], range: literal.range)
    }
    let values = try values(open: start)
    return .list(values, range: operands.range(start..<operands.lexer.position))
  }

  /// The values up to the closing parenthesis, which is taken as well; there may be none.
  private mutating func values(open: Int) throws(SyntaxError) -> [Literal] {
    var values: [Literal] = []
    operands.lexer.skipBlanks()
    if operands.lexer.take(")") { return values }
    repeat {
      operands.lexer.skipBlanks()
      guard let literal = try operands.string() else { throw operands.lexer.unexpected("a value") }
      values.append(literal)
      operands.lexer.skipBlanks()
    } while operands.lexer.take(",")
    guard operands.lexer.take(")") else {
      throw operands.lexer.isAtEnd
        ? SyntaxError("this '(' is never closed", range: open..<open + 1)
        : operands.lexer.unexpected("',' or ')'", cure: "put a value with blanks or parentheses in quotes")
    }
    return values
  }

  /// The complaint about a field that nothing is asked about.
  private func noOperator(after left: Operand) -> SyntaxError {
    let lexer = operands.lexer
    let text = lexer.text(Int(left.range.lower) - operands.origin..<Int(left.range.upper) - operands.origin)
    let found = lexer.text(lexer.tokenAhead())
    let spellings = Comparison.allCases.map(\.rawValue)
    let cure: String? =
      switch found {
      case "": "compare it: '\(text) = …', or '\(text) exists'"
      case "=~", "~", "~=", "matches", "like": "use 'regex', 'glob' or 'contains'"
      case "is", "eq", ":": "use '='"
      case "ne", "<>": "use '!='"
      case _ where spellings.contains(found): "put a blank and a value after '\(found)'"
      default: suggestion(for: found, among: spellings).map { "did you mean '\($0)'?" }
      }
    return lexer.unexpected("an operator after '\(text)'", cure: cure)
  }
}
