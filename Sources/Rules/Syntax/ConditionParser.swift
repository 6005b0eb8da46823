/// Reads the text of a condition into a tree.
///
/// Parentheses are kept on a stack of its own, so no nesting can overflow the thread's. Linear in the text.
struct ConditionParser {
  private var checks: CheckParser
  private let limits: ConditionLimits
  /// The root, and one for each parenthesis that is open.
  private var open = [Group(start: 0)]

  /// The inside of one pair of parentheses, as far as it was read.
  private struct Group {
    /// Where the parenthesis stands.
    var start: Int
    /// The parts between `or` that are complete.
    var alternatives: [Condition] = []
    /// The parts between `and` of the present alternative.
    var conjuncts: [Condition] = []
    /// Where the `not`s before the next part begin, and whether they negate.
    var negationStart: Int?
    var isNegated = false

    mutating func finishAlternative() {
      alternatives.append(joined(conjuncts) { .and($0) })
      conjuncts = []
    }

    mutating func finish() -> Condition {
      finishAlternative()
      return joined(alternatives) { .or($0) }
    }

    private func joined(_ parts: [Condition], _ kind: ([Condition]) -> Condition.Kind) -> Condition {
      guard parts.count > 1 else { return parts[0] }
      let range = SourceRange(
        text: parts[0].range.text, lower: Int(parts[0].range.lower),
        upper: Int(parts[parts.count - 1].range.upper))
      return Condition(kind(parts), range: range)
    }
  }

  /// Parses a whole text.
  ///
  /// - Parameter text: The number of the text, for the ranges of the nodes.
  static func parse(_ bytes: [UInt8], text: TextID = .none, limits: ConditionLimits = .alone)
    throws(SyntaxError) -> Condition
  {
    try checkSize(of: bytes, limits)
    if let nul = bytes.firstIndex(of: 0) {
      throw SyntaxError("a condition cannot hold a NUL byte", range: nul..<nul + 1)
    }
    try refuseBrokenUTF8(bytes)
    var parser = ConditionParser(bytes, text: text, limits: limits)
    return try parser.parse()
  }

  /// Refuses a text that is longer than what is read.
  static func checkSize(of bytes: [UInt8], _ limits: ConditionLimits) throws(SyntaxError) {
    guard bytes.count > limits.byteCount else { return }
    throw SyntaxError(
      "the condition has \(bytes.count) bytes, more than the \(limits.byteCount) that are read", range: 0..<0)
  }

  private static func refuseBrokenUTF8(_ bytes: [UInt8]) throws(SyntaxError) {
    guard var offset = bytes.firstIndex(where: { $0 >= 0x80 }) else { return }
    while offset < bytes.count {
      let length = UTF8Check.sequenceLength(bytes.span, at: offset)
      guard length > 0 else {
        throw SyntaxError(
          "the condition is not UTF-8", range: offset..<offset + 1,
          cure: "compare bytes with 'bcontains' or 'bstartswith'")
      }
      offset += length
    }
  }

  private init(_ bytes: [UInt8], text: TextID, limits: ConditionLimits) {
    checks = CheckParser(operands: OperandParser(lexer: ConditionLexer(bytes), text: text))
    self.limits = limits
  }

  private var lexer: ConditionLexer {
    get { checks.operands.lexer }
    _modify { yield &checks.operands.lexer }
  }

  private mutating func parse() throws(SyntaxError) -> Condition {
    lexer.skipBlanks()
    if lexer.isAtEnd { throw SyntaxError("the condition is empty", range: 0..<lexer.bytes.count) }
    while true {
      try takeNots()
      if lexer.peek() == UInt8(ascii: "(") {
        try openParenthesis()
        continue
      }
      if let condition = try complete(try checks.check()) { return condition }
    }
  }

  /// Takes the `not`s before a part. One that is followed by a letter is the beginning of a name.
  private mutating func takeNots() throws(SyntaxError) {
    lexer.skipBlanks()
    while lexer.starts(with: Self.not) {
      let start = lexer.position
      let next = lexer.peek(Self.not.count)
      if let next, ConditionLexer.isNameByte(next) || next == UInt8(ascii: ".") { return }
      lexer.position += Self.not.count
      guard lexer.skipBlanks() || next == UInt8(ascii: "(") else {
        throw lexer.unexpected("a blank or '(' after 'not'")
      }
      open[open.count - 1].isNegated.toggle()
      if open[open.count - 1].negationStart == nil { open[open.count - 1].negationStart = start }
    }
  }

  private mutating func openParenthesis() throws(SyntaxError) {
    let start = lexer.position
    guard open.count < limits.depth else {
      throw SyntaxError(
        "parentheses nest deeper than \(limits.depth - 1)", range: start..<start + 1,
        cure: "move a part into a macro")
    }
    lexer.position += 1
    open.append(Group(start: start))
  }

  /// Files a part that was read, closes what closes behind it, and returns the whole condition at the end.
  private mutating func complete(_ part: Condition) throws(SyntaxError) -> Condition? {
    var part = part
    while true {
      add(part)
      lexer.skipBlanks()
      if try takeKeyword(Self.and) { return nil }
      if try takeKeyword(Self.or) {
        open[open.count - 1].finishAlternative()
        return nil
      }
      if lexer.isAtEnd {
        guard open.count == 1 else {
          let start = open[open.count - 1].start
          throw SyntaxError("this '(' is never closed", range: start..<start + 1)
        }
        return open[0].finish()
      }
      guard open.count > 1, lexer.take(")") else { throw afterPart() }
      part = open[open.count - 1].finish()
      open.removeLast()
    }
  }

  private mutating func add(_ part: Condition) {
    let last = open.count - 1
    var part = part
    if let start = open[last].negationStart {
      if open[last].isNegated {
        let range = SourceRange(text: part.range.text, lower: start, upper: Int(part.range.upper))
        part = Condition(.not(part), range: range)
      }
      open[last].negationStart = nil
      open[last].isNegated = false
    }
    open[last].conjuncts.append(part)
  }

  /// Takes `and` or `or`, which a blank or a parenthesis must follow.
  private mutating func takeKeyword(_ keyword: [UInt8]) throws(SyntaxError) -> Bool {
    guard lexer.take(keyword) else { return false }
    let word = String(decoding: keyword, as: UTF8.self)
    if lexer.peek() == UInt8(ascii: "(") { return true }
    guard lexer.skipBlanks() else { throw lexer.unexpected("a blank or '(' after '\(word)'") }
    return true
  }

  /// The complaint about what stands where a condition could have ended.
  private func afterPart() -> SyntaxError {
    if lexer.peek() == UInt8(ascii: ")") {
      return SyntaxError(
        "there is no '(' for this ')'", range: lexer.position..<lexer.position + 1)
    }
    let expected = open.count > 1 ? "'and', 'or' or ')'" : "'and' or 'or'"
    if lexer.peek() == UInt8(ascii: ",") {
      return lexer.unexpected(expected, cure: "several values go with 'in (a, b)', or '= anyof (a, b)'")
    }
    return lexer.unexpected(expected)
  }

  private static let not = Array("not".utf8)
  private static let and = Array("and".utf8)
  private static let or = Array("or".utf8)
}
