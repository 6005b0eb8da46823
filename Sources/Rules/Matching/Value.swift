/// A stretch of the bytes of `Values`.
struct ByteRange: Hashable, Sendable {
  let offset: UInt32
  let count: UInt32

  init(offset: Int, count: Int) {
    (self.offset, self.count) = (UInt32(truncatingIfNeeded: offset), UInt32(truncatingIfNeeded: count))
  }

  var indices: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
}

/// One value of a field: plain data, text by its place in `Values`.
struct Value {
  enum Form: UInt8 { case number, text, address4, address6 }

  let form: Form
  /// The bits of a number (of an integer, a flag, a double), a byte range, or the end of an address.
  private let low: UInt64
  /// The start of an IPv6 address, or the hash of a text once it is known.
  private var high: UInt64

  init(bits: UInt64) {
    (form, low, high) = (.number, bits, 0)
  }

  init(text range: ByteRange) {
    (form, low, high) = (.text, UInt64(range.offset) << 32 | UInt64(range.count), 0)
  }

  init(_ address: IPAddress) {
    (form, low, high) = (address.isV6 ? .address6 : .address4, address.low, address.high)
  }

  /// The bits of a number; 0 for other forms, which the type check keeps apart.
  var bits: UInt64 { form == .number ? low : 0 }

  /// The bytes of text; none for other forms.
  var text: ByteRange {
    form == .text
      ? ByteRange(offset: Int(low >> 32), count: Int(low & 0xFFFF_FFFF)) : ByteRange(offset: 0, count: 0)
  }

  /// The hash of a text; 0 while it is not known.
  var textHash: UInt64 {
    get { form == .text ? high : 0 }
    set { if form == .text { high = newValue } }
  }

  var address: IPAddress? {
    switch form {
    case .address4: IPAddress(v4: UInt32(truncatingIfNeeded: low))
    case .address6: IPAddress(v6: high, low)
    case .number, .text: nil
    }
  }
}
