import Testing

@testable import Alerts

@Suite struct BackoffTests {
  @Test("pauses double up to the longest one, each with a random part, and begin anew after a success")
  func pauses() {
    var random = SplitMix64(seed: 1)
    var backoff = Backoff(initialMilliseconds: 100, maximumMilliseconds: 30_000)
    for _ in 0..<2 {
      for ceiling in [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000] as [Int32] {
        #expect((ceiling / 2...ceiling).contains(backoff.next(using: &random)))
      }
      backoff.reset()
    }
  }

  @Test("agents that lost a receiver together do not come back together")
  func jitter() {
    let first = (0..<200).map { seed in
      var (random, backoff) = (
        SplitMix64(seed: UInt64(seed)), Backoff(initialMilliseconds: 10_000, maximumMilliseconds: 30_000)
      )
      return backoff.next(using: &random)
    }
    #expect(Set(first).count > 150)
    #expect(first.min() ?? 0 < 6000 && first.max() ?? 0 > 9000)
  }

  @Test("pauses that nobody can mean are a millisecond at least, and never overflow")
  func limits() {
    var random = SplitMix64(seed: 2)
    var (none, endless) = (
      Backoff(initialMilliseconds: -5, maximumMilliseconds: -7),
      Backoff(initialMilliseconds: .max, maximumMilliseconds: .max)
    )
    for _ in 0..<5 {
      #expect(none.next(using: &random) == 1)
      #expect(endless.next(using: &random) >= Int32.max / 2)
    }
  }
}
