import Glibc
import System
import Testing

@testable import Monitor

@Suite struct SweepPaceTests {
  /// Uses this thread's CPU for so long.
  private func work(milliseconds: UInt64) {
    let end = Clock.threadCPUNanoseconds + milliseconds * 1_000_000
    while Clock.threadCPUNanoseconds < end {}
  }

  @Test("with the connector a pass each minute is enough")
  func reconcile() {
    var pace = SweepPace(hasConnector: true)
    #expect(pace.intervalMilliseconds() == 60_000)
    work(milliseconds: 10)
    #expect(pace.intervalMilliseconds() == 60_000)
  }

  @Test("without the connector the pause is a hundred times the pass's cost, within bounds")
  func poll() {
    var pace = SweepPace(hasConnector: false)
    #expect(pace.intervalMilliseconds() == 250, "at least")
    work(milliseconds: 20)
    #expect((2000...9000).contains(pace.intervalMilliseconds()))
    work(milliseconds: 120)
    #expect(pace.intervalMilliseconds() == 10_000, "at most")
    pace.beginPass(isUrgent: false)
    #expect(pace.intervalMilliseconds() == 250, "each pass is reckoned for itself")
  }

  @Test("a connector that hears nothing any more is as good as none")
  func deaf() {
    var pace = SweepPace(hasConnector: true)
    pace.hasConnector = false
    #expect(pace.intervalMilliseconds() == 250)
  }

  @Test("urgent passes take no more than a twentieth of a core: the next one waits for its turn")
  func urgent() {
    var pace = SweepPace(hasConnector: true)
    // The first pass is urgent, and cost 100 ms.
    work(milliseconds: 100)
    pace.beginPass(isUrgent: true)
    #expect((2...6).contains(pace.secondsUntilTurn))
    // One that is not urgent waits for nothing.
    pace.beginPass(isUrgent: false)
    #expect(pace.secondsUntilTurn == 0)
  }

  @Test("an urgent pass reads again only a few that look the same, another half a percent of a core's worth")
  func rereads() {
    var pace = SweepPace(hasConnector: true)
    pace.beginPass(isUrgent: true)
    #expect(pace.rereadLimit == 4)
    pace.beginPass(isUrgent: false)
    #expect(pace.rereadLimit == 3000)
    var polling = SweepPace(hasConnector: false)
    polling.beginPass(isUrgent: false)
    #expect(polling.rereadLimit == 12)
  }

  @Test(
    "a pass that is not urgent pauses after each slice of work, an urgent one never",
    arguments: [(false, 3...10), (true, 0...2)])
  func breathes(isUrgent: Bool, pauses: ClosedRange<Int>) {
    var pace = SweepPace(hasConnector: true)
    pace.beginPass(isUrgent: isUrgent)
    let before = timesThatThisThreadGaveUpItsCore()
    // 20 ms in slices of 5 ms.
    for _ in 0..<10 {
      work(milliseconds: 2)
      for _ in 0..<16 { pace.breathe() }
    }
    #expect(pauses.contains(timesThatThisThreadGaveUpItsCore() - before))
  }

  private func timesThatThisThreadGaveUpItsCore() -> Int {
    var usage = rusage()
    // RUSAGE_THREAD, which Swift's Glibc leaves out. SAFETY: fills a local.
    _ = unsafe getrusage(1, &usage)
    return usage.ru_nvcsw
  }
}
