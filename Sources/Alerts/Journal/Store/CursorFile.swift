import System
import SystemPackage

/// Where a reader stood, kept over a restart.
///
/// One thread at a time.
final class CursorFile {
  private let file: NumberFile
  /// The number that is in the file: 0 in a damaged one, so that its reader begins with the oldest alert; `nil` in one
  /// that was just made.
  private(set) var acknowledged: UInt64?

  private static let kind = Array("WHCURSR1".utf8)

  init(_ path: FilePath) throws(Errno) {
    file = try NumberFile(path)
    acknowledged =
      switch try file.read() {
      case .nothing: nil
      case .number(let sequence, Self.kind): sequence
      case .number, .damaged: 0
      }
  }

  func write(_ sequence: UInt64) throws(Errno) {
    guard sequence != acknowledged else { return }
    try file.write(sequence, kind: Self.kind)
    acknowledged = sequence
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
