extension CgroupFileName {
  public static let cpuStat = CgroupFileName("cpu.stat")
}

/// The CPU time of a cgroup and of those below it, as `cpu.stat` of either version tells it.
///
/// See cgroups(7), the kernel's cgroup-v2.rst and scheduler/sched-bwc.rst.
public struct CPUStat: Equatable, Sendable {
  /// Nanoseconds of CPU used. Version 2 alone tells it here; for version 1 see `CgroupFileName.cpuacctUsage`.
  public var usageNanoseconds: UInt64?
  /// Periods in which something ran while a quota was set; `nil` without the controller.
  public var periods: UInt64?
  /// Those of them in which the quota was used up.
  public var throttledPeriods: UInt64?
  /// Nanoseconds for which something that could have run had to wait for the next period.
  public var throttledNanoseconds: UInt64?

  /// - Returns: `nil` when the bytes are not such a file, or are torn.
  public init?(parsing bytes: Span<UInt8>) {
    var stat = CPUStat()
    let isWhole = FlatKeyedFile.forEach(in: bytes) { key, value in
      let (nanoseconds, isTooLarge) = value.multipliedReportingOverflow(by: 1000)
      if bytes.has("usage_usec", as: key), !isTooLarge { stat.usageNanoseconds = nanoseconds }
      if bytes.has("nr_periods", as: key) { stat.periods = value }
      if bytes.has("nr_throttled", as: key) { stat.throttledPeriods = value }
      if bytes.has("throttled_usec", as: key), !isTooLarge { stat.throttledNanoseconds = nanoseconds }
      if bytes.has("throttled_time", as: key) { stat.throttledNanoseconds = value }
    }
    guard isWhole, stat.usageNanoseconds != nil || stat.periods != nil else { return nil }
    self = stat
  }

  private init() {}
}
