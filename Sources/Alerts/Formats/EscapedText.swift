import System

/// Turns bytes of unknown origin into the inside of a JSON string that is also safe to print: one line, valid
/// UTF-8, and nothing in it that moves a cursor, hides text or turns its direction.
///
/// Escaped as JSON does it: `"`, `\`, control characters, and all that `SafeText.isUnsafe` names. What is not UTF-8 becomes U+FFFD, one for each maximal part (Unicode §3.9), as Falco has it.
enum EscapedText {
  /// Appends `text`, escaped.
  static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    _ = append(text, limit: .max, to: &bytes)
  }

  /// Appends `text`, escaped, in at most `limit` bytes; text that does not fit ends between two characters, with
  /// `…` as the mark.
  /// - Returns: whether it was cut.
  static func append(_ text: Span<UInt8>, limit: Int, to bytes: inout [UInt8]) -> Bool {
    CutText.append(text, limit: limit, to: &bytes) { scalar, encoded, bytes in
      if encoded[0] < 0x80 { return append(ascii: encoded[0], to: &bytes) }
      append(scalar, as: encoded, to: &bytes)
    }
  }

  private static let replacementCharacter = Array("\u{FFFD}".utf8)

  private static func append(ascii byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): appendEscape(byte, to: &bytes)
    case 0x20..<0x7F: bytes.append(byte)
    case 0x08: appendEscape(UInt8(ascii: "b"), to: &bytes)
    case 0x09: appendEscape(UInt8(ascii: "t"), to: &bytes)
    case 0x0A: appendEscape(UInt8(ascii: "n"), to: &bytes)
    case 0x0C: appendEscape(UInt8(ascii: "f"), to: &bytes)
    case 0x0D: appendEscape(UInt8(ascii: "r"), to: &bytes)
    default: appendEscape(unit: UInt32(byte), to: &bytes)
    }
  }

  private static func append(_ scalar: UInt32?, as encoded: Span<UInt8>, to bytes: inout [UInt8]) {
    guard let scalar else { return bytes.append(contentsOf: replacementCharacter) }
    guard SafeText.isUnsafe(scalar) else {
      for index in encoded.indices { bytes.append(encoded[index]) }
      return
    }
    guard scalar > 0xFFFF else { return appendEscape(unit: scalar, to: &bytes) }
    // A surrogate pair, since JSON's escapes are UTF-16 units (RFC 8259 §7).
    appendEscape(unit: 0xD800 + (scalar - 0x1_0000) >> 10, to: &bytes)
    appendEscape(unit: 0xDC00 + (scalar - 0x1_0000) & 0x3FF, to: &bytes)
  }

  private static func appendEscape(_ letter: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(letter)
  }

  private static func appendEscape(unit: UInt32, to bytes: inout [UInt8]) {
    appendEscape(UInt8(ascii: "u"), to: &bytes)
    bytes.append(hexadecimal: UInt64(unit), digits: 4)
  }
}
