/// A number as conditions and captures spell it: decimal, `0x` hexadecimal, or with a fraction and an exponent.
enum Number: Equatable {
  case signed(Int64)
  case unsigned(UInt64)
  case real(Double)

  init?(parsing text: Span<UInt8>) {
    let isNegative = text.first == UInt8(ascii: "-")
    let hasSign = isNegative || text.first == UInt8(ascii: "+")
    let digits = text.extracting((hasSign ? 1 : 0)...)
    if let magnitude = Self.integer(digits) {
      if !isNegative {
        self = .unsigned(magnitude)
      } else if magnitude <= UInt64(Int64.max) + 1 {
        self = .signed(Int64(truncatingIfNeeded: 0 &- magnitude))
      } else {
        return nil
      }
      return
    }
    guard Self.isReal(digits), let value = Double(String(decoding: text)), value.isFinite else { return nil }
    self = .real(value)
  }

  private static func integer(_ text: Span<UInt8>) -> UInt64? {
    let isHexadecimal = text.count > 2 && text[0] == UInt8(ascii: "0") && text[1] | 0x20 == UInt8(ascii: "x")
    let radix: UInt64 = isHexadecimal ? 16 : 10
    let digits = text.extracting((isHexadecimal ? 2 : 0)...)
    guard !digits.isEmpty else { return nil }
    var result: UInt64 = 0
    for index in digits.indices {
      guard let digit = digits[index].hexadecimalValue, UInt64(digit) < radix else { return nil }
      let (product, isTooLarge) = result.multipliedReportingOverflow(by: radix)
      let (sum, overflows) = product.addingReportingOverflow(UInt64(digit))
      guard !isTooLarge, !overflows else { return nil }
      result = sum
    }
    return result
  }

  /// Digits, at most one point, and an exponent; neither `inf` nor `nan`.
  private static func isReal(_ text: Span<UInt8>) -> Bool {
    guard let first = text.first, first &- UInt8(ascii: "0") < 10 else { return false }
    return text.indices.allSatisfy { index in
      switch text[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      case UInt8(ascii: "+"), UInt8(ascii: "-"): text[index - 1] | 0x20 == UInt8(ascii: "e")
      default: false
      }
    }
  }
}

extension Number {
  /// The value as an integer, when it is one.
  var asSigned: Int64? {
    switch self {
    case .signed(let value): value
    case .unsigned(let value): Int64(exactly: value)
    case .real(let value): Int64(exactly: value)
    }
  }

  /// The value as an integer of at least zero, when it is one.
  var asUnsigned: UInt64? {
    switch self {
    case .signed(let value): UInt64(exactly: value)
    case .unsigned(let value): value
    case .real(let value): UInt64(exactly: value)
    }
  }

  var asDouble: Double {
    switch self {
    case .signed(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .real(let value): value
    }
  }
}

extension String {
  /// Text that may hold what is not UTF-8; that becomes U+FFFD.
  init(decoding bytes: Span<UInt8>) {
    self = String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
  }
}
