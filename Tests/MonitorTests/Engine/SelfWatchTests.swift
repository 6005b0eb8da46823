import Model
import Testing

@testable import Monitor

@Suite struct SelfWatchTests {
  private static let second: UInt64 = 1_000_000_000

  @Test("an engine that looks once a second has not paused; one that was away for longer has, once")
  func pauses() {
    var watch = SelfWatch(now: 100 * Self.second)
    let moments = [101, 102, 103, 104, 105, 108, 120, 121].map { watch.runs(at: $0 * Self.second) }
    #expect(moments.map { $0 != nil } == [false, false, false, false, false, false, true, false])
    #expect(moments[6]?.from == 108 * Self.second && moments[6]?.to == 120 * Self.second)
  }

  @Test("a tracer is news until it is known, another is, and the same one once it had let go")
  func tracers() {
    var watch = SelfWatch(now: 0)
    let news = ([7, 7, 8, 0, 8] as [Int32]).map { watch.isNews($0) }
    #expect(news == [true, false, true, false, true])
    // Nobody traces the tests.
    let tracer = watch.newTracer(Self.second)
    #expect(tracer == nil)
  }
}
