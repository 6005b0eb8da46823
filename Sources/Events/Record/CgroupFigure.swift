/// One number that a source reads of a cgroup, as `Parameter.figures` states it.
///
/// Counters grow for as long as the cgroup lives; what they mean for a span of time is the model's to say.
public enum CgroupFigure: UInt64, CaseIterable, Sendable {
  /// Bytes.
  case memoryUsage = 0
  /// Bytes: the least limit of the cgroup and those above it.
  case memoryLimit
  /// Processes killed for want of memory, since the cgroup was made.
  case oomKills
  /// Processes and threads.
  case pidsCount
  /// The least limit on them of the cgroup and those above it.
  case pidsLimit
  /// How often a fork failed at the limit, since the cgroup was made.
  case pidsLimitHits
  /// Nanoseconds of CPU, since the cgroup was made.
  case cpuUsage
  /// Periods with a quota in which something ran, since the cgroup was made.
  case cpuPeriods
  /// Those in which the quota was used up.
  case cpuThrottledPeriods
  /// Thousandths of a CPU: the least quota of the cgroup and those above it.
  case cpuQuota
  /// Bytes, since the cgroup was made.
  case bytesRead
  /// Bytes, since the cgroup was made.
  case bytesWritten
  /// Hundredths of a per cent: the share of the last ten seconds in which some process waited for a CPU.
  case cpuPressure
  /// As `cpuPressure`, for memory.
  case memoryPressure
  /// As `cpuPressure`, for block devices.
  case ioPressure
  /// 1 while every process stands still, else 0.
  case isFrozen

  /// Stated in the place of a number: there is none, as of a limit that is not set.
  public static let none = UInt64.max
}
