/// A universally unique identifier of version 7: the time in its first 48 bits, so that it sorts by time, and
/// random bits after it. See RFC 9562 §5.7.
public struct UUID: Hashable, Sendable {
  public let high: UInt64
  public let low: UInt64

  /// The identifier with these 128 bits, whatever their version.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new identifier for something that happened at `timeNanoseconds` (since 1970 UTC).
  public init(timeNanoseconds: UInt64, using generator: inout some RandomNumberGenerator) {
    let milliseconds = timeNanoseconds / 1_000_000
    high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
    low = 0x8000_0000_0000_0000 | generator.next() >> 2
  }

  /// Appends the 36 characters of the usual form, in lower case.
  public func append(to bytes: inout [UInt8]) {
    bytes.append(hexadecimal: high >> 32, digits: 8)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(hexadecimal: high >> 16, digits: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(hexadecimal: high, digits: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(hexadecimal: low >> 48, digits: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(hexadecimal: low, digits: 12)
  }
}

extension UUID: CustomStringConvertible {
  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
