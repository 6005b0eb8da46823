/// Turns bytes that a hostile process may have chosen into text that is safe in one line of a terminal or a log.
///
/// The result is valid UTF-8 without line breaks, terminal control, or characters that reorder or hide their
/// neighbours. Every escape is written as in a Swift string literal, and a backslash is itself escaped, so text
/// that was escaped and text that only looks so can be told apart:
///
/// | in the bytes | in the text |
/// |---|---|
/// | printable UTF-8, space included | itself |
/// | `\` | `\\` |
/// | tab, line feed, carriage return | `\t` `\n` `\r` |
/// | other C0 controls, DEL, C1 controls (U+0080–U+009F) | `\u{1b}`, lower-case hex without leading zeros |
/// | soft hyphen, Arabic letter mark, zero-width space, directional marks, embeddings, overrides, isolates | `\u{202e}` |
/// | line and paragraph separator, invisible operators, byte order mark, annotation characters | `\u{2028}` |
/// | tags and the rest of U+E0000–U+E0FFF | `\u{e0001}` |
/// | each ill-formed part of UTF-8 | U+FFFD, one for each maximal part, as Falco and `String(decoding:as:)` do |
///
/// The zero-width joiners U+200C and U+200D stay: Indic and Persian words and emoji need them.
/// Any thread may call; nothing is allocated but room in the caller's array.
public enum SafeText {
  /// Appends `bytes`, made safe, to `text`.
  public static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x80 {
        append(ascii: byte, to: &text)
        position += 1
        continue
      }
      let (scalar, length) = decode(bytes, at: position)
      if let scalar {
        append(scalar, as: bytes.extracting(position..<position + length), to: &text)
      } else {
        append(replacementCharacter, to: &text)
      }
      position += length
    }
  }

  /// Appends `string`, made safe, to `text`.
  public static func append(_ string: String, to text: inout [UInt8]) {
    append(string.utf8.span, to: &text)
  }

  private static let backslash = UInt8(ascii: "\\")
  private static let replacementCharacter: StaticUTF8 = (0xEF, 0xBF, 0xBD)
  private typealias StaticUTF8 = (UInt8, UInt8, UInt8)

  private static func append(_ character: StaticUTF8, to text: inout [UInt8]) {
    text.append(character.0)
    text.append(character.1)
    text.append(character.2)
  }

  private static func append(ascii byte: UInt8, to text: inout [UInt8]) {
    switch byte {
    case backslash: appendEscape(backslash, to: &text)
    case 0x09: appendEscape(UInt8(ascii: "t"), to: &text)
    case 0x0A: appendEscape(UInt8(ascii: "n"), to: &text)
    case 0x0D: appendEscape(UInt8(ascii: "r"), to: &text)
    case 0x20..<0x7F: text.append(byte)
    default: appendEscape(scalar: UInt32(byte), to: &text)
    }
  }

  private static func append(_ scalar: UInt32, as encoded: Span<UInt8>, to text: inout [UInt8]) {
    guard !isUnsafe(scalar) else { return appendEscape(scalar: scalar, to: &text) }
    for index in encoded.indices { text.append(encoded[index]) }
  }

  private static func appendEscape(_ letter: UInt8, to text: inout [UInt8]) {
    text.append(backslash)
    text.append(letter)
  }

  private static func appendEscape(scalar: UInt32, to text: inout [UInt8]) {
    text.append(backslash)
    text.append(UInt8(ascii: "u"))
    text.append(UInt8(ascii: "{"))
    var shift = (max(1, 32 - scalar.leadingZeroBitCount) - 1) & ~3
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: scalar >> UInt32(shift)) & 0xF
      text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      shift -= 4
    }
    text.append(UInt8(ascii: "}"))
  }

  /// Whether a character above ASCII controls the terminal, breaks the line, or hides or reorders its neighbours.
  public static func isUnsafe(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0xAD, 0x061C, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }

  /// Reads one character above ASCII, by table 3-7 of the Unicode standard: its second byte alone rules out overlong
  /// forms, surrogates and what lies above U+10FFFF.
  /// - Returns: the scalar, or nil when ill-formed; and the length of it or of the maximal ill-formed part.
  public static func decode(_ bytes: Span<UInt8>, at start: Int) -> (scalar: UInt32?, length: Int) {
    let lead = bytes[start]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return (nil, 1)
    }
    var scalar = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      guard start + offset < bytes.count else { return (nil, offset) }
      let byte = bytes[start + offset]
      guard (offset == 1 ? second : 0x80...0xBF).contains(byte) else { return (nil, offset) }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    return (scalar, length)
  }
}
