extension Values {
  /// Adds what `text` encodes in Base64; padding may be missing. See RFC 4648 §4.
  /// - Returns: false when it is not Base64; some bytes may have been added then.
  mutating func addDecodedBase64(_ text: ByteRange) -> Bool {
    var end = text.indices.upperBound
    var padding = 0
    while padding < 2, end > text.indices.lowerBound, bytes[end - 1] == UInt8(ascii: "=") {
      end -= 1
      padding += 1
    }
    var bits: UInt32 = 0
    var count = 0
    for index in text.indices.lowerBound..<end {
      guard let sextet = bytes[index].base64Value else { return false }
      bits = bits << 6 | UInt32(sextet)
      count += 1
      if count % 4 == 0 {
        for shift in [16, 8, 0] as [UInt32] { add(UInt8(truncatingIfNeeded: bits >> shift)) }
      }
    }
    switch count % 4 {
    case 0: return padding == 0
    case 2: add(UInt8(truncatingIfNeeded: bits >> 4))
    case 3:
      add(UInt8(truncatingIfNeeded: bits >> 10))
      add(UInt8(truncatingIfNeeded: bits >> 2))
    default: return false
    }
    return padding == 0 || (count + padding) % 4 == 0
  }
}

extension UInt8 {
  fileprivate var base64Value: UInt8? {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): self - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): self - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
