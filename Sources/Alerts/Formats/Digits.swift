extension [UInt8] {
  /// Appends the number in decimal digits, with zeros before it up to `width`.
  mutating func append(decimal value: some BinaryInteger, width: Int = 1) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = UInt64(value.magnitude)
    let start = count
    repeat {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    while count - start < width { append(UInt8(ascii: "0")) }
    self[start...].reverse()
  }

  /// Appends the lowest `digits` hexadecimal digits of the number, in lower case.
  mutating func append(hexadecimal value: UInt64, digits: UInt64) {
    for digit in (0..<digits).reversed() {
      let nibble = UInt8(truncatingIfNeeded: value >> (digit * 4)) & 0xF
      append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
    }
  }
}
