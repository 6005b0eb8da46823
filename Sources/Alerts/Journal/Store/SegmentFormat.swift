import SystemPackage

/// The layout of a segment: a header, then records. All integers have their lowest byte first.
///
/// | header | record |
/// |---|---|
/// | `WHALERT1` | count of the payload's bytes, 4 bytes |
/// | number of the first entry, 8 bytes | CRC-32C of the payload, 4 bytes |
/// | when it was made, nanoseconds since 1970 UTC, 8 bytes | payload: an entry, its number first |
/// | CRC-32C of the 24 bytes before, 4 bytes | |
enum SegmentFormat {
  static let headerBytes = 28
  static let recordHeaderBytes = 8
  /// No record is larger; a count above this is damage.
  static let maximumPayloadBytes = 64 << 20
  private static let magic = Array("WHALERT1".utf8)

  struct Header: Equatable {
    var firstSequence: UInt64
    var madeNanoseconds: UInt64
  }

  static func header(_ header: Header) -> [UInt8] {
    var bytes = magic
    bytes.append(littleEndian: header.firstSequence)
    bytes.append(littleEndian: header.madeNanoseconds)
    bytes.append(littleEndian: Checksum.of(bytes))
    return bytes
  }

  /// The header, if `bytes` begin with a whole one.
  static func header(of bytes: [UInt8]) -> Header? {
    guard bytes.count >= headerBytes, bytes.starts(with: magic) else { return nil }
    var reader = ByteReader(bytes[magic.count...])
    guard let first = reader.integer(UInt64.self), let made = reader.integer(UInt64.self),
      reader.integer(UInt32.self) == Checksum.of(bytes[..<24]), first > 0
    else { return nil }
    return Header(firstSequence: first, madeNanoseconds: made)
  }

  static func append(_ entry: JournalEntry, to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: recordHeaderBytes))
    EntryCoding.append(entry, to: &bytes)
    let payload = bytes[(start + recordHeaderBytes)...]
    var header: [UInt8] = []
    header.append(littleEndian: UInt32(payload.count))
    header.append(littleEndian: Checksum.of(payload))
    bytes.replaceSubrange(start..<start + recordHeaderBytes, with: header)
  }

  /// What a record's header says.
  static func recordHeader(of bytes: ArraySlice<UInt8>) -> (payloadBytes: Int, checksum: UInt32)? {
    var reader = ByteReader(bytes)
    guard let count = reader.integer(UInt32.self), let checksum = reader.integer(UInt32.self),
      (8...maximumPayloadBytes).contains(Int(count))
    else { return nil }
    return (Int(count), checksum)
  }

  /// `00000000000000000042.alerts`: names sort as their numbers do.
  static func fileName(firstSequence: UInt64) -> String {
    let digits = String(firstSequence)
    return String(repeating: "0", count: 20 - digits.count) + digits + suffix
  }

  static func firstSequence(ofFileName name: String) -> UInt64? {
    guard name.utf8.count == 20 + suffix.utf8.count, name.hasSuffix(suffix) else { return nil }
    return UInt64(name.dropLast(suffix.count))
  }

  private static let suffix = ".alerts"
}
