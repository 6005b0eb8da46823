/// The inside of a JSON string. See RFC 8259 §7.
enum JSONString {
  /// What is written, without its escapes: bytes from anywhere, to be made safe before they are shown. Half a surrogate
  /// pair becomes U+FFFD, and what is no escape stays as it is.
  static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    guard text.contains(UInt8(ascii: "\\")) else { return Array(text) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch letter {
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0C)
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "u"): bytes += Array(String(takeScalar(&rest)).utf8)
      default: bytes.append(letter)
      }
    }
    return bytes
  }

  /// Reads what stands behind `\u`, and the second half of a pair.
  private static func takeScalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar {
    let unit = takeUnit(&rest)
    guard (0xD800...0xDBFF).contains(unit) else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
    guard rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return "\u{FFFD}" }
    var behind = rest.dropFirst(2)
    let low = takeUnit(&behind)
    guard (0xDC00...0xDFFF).contains(low) else { return "\u{FFFD}" }
    rest = behind
    return Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  private static func takeUnit(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
    let digits = rest.prefix(4)
    rest = rest.dropFirst(4)
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0xFFFD
  }
}
