/// Which bytes are UTF-8. See RFC 3629 §4.
enum UTF8Check {
  static func isValid(_ text: Span<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      let length = sequenceLength(text, at: index)
      if length == 0 { return false }
      index += length
    }
    return true
  }

  /// Bytes of the scalar at `index`; 0 when none is encoded there.
  static func sequenceLength(_ text: Span<UInt8>, at index: Int) -> Int {
    let first = text[index]
    if first < 0x80 { return 1 }
    // The second byte's bounds keep out overlong forms, surrogates and what is above U+10FFFF.
    let (length, low, high): (Int, UInt8, UInt8) =
      switch first {
      case 0xC2...0xDF: (2, 0x80, 0xBF)
      case 0xE0: (3, 0xA0, 0xBF)
      case 0xE1...0xEC, 0xEE, 0xEF: (3, 0x80, 0xBF)
      case 0xED: (3, 0x80, 0x9F)
      case 0xF0: (4, 0x90, 0xBF)
      case 0xF1...0xF3: (4, 0x80, 0xBF)
      case 0xF4: (4, 0x80, 0x8F)
      default: (0, 0, 0)
      }
    guard length > 0, index + length <= text.count, low <= text[index + 1], text[index + 1] <= high else {
      return 0
    }
    for next in stride(from: index + 2, to: index + length, by: 1) where text[next] & 0xC0 != 0x80 {
      return 0
    }
    return length
  }
}

extension Values {
  /// Adds a copy of text in which U+FFFD stands for each byte that is not UTF-8.
  mutating func addSanitized(_ text: ByteRange) {
    var index = text.indices.lowerBound
    while index < text.indices.upperBound {
      let length = UTF8Check.sequenceLength(bytes.span.extracting(..<text.indices.upperBound), at: index)
      if length == 0 {
        add("\u{FFFD}")
        index += 1
      } else {
        add(ByteRange(offset: index, count: length))
        index += length
      }
    }
  }
}
