/// Quoting in conditions, both ways.
enum QuotedString {
  /// The value of a quoted string, whose quotes are at the ends of `range`.
  static func unescape(_ range: Range<Int>, in bytes: [UInt8]) throws(SyntaxError) -> [UInt8] {
    let quote = bytes[range.lowerBound]
    let inner = range.lowerBound + 1..<range.upperBound - 1
    guard bytes[inner].contains(UInt8(ascii: "\\")) else { return Array(bytes[inner]) }
    var value: [UInt8] = []
    value.reserveCapacity(inner.count)
    var offset = inner.lowerBound
    while offset < inner.upperBound {
      if bytes[offset] != UInt8(ascii: "\\") {
        value.append(bytes[offset])
        offset += 1
        continue
      }
      guard offset + 1 < inner.upperBound, let byte = escaped(bytes[offset + 1], quote: quote) else {
        throw unknownEscape(at: offset, in: bytes)
      }
      value.append(byte)
      offset += 2
    }
    return value
  }

  /// What an escape stands for; `nil` when there is none.
  private static func escaped(_ byte: UInt8, quote: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "/"): byte
    // An escaped blank is a backslash without the blank: old rules rely on it, and it is the only way to write a
    // value that ends in a backslash.
    case UInt8(ascii: "\\"), UInt8(ascii: " "): UInt8(ascii: "\\")
    case quote: byte
    default: nil
    }
  }

  private static func unknownEscape(at offset: Int, in bytes: [UInt8]) -> SyntaxError {
    // The whole scalar, lest half a character be quoted.
    var end = min(offset + 2, bytes.count)
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let text = String(decoding: bytes[offset..<end], as: UTF8.self)
    return SyntaxError(
      "there is no escape '\(text)' here", range: offset..<end,
      cure: text == "\\\"" || text == "\\'"
        ? "only the quote that the string begins with is escaped" : "write '\\\\' for a backslash")
  }

  /// A value as a token that reads back as itself: bare where it can be, else in double quotes.
  static func spell(_ value: [UInt8]) -> [UInt8] { canBeBare(value) ? value : quote(value) }

  private static func canBeBare(_ value: [UInt8]) -> Bool {
    !value.isEmpty && value.allSatisfy { $0 > 0x20 && $0 != 0x7F && ConditionLexer.isBare($0) }
      && Modifier(rawValue: String(decoding: value, as: UTF8.self)) == nil
  }

  static func quote(_ value: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in value {
      switch byte {
      case 0x08: result += "\\b".utf8
      case 0x09: result += "\\t".utf8
      case 0x0A: result += "\\n".utf8
      case 0x0C: result += "\\f".utf8
      case 0x0D: result += "\\r".utf8
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      default: result.append(byte)
      }
    }
    // A quote after a backslash would not close the string, but after backslash and blank it does.
    if value.last == UInt8(ascii: "\\") { result[result.count - 1] = UInt8(ascii: " ") }
    result.append(UInt8(ascii: "\""))
    return result
  }
}
