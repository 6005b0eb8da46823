import System
import SystemPackage

/// Where a reader stood, kept over a restart: 20 bytes, written in place, so that a full disk does not stop it.
///
/// One thread at a time.
final class CursorFile {
  private let file: OpenFile
  /// The number that is in the file: 0 in a damaged one, so that its reader begins with the oldest alert; `nil` in one
  /// that was just made.
  private(set) var acknowledged: UInt64?

  private static let magic = Array("WHCURSR1".utf8)
  private static let byteCount = 20

  init(_ path: FilePath) throws(Errno) {
    file = try OpenFile(path, .readWrite, options: [.create])
    let bytes = try file.descriptor.bytes(at: 0, count: Self.byteCount)
    acknowledged = bytes.isEmpty ? nil : Self.acknowledged(in: bytes) ?? 0
  }

  func write(_ sequence: UInt64) throws(Errno) {
    guard sequence != acknowledged else { return }
    var bytes = Self.magic
    bytes.append(littleEndian: sequence)
    bytes.append(littleEndian: Checksum.of(bytes))
    try file.descriptor.write(bytes.span, at: 0)
    acknowledged = sequence
  }

  private static func acknowledged(in bytes: [UInt8]) -> UInt64? {
    guard bytes.count == byteCount, bytes.starts(with: magic) else { return nil }
    var reader = ByteReader(bytes[magic.count...])
    guard let sequence = reader.integer(UInt64.self), reader.integer(UInt32.self) == Checksum.of(bytes[..<16])
    else { return nil }
    return sequence
  }

  /// `cursor-syslog.2`: what a file name cannot hold becomes `_`.
  static func fileName(of cursor: String) -> String {
    prefix + String(String.UnicodeScalarView(cursor.unicodeScalars.prefix(100).map(plain)))
  }

  static func isCursorFile(_ name: String) -> Bool { name.hasPrefix(prefix) }

  private static let prefix = "cursor-"

  private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": scalar
    default: "_"
    }
  }
}
