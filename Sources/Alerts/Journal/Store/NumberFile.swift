import System
import SystemPackage

/// A number that is kept over a restart: 20 bytes, written in place, so that a full disk does not stop it.
///
/// One thread at a time.
struct NumberFile: ~Copyable {
  private let file: OpenFile
  private static let byteCount = 20

  /// What is in such a file.
  enum Content: Equatable {
    /// It was just made.
    case nothing
    /// Bytes that no agent wrote.
    case damaged
    /// - Parameter kind: eight bytes that say what the number is.
    case number(UInt64, kind: [UInt8])
  }

  init(_ path: FilePath) throws(Errno) {
    file = try OpenFile(path, .readWrite, options: [.create])
  }

  func read() throws(Errno) -> Content {
    let bytes = try file.descriptor.bytes(at: 0, count: Self.byteCount)
    guard !bytes.isEmpty else { return .nothing }
    guard bytes.count == Self.byteCount else { return .damaged }
    var reader = ByteReader(bytes[8...])
    guard let number = reader.integer(UInt64.self), reader.integer(UInt32.self) == Checksum.of(bytes[..<16])
    else { return .damaged }
    return .number(number, kind: Array(bytes[..<8]))
  }

  /// - Parameter kind: eight bytes.
  func write(_ number: UInt64, kind: [UInt8]) throws(Errno) {
    var bytes = kind
    bytes.append(littleEndian: number)
    bytes.append(littleEndian: Checksum.of(bytes))
    try file.descriptor.write(bytes.span, at: 0)
  }
}
