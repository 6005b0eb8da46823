extension CgroupFileName {
  public static let memoryCurrent = CgroupFileName("memory.current")
  public static let memoryMax = CgroupFileName("memory.max")
  /// `memoryCurrent` of version 1.
  public static let memoryUsage = CgroupFileName("memory.usage_in_bytes")
  /// `memoryMax` of version 1.
  public static let memoryLimit = CgroupFileName("memory.limit_in_bytes")
  public static let pidsCurrent = CgroupFileName("pids.current")
  public static let pidsMax = CgroupFileName("pids.max")
  /// Nanoseconds of CPU, those of cgroups below too: version 1 has no such line in `cpu.stat`.
  public static let cpuacctUsage = CgroupFileName("cpuacct.usage")
}

/// A file that holds one number, or the word `max` where there is no limit: `memory.current`, `memory.max`,
/// `memory.limit_in_bytes`, `pids.max`, `cpuacct.usage` and the like.
public enum CgroupNumber: Equatable, Sendable {
  case value(UInt64)
  /// No limit: `max`; in version 1 of memory the largest number of whole pages, which depends on the size of a page.
  case unlimited

  /// The least number of bytes that stands for no limit: `LONG_MAX` less than a page of the largest size, 64 KiB.
  static let unlimitedBytes = UInt64(Int64.max) - (64 << 10)

  /// - Returns: `nil` when the bytes are not one number, or `max`, and a newline.
  public init?(parsing bytes: Span<UInt8>) {
    guard bytes.count > 0, bytes[bytes.count - 1] == UInt8(ascii: "\n") else { return nil }
    let line = 0..<bytes.count - 1
    if bytes.has("max", as: line) || bytes.has("-1", as: line) {
      self = .unlimited
      return
    }
    var cursor = ByteCursor(line)
    guard let value = cursor.decimal(bytes, as: UInt64.self), cursor.isAtEnd else { return nil }
    self = value >= Self.unlimitedBytes ? .unlimited : .value(value)
  }

  /// The number; `nil` for no limit.
  public var value: UInt64? {
    if case .value(let value) = self { value } else { nil }
  }
}
