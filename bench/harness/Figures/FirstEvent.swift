import System

/// How soon after its start the agent tells of an exec.
enum FirstEvent {
  private static let rate = 200

  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    var figures: [Figure] = []
    for (total, limit) in [(1000, 100.0), (10_000, 300.0)] where bench.processCounts.contains(total) {
      let sleepers = try Sleepers(bench, total: total)
      defer { withExtendedLifetime(sleepers) {} }
      var (times, lost, late): ([Double], Int, Int) = ([], 0, 0)
      for _ in 0..<bench.repetitions(9) {
        let start = try start(bench)
        times.append(start.milliseconds)
        lost += start.lost
        late += start.late
      }
      figures.append(
        Figure("first event at \(total) processes", medianOf: Sample(times), .milliseconds, .atMost(limit))
          .adding(
            "from the agent's exec to its first line; an exec each \(1000 / rate) ms; after the first "
              + "\(lost) execs lost, \(late) seen without their arguments"))
    }
    return figures
  }

  private struct Start {
    var milliseconds: Double
    /// Execs after the first that was seen of which there is no event.
    var lost: Int
    /// Those of which there is one, without the command line.
    var late: Int
  }

  private static func start(_ bench: Workbench) throws(BenchError) -> Start {
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
    let alertCount = agent.alerts.count { $0.text.contains("bench <") }
    let expected = storm.load.count - least
    return Start(
      milliseconds: Double(first.arrival - agent.began) / 1e6, lost: max(0, expected - alertCount),
      late: alertCount - seen.count)
  }
}
