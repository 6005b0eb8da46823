/// The tokens of conditions, and of the operands in output templates.
///
/// There are no words: a token ends where its pattern ends, so `existsand macro` is `exists`, `and`, `macro`.
/// Which pattern is tried is the parser's to say.
struct ConditionLexer {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool { position == bytes.count }

  /// The byte after `count` more; `nil` past the end.
  func peek(_ count: Int = 0) -> UInt8? { position + count < bytes.count ? bytes[position + count] : nil }

  func starts(with token: [UInt8]) -> Bool { bytes[position...].starts(with: token) }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Skips blanks and says whether there were any.
  @discardableResult
  mutating func skipBlanks() -> Bool { !take(while: Self.isBlank).isEmpty }

  /// Takes one byte if it comes next.
  mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  /// Takes a token if it comes next.
  mutating func take(_ token: [UInt8]) -> Bool {
    guard starts(with: token) else { return false }
    position += token.count
    return true
  }

  /// `[a-zA-Z]+[a-zA-Z0-9_]*`
  mutating func identifier() -> Range<Int>? {
    guard let first = peek(), Self.isLetter(first) else { return nil }
    return take(while: Self.isNameByte)
  }

  /// `[a-zA-Z]+[a-zA-Z0-9_]*(\.[a-zA-Z]+[a-zA-Z0-9_]*)+`: the longest name, which holds a dot.
  mutating func fieldName() -> Range<Int>? {
    let start = position
    guard identifier() != nil else { return nil }
    var hasDot = false
    while peek() == UInt8(ascii: "."), let next = peek(1), Self.isLetter(next) {
      position += 1
      _ = identifier()
      hasDot = true
    }
    if !hasDot { position = start }
    return hasDot ? start..<position : nil
  }

  /// `0[xX][0-9a-zA-Z]+`, or `[+-]?[0-9]+[.]?[0-9]*([eE][+-]?[0-9]+)?`
  mutating func number() -> Range<Int>? { hexadecimal() ?? decimal() }

  private mutating func hexadecimal() -> Range<Int>? {
    guard peek() == UInt8(ascii: "0"), peek(1).map({ $0 | 0x20 }) == UInt8(ascii: "x") else { return nil }
    let start = position
    position += 2
    if take(while: { Self.isLetter($0) || Self.isDigit($0) }).isEmpty { position = start }
    return position > start ? start..<position : nil
  }

  private mutating func decimal() -> Range<Int>? {
    let start = position
    if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
    guard !take(while: Self.isDigit).isEmpty else {
      position = start
      return nil
    }
    if peek() == UInt8(ascii: ".") {
      position += 1
      take(while: Self.isDigit)
    }
    takeExponent()
    return start..<position
  }

  private mutating func takeExponent() {
    guard peek().map({ $0 | 0x20 }) == UInt8(ascii: "e") else { return }
    let start = position
    position += 1
    if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
    if take(while: Self.isDigit).isEmpty { position = start }
  }

  /// `[^()"'\s=,]+`
  mutating func bareString() -> Range<Int>? {
    let range = take(while: Self.isBare)
    return range.isEmpty ? nil : range
  }

  /// `[^ \b\t\n\r\[\]"']+`
  mutating func bareArgument() -> Range<Int>? {
    let range = take(while: Self.isBareArgument)
    return range.isEmpty ? nil : range
  }

  /// The range of a quoted string with its quotes; `nil` when none begins here or it never ends.
  ///
  /// A quote after *any* backslash does not end it, not even in `'ab\\'`.
  mutating func quotedString() -> Range<Int>? {
    guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    let start = position
    var end = start + 1
    while end < bytes.count {
      if bytes[end] == quote, bytes[end - 1] != UInt8(ascii: "\\") {
        position = end + 1
        return start..<position
      }
      end += 1
    }
    return nil
  }

  @discardableResult
  mutating func take(while condition: (UInt8) -> Bool) -> Range<Int> {
    let start = position
    while position < bytes.count, condition(bytes[position]) { position += 1 }
    return start..<position
  }
}

extension ConditionLexer {
  /// What separates tokens; `\b` is among them, as in Falco.
  static func isBlank(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x08, 0x09, 0x0A, 0x0D, 0x20: true
    default: false
    }
  }

  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
  }

  static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09...0x0D, 0x20: false
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "="),
      UInt8(ascii: ","):
      false
    default: true
    }
  }

  static func isBareArgument(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x08, 0x09, 0x0A, 0x0D, 0x20: false
    case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
    default: true
    }
  }
}
