import Testing

@testable import Monitor

@Suite struct ExecWaitTests {
  @Test(
    "waiting for execs takes one per cent of the time, whether their arguments come or not",
    arguments: [1, 3, 8, .max])
  func share(looksUntilTheyCome: Int) {
    var wait = ExecWait()
    var (now, waited) = (UInt64(1_000_000_000), UInt64(0))
    let began = now
    // Somebody changes ids every ten microseconds.
    while now < began + 10_000_000_000 {
      now += 10_000
      wait.begin(at: now)
      for _ in 0..<looksUntilTheyCome {
        guard let microseconds = wait.next(at: now) else { break }
        now += UInt64(microseconds) * 1000
        waited += UInt64(microseconds) * 1000
      }
    }
    #expect(waited > 0)
    #expect(waited <= (now - began) / 100 + 3_300_000)
  }

  @Test("an exec is waited for some three milliseconds, with looks that get rarer")
  func patience() {
    var wait = ExecWait()
    wait.begin(at: 1)
    var steps: [UInt32] = []
    while let step = wait.next(at: 1) { steps.append(step) }
    #expect(steps == steps.sorted())
    #expect(steps.first == 50)
    #expect((3000..<4000).contains(steps.reduce(0, +)))
  }
}
