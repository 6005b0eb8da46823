/// Where the parts of a record lie.
///
/// ```
///  0 UInt32 size, header and parameters, a multiple of 8
///  4 UInt16 kind        6 UInt8 source      7 UInt8 flags
///  8 UInt64 stamp: CLOCK_MONOTONIC nanoseconds of the happening, or of the moment its read began
/// 16 Int32  pid        20 UInt32 zero
/// 24 UInt64 start ticks of the process; 0 when the source does not know them
/// 32 parameters: UInt16 number, UInt16 zero, UInt32 count of bytes, the bytes, filled up to a multiple of 8
/// ```
@usableFromInline
enum RecordLayout {
  @usableFromInline static let size = 0
  @usableFromInline static let kind = 4
  @usableFromInline static let source = 6
  @usableFromInline static let flags = 7
  @usableFromInline static let stamp = 8
  @usableFromInline static let pid = 16
  @usableFromInline static let startTicks = 24
  @usableFromInline static let header = 32
  @usableFromInline static let parameterHeader = 8

  @inlinable
  static func padded(_ count: Int) -> Int { (count + 7) & ~7 }
}

/// What qualifies a record as a whole.
public struct RecordFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Details are missing that the source would have read: the process had gone, or its reader was shedding.
  public static let incomplete = RecordFlags(rawValue: 1 << 0)
  /// Everything that is needed of the process was read (the second pass), not only its stat line.
  public static let filled = RecordFlags(rawValue: 1 << 1)
  /// Arguments were longer than a record carries and were cut.
  public static let clipped = RecordFlags(rawValue: 1 << 2)
  /// What was so when the source first looked: no change of anything.
  public static let initial = RecordFlags(rawValue: 1 << 3)
}
