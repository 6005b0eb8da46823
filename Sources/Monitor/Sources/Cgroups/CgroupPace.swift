import System

/// How often the cgroup source reads by itself, and how much it may do in a row. One thread uses it.
struct CgroupPace {
  /// Between two polls of version 1: at least, and at most.
  static let pollNanoseconds: ClosedRange<UInt64> = 100_000_000...5_000_000_000
  /// A thousand times what a poll costs lies between two: 0.1 % of a core.
  private static let pollShare: UInt64 = 1000
  /// Of a window of one second the source works at most so long: whoever makes and removes cgroups as fast as he can
  /// overflows the queue, which is counted, and does not make the agent the attacker.
  private static let windowNanoseconds: UInt64 = 1_000_000_000
  private static let workNanoseconds: UInt64 = 300_000_000

  private var windowEnds: UInt64 = 0
  private var cpuAtStart: UInt64 = 0

  /// Nanoseconds until the next poll, by what the last one cost.
  static func pollInterval(afterCost cost: UInt64) -> UInt64 {
    min(max(cost &* pollShare, pollNanoseconds.lowerBound), pollNanoseconds.upperBound)
  }

  /// Nanoseconds between two readings on the clock, by what the last one cost: 1 % of a core at most.
  static func interval(_ wanted: UInt64, afterCost cost: UInt64) -> UInt64 { max(wanted, cost &* 100) }

  /// Milliseconds to rest now, since the window's share is used up; 0 nearly always.
  mutating func rest(now: UInt64, cpu: UInt64) -> UInt32 {
    guard now < windowEnds else {
      windowEnds = now + Self.windowNanoseconds
      cpuAtStart = cpu
      return 0
    }
    guard cpu - cpuAtStart >= Self.workNanoseconds else { return 0 }
    return UInt32((windowEnds - now) / 1_000_000) + 1
  }
}
