/// Takes values off the front of bytes that may be cut or damaged: `nil` where they end too early.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position == bytes.endIndex }

  mutating func integer<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) -> T? {
    let width = T.bitWidth / 8
    guard bytes.endIndex - position >= width else { return nil }
    defer { position += width }
    return (0..<width).reduce(T(0)) { $0 | T(bytes[position + $1]) << T($1 * 8) }
  }

  /// Bytes with their count before them.
  mutating func bytesWithCount() -> ArraySlice<UInt8>? {
    guard let count = integer(UInt32.self), bytes.endIndex - position >= Int(count) else { return nil }
    defer { position += Int(count) }
    return bytes[position..<position + Int(count)]
  }

  mutating func text() -> String? {
    bytesWithCount().map { String(decoding: $0, as: UTF8.self) }
  }
}

extension [UInt8] {
  /// Appends the number, lowest byte first.
  mutating func append<T: FixedWidthInteger & UnsignedInteger>(littleEndian value: T) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> T(shift)))
    }
  }

  /// Appends the bytes with their count before them.
  mutating func append(withCount bytes: some Collection<UInt8>) {
    append(littleEndian: UInt32(bytes.count))
    append(contentsOf: bytes)
  }
}
