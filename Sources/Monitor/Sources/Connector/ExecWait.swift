/// How long is waited for an exec whose new ids count already and whose arguments are laid out a moment later. One
/// thread uses it; times are CLOCK_MONOTONIC nanoseconds.
///
/// It takes no more than 1 % of the time, be it in vain or not: who empties his arguments and fills them again, and
/// changes his ids all the while, would hold up everybody's messages.
struct ExecWait {
  /// Microseconds between two looks at the arguments, which an exec takes some 100 for. The program may have ended after
  /// the next 500.
  private static let steps: [UInt32] = [50, 50, 100, 100, 200, 400, 800, 1600]
  /// For each nanosecond of waiting so many without.
  private static let restFactor: UInt64 = 100

  private var left: ArraySlice<UInt32> = []
  private var restedAt: UInt64 = 0

  /// Another process is looked at.
  mutating func begin(at now: UInt64) { left = now < restedAt ? [] : Self.steps[...] }

  /// Microseconds to wait before the next look; `nil` when that was enough.
  mutating func next(at now: UInt64) -> UInt32? {
    guard let step = left.popFirst() else { return nil }
    restedAt = max(restedAt, now) + UInt64(step) * 1000 * Self.restFactor
    return step
  }
}
