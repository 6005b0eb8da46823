import System

/// What the agent spends on each short-lived process, with the rules that ship.
enum ShortLived {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    let count = bench.isQuick ? 500 : 3000
    var costs: [Double] = []
    var alertCount = 0
    // The storm alone and the storm watched, in turn: what the watching costs the watched.
    let pairs = try AlternatingPairs(bench.repetitions(9)) { () throws(BenchError) in
      bench.settle()
      return try Storm(bench, Storm.Load(count: count, rate: 500)).run().cpuNanoseconds
    } second: { () throws(BenchError) in
      let run = try watched(bench, count: count)
      costs.append(run.agentNanoseconds / Double(count) / 1e6)
      alertCount += run.alertCount
      return run.stormNanoseconds
    }
    let alone = Sample(pairs.firsts).median / Double(count) / 1e6
    let cost = Sample(costs)
    return [
      Figure("agent CPU per short-lived process", medianOf: cost, .milliseconds, .atMost(0.2))
        .adding(
          "\(count) processes of a static program at 500/s, default rules, less idle; \(alertCount) alerts"
        )
        .adding(
          "\(decimal(cost.median / alone)) × what such a process itself costs here (\(decimal(alone)) ms)"),
      Figure("storm's own CPU, watched by unwatched", medianOf: pairs.ratios, .ratio),
    ]
  }

  private struct Run {
    var agentNanoseconds: Double
    var stormNanoseconds: Double
    var alertCount: Int
  }

  private static func watched(_ bench: Workbench, count: Int) throws(BenchError) -> Run {
    bench.settle()
    let agent = try Agent(bench)
    try agent.waitUntilQuiet()
    let storm = try Storm(bench, Storm.Load(count: count, rate: 500))
    let idleBefore = try idle(agent)
    let (began, alertsBefore) = (Clock.monotonicNanoseconds, agent.alerts.count)
    let before = try agent.cpuNanoseconds()
    let report = try storm.run()
    // What is still parked or on its way.
    Clock.sleep(milliseconds: 700)
    let used = Double(try agent.cpuNanoseconds() - before)
    let seconds = Double(Clock.monotonicNanoseconds - began) / 1e9
    let alertCount = agent.alerts.count - alertsBefore
    let idleShare = (idleBefore + (try idle(agent))) / 2
    try agent.end()
    return Run(
      agentNanoseconds: used - idleShare * seconds, stormNanoseconds: report.cpuNanoseconds,
      alertCount: alertCount)
  }

  /// - Returns: nanoseconds of CPU a second.
  private static func idle(_ agent: Agent) throws(BenchError) -> Double {
    let (began, before) = (Clock.monotonicNanoseconds, try agent.cpuNanoseconds())
    Clock.sleep(milliseconds: 2000)
    return Double(try agent.cpuNanoseconds() - before) / (Double(Clock.monotonicNanoseconds - began) / 1e9)
  }
}
