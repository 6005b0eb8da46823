/// Turns bytes of unknown origin into the inside of a JSON string that is also safe to print: one line, valid
/// UTF-8, and nothing in it that moves a cursor, hides text or turns its direction.
///
/// Escaped as JSON does it: `"`, `\`, control characters (also DEL and C1), line separators, directional and
/// invisible characters. What is not UTF-8 becomes U+FFFD, one for each maximal part (Unicode §3.9), as Falco has it.
enum EscapedText {
  /// Appends `text`, escaped.
  static func append(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
    _ = append(text, limit: .max, to: &bytes)
  }

  /// Appends `text`, escaped, in at most `limit` bytes; text that does not fit ends between two characters, with
  /// `…` as the mark.
  /// - Returns: whether it was cut.
  static func append(_ text: some Collection<UInt8>, limit: Int, to bytes: inout [UInt8]) -> Bool {
    let wasCut =
      text.withContiguousStorageIfAvailable { buffer in
        append(unsafe buffer.span, limit: limit, to: &bytes)
      }
    if let wasCut { return wasCut }
    return append(Array(text).span, limit: limit, to: &bytes)
  }

  private static func append(_ text: Span<UInt8>, limit: Int, to bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    var cut = start
    var index = 0
    while index < text.count {
      let byte = text[index]
      if isPlain(byte) {
        bytes.append(byte)
        index += 1
      } else {
        let (scalar, length) = decode(text, at: index)
        append(scalar, to: &bytes)
        index += length
      }
      if bytes.count - start <= limit - mark.count {
        cut = bytes.count
      } else if bytes.count - start > limit {
        bytes.removeSubrange(cut...)
        if limit >= mark.count { bytes.append(contentsOf: mark) }
        return true
      }
    }
    return false
  }

  private static let mark = Array("…".utf8)

  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    switch scalar {
    case "\"", "\\":
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    case "\n": append(shortEscape: "n", to: &bytes)
    case "\r": append(shortEscape: "r", to: &bytes)
    case "\t": append(shortEscape: "t", to: &bytes)
    case "\u{8}": append(shortEscape: "b", to: &bytes)
    case "\u{C}": append(shortEscape: "f", to: &bytes)
    case _ where isUnsafeToPrint(scalar.value):
      for unit in UTF16.encode(scalar)! { appendEscape(unit, to: &bytes) }
    default: bytes.append(contentsOf: UTF8.encode(scalar)!)
    }
  }

  private static func append(shortEscape letter: Unicode.Scalar, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(UInt8(ascii: letter))
  }

  private static func appendEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(UInt8(ascii: "u"))
    for shift in [12, 8, 4, 0] {
      let nibble = UInt8(unit >> UInt16(shift) & 0xF)
      bytes.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
    }
  }

  private static func isUnsafeToPrint(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0...0x1F, 0x7F...0x9F: true  // C0, DEL, C1
    case 0xAD, 0x61C, 0x180E: true  // soft hyphen, Arabic letter mark, Mongolian vowel separator
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true  // invisible, separators, directional
    case 0xFEFF, 0xFFF9...0xFFFB: true  // byte order mark, annotations
    case 0xE0000...0xE007F: true  // tags, which can hide a whole text
    default: false
    }
  }

  /// The scalar at `index` and how many bytes it takes; U+FFFD for the maximal part of a broken one.
  static func decode(_ text: Span<UInt8>, at index: Int) -> (Unicode.Scalar, length: Int) {
    let lead = text[index]
    guard lead >= 0x80 else { return (Unicode.Scalar(lead), 1) }
    // The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF (Unicode table 3-7).
    let (needed, second): (Int, ClosedRange<UInt8>)
    switch lead {
    case 0xC2...0xDF: (needed, second) = (1, 0x80...0xBF)
    case 0xE0: (needed, second) = (2, 0xA0...0xBF)
    case 0xED: (needed, second) = (2, 0x80...0x9F)
    case 0xE1...0xEF: (needed, second) = (2, 0x80...0xBF)
    case 0xF0: (needed, second) = (3, 0x90...0xBF)
    case 0xF1...0xF3: (needed, second) = (3, 0x80...0xBF)
    case 0xF4: (needed, second) = (3, 0x80...0x8F)
    default: return ("\u{FFFD}", 1)
    }
    var value = UInt32(lead) & (0x3F >> UInt32(needed))
    for offset in 1...needed {
      let range = offset == 1 ? second : 0x80...0xBF
      guard index + offset < text.count, range.contains(text[index + offset]) else {
        return ("\u{FFFD}", offset)
      }
      value = value << 6 | UInt32(text[index + offset] & 0x3F)
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", needed + 1)
  }
}
