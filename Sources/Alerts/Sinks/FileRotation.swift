import System
import SystemPackage

/// When a file is set aside and a new one begun, and how many of those set aside are kept.
public struct FileRotation: Equatable, Sendable {
  /// A file never grows beyond it, but for a single alert that is larger; `nil`: as large as it gets.
  public var maximumBytes: Int64?
  /// How old a file gets; `nil`: as old as it gets.
  public var maximumAgeSeconds: UInt64?
  /// Files that are kept besides the one that is written, 1 or more.
  public var keep: UInt32 = 5

  public init() {}

  /// Whether a file that was begun at `birth` is too old, at a time in nanoseconds since 1970 UTC.
  func isTooOld(bornAt birth: UInt64, now: UInt64) -> Bool {
    guard let maximumAgeSeconds, now > birth else { return false }
    return (now - birth) / 1_000_000_000 >= maximumAgeSeconds
  }

  /// Sets a file aside: `path` becomes `path.1`, `path.1` becomes `path.2`, and what was the oldest is gone.
  /// - Throws: what rename(2) returns; the file is then still in its place.
  func setAside(_ path: String) throws(Errno) {
    for number in stride(from: Int(keep) - 1, through: 1, by: -1) {
      do {
        try Directory.rename(FilePath("\(path).\(number)"), to: FilePath("\(path).\(number + 1)"))
      } catch .noSuchFileOrDirectory {
        continue
      }
    }
    try Directory.rename(FilePath(path), to: FilePath("\(path).1"))
  }
}
