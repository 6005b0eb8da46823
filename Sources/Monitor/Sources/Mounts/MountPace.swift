/// How much of a processor reading tables of mounts takes, all namespaces together: a fifth of a core, and no more than a
/// twentieth of a second in a row but for one table. Whoever has thousands of mounts come and go does not make the agent
/// the attacker. One thread uses it; times are CLOCK_MONOTONIC nanoseconds.
struct MountPace {
  /// Each nanosecond of work is one of so many.
  private static let share: UInt64 = 5
  private static let storeNanoseconds: UInt64 = 200_000_000
  /// The host's own table is always read, and must not put off the others for ever.
  private static let longestNanoseconds: UInt64 = 10_000_000_000

  /// When all work is rested from.
  private var restedAt: UInt64 = 0

  /// From when on a table may be read.
  var nextRead: UInt64 { restedAt - min(restedAt, Self.storeNanoseconds) }

  func mayRead(at now: UInt64) -> Bool { now >= nextRead }

  /// Reading a table has taken so much of the processor up to now.
  mutating func spend(_ cost: UInt64, at now: UInt64) {
    let began = now - min(now, cost)
    restedAt = min(max(restedAt, began) + cost * Self.share, now + Self.longestNanoseconds)
  }
}
