import System

/// How often the cgroup source reads by itself, and how much it may do in a row. One thread uses it.
struct CgroupPace {
  /// Between two polls of version 1: at least, and at most.
  static let pollNanoseconds: ClosedRange<UInt64> = 200_000_000...5_000_000_000
  /// Two thousand times what a poll costs lies between two: 0.05 % of a core.
  private static let pollShare: UInt64 = 2000
  /// Of every second the source works at most 300 ms, and has no more than that in store: whoever makes and removes
  /// cgroups as fast as he can overflows the queue, which is counted, and does not make the agent the attacker.
  private static let storeNanoseconds: Int64 = 300_000_000
  private static let (earned, inTime): (Int64, Int64) = (3, 10)

  /// CPU time that may still be used; below 0 what was used too much.
  private var credit = storeNanoseconds
  private var last: (now: UInt64, cpu: UInt64)?

  /// Nanoseconds until the next poll, by what the last one cost.
  static func pollInterval(afterCost cost: UInt64) -> UInt64 {
    min(max(cost &* pollShare, pollNanoseconds.lowerBound), pollNanoseconds.upperBound)
  }

  /// Nanoseconds between two readings on the clock, by what the last one cost: 1 % of a core at most.
  static func interval(_ wanted: UInt64, afterCost cost: UInt64) -> UInt64 { max(wanted, cost &* 100) }

  /// Milliseconds to rest now, until what was used too much is earned again; 0 nearly always.
  /// - Parameters:
  ///   - now: the time now, after the work.
  ///   - cpu: CPU time that the thread has used.
  mutating func rest(now: UInt64, cpu: UInt64) -> UInt32 {
    if let last {
      let time = Int64(clamping: now - last.now) / Self.inTime * Self.earned
      credit = min(Self.storeNanoseconds, credit + time - Int64(clamping: cpu - last.cpu))
    }
    last = (now, cpu)
    guard credit < 0 else { return 0 }
    return UInt32(clamping: -credit / Self.earned * Self.inTime / 1_000_000 + 1)
  }

  /// As `rest`, by the clocks.
  mutating func rest() -> UInt32 { rest(now: Clock.monotonicNanoseconds, cpu: Clock.threadCPUNanoseconds) }
}
