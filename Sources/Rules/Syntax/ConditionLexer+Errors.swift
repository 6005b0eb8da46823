extension ConditionLexer {
  /// The complaint that something else was expected here.
  func unexpected(_ expected: String, cure: String? = nil) -> SyntaxError {
    let found = tokenAhead()
    let what = found.isEmpty ? "the end" : "'\(text(found))'"
    return SyntaxError(
      "expected \(expected), found \(what)", range: found, cure: cure ?? Self.cure(forToken: text(found)))
  }

  /// Throws when a quote stands here, whose string was then found not to end.
  func refuseUnclosedQuote() throws(SyntaxError) {
    guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return }
    let hasQuote = bytes[(position + 1)...].contains(quote)
    throw SyntaxError(
      "this quote is never closed", range: position..<position + 1,
      cure: hasQuote
        ? "a quote after a backslash does not close; end the value with '\\ ' for a backslash" : nil)
  }

  /// What a reader would see as the next token, cut at 32 bytes; empty at the end.
  func tokenAhead() -> Range<Int> {
    guard let first = peek() else { return position..<position }
    var end = position + 1
    let limit = min(position + 32, bytes.count)
    if Self.isBare(first) {
      while end < limit, Self.isBare(bytes[end]) { end += 1 }
    } else if first == UInt8(ascii: "=") {
      while end < limit, bytes[end] == first { end += 1 }
    }
    // Never half a character.
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return position..<end
  }

  /// What those mean who write another language's token.
  private static func cure(forToken token: String) -> String? {
    if token.hasPrefix("&&") { return "write 'and'" }
    if token.hasPrefix("||") { return "write 'or'" }
    if token.hasPrefix("!"), !token.hasPrefix("!=") { return "write 'not'" }
    switch token {
    case "AND", "And", "OR", "Or", "NOT", "Not":
      return "write '\(token.lowercased())': keywords are in lower case"
    case "&", "|": return "write '\(token == "&" ? "and" : "or")'"
    default: return nil
    }
  }
}
