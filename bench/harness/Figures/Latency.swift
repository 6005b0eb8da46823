import System

/// How long after an exec its alert is a line that somebody can read.
enum Latency {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    var (medians, tails): ([Double], [Double]) = ([], [])
    for _ in 0..<bench.repetitions(5) {
      bench.settle()
      let storm = try Storm(bench, Storm.Load(count: bench.isQuick ? 1000 : 5000, rate: 500))
      let agent = try Agent(bench, ["-r", bench.rules(execsBelow: storm.pid)])
      try agent.waitUntilQuiet()
      _ = try storm.run()
      Clock.sleep(milliseconds: 1000)
      try agent.end()
      let delays = storm.execs(in: agent.alerts).map { exec, line in Double(line.arrival - exec.began) / 1e6 }
      guard !delays.isEmpty else { throw .failed(program: "windhover run", saying: "no alert came") }
      medians.append(Sample(delays).median)
      tails.append(Sample(delays).quantile(0.99))
    }
    return [
      Figure("exec → alert line at 500 exec/s, p50", medianOf: Sample(medians), .milliseconds, .atMost(2))
        .adding("from just before execve(2) to the line read from the agent's standard output"),
      Figure("exec → alert line at 500 exec/s, p99", medianOf: Sample(tails), .milliseconds, .atMost(20)),
    ]
  }
}
