extension CgroupFileName {
  public static let cpuMax = CgroupFileName("cpu.max")
  /// Microseconds a period; −1 for no quota. Version 1.
  public static let cpuQuota = CgroupFileName("cpu.cfs_quota_us")
  /// Version 1.
  public static let cpuPeriod = CgroupFileName("cpu.cfs_period_us")
}

/// How much CPU a cgroup may have, as `cpu.max` of version 2 tells it: a quota or `max`, and the period.
///
/// Version 1 has a file for each of the two; see `init(quota:period:)`. See the kernel's scheduler/sched-bwc.rst.
public struct CPUMax: Equatable, Sendable {
  /// Microseconds of CPU a period; `nil` for no limit.
  public var quotaMicroseconds: UInt64?
  public var periodMicroseconds: UInt64

  /// - Returns: `nil` when the bytes are not a line of such a file.
  public init?(parsing bytes: Span<UInt8>) {
    guard bytes.count > 0, bytes[bytes.count - 1] == UInt8(ascii: "\n"),
      let blank = bytes.firstIndex(of: UInt8(ascii: " "))
    else { return nil }
    var cursor = ByteCursor(0, blank)
    let quota = cursor.decimal(bytes, as: UInt64.self)
    guard quota != nil ? cursor.isAtEnd : bytes.has("max", as: 0..<blank) else { return nil }
    cursor = ByteCursor(blank + 1, bytes.count - 1)
    guard let period = cursor.decimal(bytes, as: UInt64.self), cursor.isAtEnd, period > 0 else { return nil }
    quotaMicroseconds = quota
    periodMicroseconds = period
  }

  /// Of the two files of version 1.
  public init?(quota: CgroupNumber, period: CgroupNumber) {
    guard let period = period.value, period > 0 else { return nil }
    quotaMicroseconds = quota.value
    periodMicroseconds = period
  }

  /// Thousandths of a CPU; `nil` for no limit.
  public var milliCores: UInt64? {
    quotaMicroseconds.map { quota in
      let (product, isTooLarge) = quota.multipliedReportingOverflow(by: 1000)
      return isTooLarge ? quota / periodMicroseconds : product / periodMicroseconds
    }
  }
}
