import Model

/// Notices that what happened is judged late, since the agent runs, but not as much as it must: its cgroup is throttled,
/// the machine overloaded, or more happens than it can judge. The engine's thread only.
struct LagWatch {
  /// What is older than this when it is judged is late. In passing a busy machine takes a second.
  static let patienceNanoseconds: UInt64 = 3_000_000_000
  /// It is told at once, then no more often than this.
  static let intervalNanoseconds: UInt64 = 30_000_000_000

  private var excusedUntil: UInt64
  private var lag: Lag?
  private var nextReport: UInt64 = 0

  /// Records that were late, in CLOCK_MONOTONIC nanoseconds.
  struct Lag: Equatable {
    /// When the first of them happened, and when the last was judged.
    var from, to: UInt64
    /// By how much the latest of them was late.
    var longest: UInt64
  }

  /// - Parameter now: what happened before nobody could judge.
  init(now: UInt64) { excusedUntil = now }

  /// A record that happened at `stamp` is judged now.
  mutating func note(_ stamp: UInt64, at now: UInt64) {
    guard stamp > excusedUntil, now > stamp, now - stamp > Self.patienceNanoseconds else { return }
    let before = lag ?? Lag(from: stamp, to: now, longest: 0)
    lag = Lag(from: min(before.from, stamp), to: now, longest: max(before.longest, now - stamp))
  }

  /// Why records up to now are late has been told already.
  mutating func excuse(until now: UInt64) { excusedUntil = now }

  /// What is to be told by now, once.
  /// - Parameter isLast: the agent ends.
  mutating func due(at now: UInt64, isLast: Bool) -> Lag? {
    guard let lag, isLast || now >= nextReport else { return nil }
    self.lag = nil
    nextReport = now + Self.intervalNanoseconds
    return lag
  }
}
