import System

/// How soon after its start the agent tells of an exec.
enum FirstEvent {
  private static let rate = 200

  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    var figures: [Figure] = []
    for (total, limit) in [(1000, 100.0), (10_000, 300.0)] where bench.processCounts.contains(total) {
      let sleepers = try Sleepers(bench, total: total)
      defer { withExtendedLifetime(sleepers) {} }
      var (times, gaps): ([Double], Int) = ([], 0)
      for _ in 0..<bench.repetitions(9) {
        let start = try start(bench)
        times.append(start.milliseconds)
        gaps += start.gaps
      }
      figures.append(
        Figure("first event at \(total) processes", medianOf: Sample(times), .milliseconds, .atMost(limit))
          .adding(
            "from the agent's exec to its first line; an exec each \(1000 / rate) ms; \(gaps) execs lost after the first"
          ))
    }
    return figures
  }

  private static func start(_ bench: Workbench) throws(BenchError) -> (milliseconds: Double, gaps: Int) {
    bench.settle()
    let storm = try Storm(bench, Storm.Load(count: 3 * rate, rate: rate))
    let rules = try bench.rules(execsBelow: storm.pid)
    storm.begin()
    let agent = try Agent(bench, ["-r", rules])
    let first = try agent.alert(within: 20) { $0.contains("bench <") }
    _ = try storm.finish()
    Clock.sleep(milliseconds: 500)
    try agent.end()
    let seen = storm.execs(in: agent.alerts)
    guard let least = seen.keys.map(\.index).min() else {
      throw .failed(program: "windhover run", saying: first.text)
    }
    return (Double(first.arrival - agent.began) / 1e6, storm.load.count - least - seen.count)
  }
}
