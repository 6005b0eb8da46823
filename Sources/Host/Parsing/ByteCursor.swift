/// A place in bytes that are parsed from front to back; it never moves beyond its end.
///
/// The bytes are given to each call, since a value that held a span could not leave the scope of its bytes.
struct ByteCursor {
  private(set) var position: Int
  let end: Int

  init(_ position: Int, _ end: Int) {
    self.position = position
    self.end = end
  }

  init(_ range: Range<Int>) { self.init(range.lowerBound, range.upperBound) }

  var isAtEnd: Bool { position == end }

  /// Moves over spaces and tabs.
  mutating func skipBlanks(_ bytes: Span<UInt8>) {
    while position < end, bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t") {
      position += 1
    }
  }

  /// Moves over `byte` when it comes next, and says whether it did.
  mutating func takes(_ byte: UInt8, in bytes: Span<UInt8>) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Takes one byte; `nil` at the end.
  mutating func next(_ bytes: Span<UInt8>) -> UInt8? {
    guard position < end else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  /// The byte that comes next; `nil` at the end.
  func peek(_ bytes: Span<UInt8>) -> UInt8? { position < end ? bytes[position] : nil }

  /// Reads a decimal number, with a minus sign if the type has one.
  /// - Returns: `nil`, not moved, when no digit comes next or the number does not fit.
  mutating func decimal<Number: FixedWidthInteger>(_ bytes: Span<UInt8>, as: Number.Type = Number.self)
    -> Number?
  {
    let start = position
    let isNegative = Number.isSigned && takes(UInt8(ascii: "-"), in: bytes)
    var value: Number = 0
    let first = position
    while position < end {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
      // Summed on the number's own side of zero, so that the least number fits.
      let (sum, carried) =
        isNegative
        ? product.subtractingReportingOverflow(Number(digit)) : product.addingReportingOverflow(Number(digit))
      guard !overflowed, !carried else {
        position = start
        return nil
      }
      value = sum
      position += 1
    }
    guard position > first else {
      position = start
      return nil
    }
    return value
  }

  /// Reads a number of hexadecimal digits, as the kernel writes capability sets.
  /// - Returns: `nil`, not moved, when no digit comes next or there are more than 16.
  mutating func hexadecimal(_ bytes: Span<UInt8>) -> UInt64? {
    let start = position
    var value: UInt64 = 0
    while position < end, let digit = bytes[position].hexadecimalValue {
      guard position - start < 16 else {
        position = start
        return nil
      }
      value = value << 4 | UInt64(digit)
      position += 1
    }
    return position > start ? value : nil
  }

  /// Reads the next decimal number after any blanks.
  mutating func field<Number: FixedWidthInteger>(_ bytes: Span<UInt8>, as: Number.Type = Number.self)
    -> Number?
  {
    skipBlanks(bytes)
    return decimal(bytes)
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit in lower case, the only one the kernel and the runtimes write.
  var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
