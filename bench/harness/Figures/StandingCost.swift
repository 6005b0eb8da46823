import System

/// What the agent costs while nothing happens: CPU and memory, by the number of processes on the machine.
enum StandingCost {
  private static let cpuLimits = [100: 0.2, 1000: 1, 10_000: 4]
  private static let memoryLimits = [100: 20.0, 1000: 30, 10_000: 80]

  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    var (idle, memory): ([Figure], [Figure]) = ([], [])
    for total in bench.processCounts {
      let sleepers = try Sleepers(bench, total: total)
      defer { withExtendedLifetime(sleepers) {} }
      bench.settle()
      let agent = try Agent(bench)
      try agent.waitUntilQuiet()
      // Two reconciling passes, one a minute, lie in two minutes.
      let seconds = bench.isQuick ? 5.0 : 121
      let (began, before, forks) = (Clock.monotonicNanoseconds, try agent.cpuNanoseconds(), Machine.forks)
      Clock.sleep(milliseconds: UInt32(seconds * 1000))
      let used = Double(try agent.cpuNanoseconds() - before)
      let share = used / Double(Clock.monotonicNanoseconds - began) * 100
      let megabytes = agent.costs.rssAnonMegabytes ?? 0
      let others = Double(Machine.forks - forks) / seconds
      try agent.end()
      idle.append(
        Figure("idle CPU at \(total) processes", share, .percent, cpuLimits[total].map { .atMost($0) })
          .adding(
            "of a core, all sources, over \(decimal(seconds)) s; others forked \(decimal(others)) times a second"
          ))
      memory.append(
        Figure(
          "RssAnon at \(total) processes", megabytes, .megabytes, memoryLimits[total].map { .atMost($0) }))
    }
    return idle + memory
  }
}
