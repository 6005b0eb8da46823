import Testing

@testable import Monitor

@Suite struct LagWatchTests {
  private static let second: UInt64 = 1_000_000_000
  private var watch = LagWatch(now: 100 * second)

  private mutating func note(_ stamp: UInt64, at now: UInt64) {
    watch.note(stamp * Self.second, at: now * Self.second)
  }

  private mutating func due(at now: UInt64, isLast: Bool = false) -> LagWatch.Lag? {
    watch.due(at: now * Self.second, isLast: isLast)
  }

  @Test("what is three seconds old or less is not late, nor what happened before the agent watched")
  mutating func inTime() {
    note(110, at: 113)
    note(99, at: 120)
    // The clocks of two processors.
    note(122, at: 121)
    let lag = due(at: 200, isLast: true)
    #expect(lag == nil)
  }

  @Test("lateness is told at once, with the greatest; then every 30 s while it lasts, and at the end")
  mutating func late() {
    note(110, at: 114)
    note(111, at: 117)
    note(113, at: 118)
    let first = due(at: 118)
    #expect(
      first == LagWatch.Lag(from: 110 * Self.second, to: 118 * Self.second, longest: 6 * Self.second))
    note(115, at: 120)
    let tooSoon = due(at: 147)
    #expect(tooSoon == nil)
    let second = due(at: 148)
    #expect(
      second == LagWatch.Lag(from: 115 * Self.second, to: 120 * Self.second, longest: 5 * Self.second))
    let nothing = due(at: 300)
    #expect(nothing == nil)
    note(301, at: 305)
    #expect(due(at: 305) != nil)
    note(302, at: 306)
    let last = due(at: 307, isLast: true)
    #expect(last?.longest == 4 * Self.second)
  }

  @Test("what comes late because of a pause that was told is excused")
  mutating func excused() {
    watch.excuse(until: 120 * Self.second)
    note(115, at: 121)
    let lag = due(at: 121)
    #expect(lag == nil)
    note(121, at: 125)
    #expect(due(at: 125) != nil)
  }
}
