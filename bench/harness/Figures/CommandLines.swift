import System

/// How many execs of short-lived processes are seen with their own command line, and whether all are accounted for.
enum CommandLines {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    let count = bench.isQuick ? 2000 : 5000
    var figures: [Figure] = []
    for program in [ShortProgram.smallDynamic, .smallStatic, .tiny] {
      let load = Storm.Load(program: program, count: count, rate: 1000)
      figures += try figuresOf(load, bench, "at 1,000 exec/s, \(program.description)", .atLeast(99.5))
    }
    let load = Storm.Load(count: count / 2, rate: 500, execsTwice: true)
    figures += try figuresOf(load, bench, "at 1,000 exec/s, each process executing twice at once", nil)
    return figures
  }

  private struct Run {
    var ownPercent: Double
    var accountedPercent: Double
    var rate: Double
    var losses: Losses
  }

  private static func figuresOf(
    _ load: Storm.Load, _ bench: Workbench, _ name: String, _ target: Figure.Target?
  ) throws(BenchError) -> [Figure] {
    var runs: [Run] = []
    for _ in 0..<bench.repetitions(5) { runs.append(try run(load, bench)) }
    return [
      Figure("own command line \(name)", medianOf: Sample(runs.map(\.ownPercent)), .percent, target)
        .adding("reached \(decimal(Sample(runs.map(\.rate)).median)) exec/s")
        .adding(
          "the agent's own count of losses, run by run: \(runs.map(\.losses.text).joined(separator: " | "))"),
      Figure(
        "accounted for \(name)", medianOf: Sample(runs.map(\.accountedPercent)), .percent,
        target == nil ? nil : .atLeast(100)),
    ]
  }

  private static func run(_ load: Storm.Load, _ bench: Workbench) throws(BenchError) -> Run {
    bench.settle()
    let storm = try Storm(bench, load)
    let agent = try Agent(bench, ["-r", bench.rules(execsBelow: storm.pid)])
    try agent.waitUntilQuiet()
    let report = try storm.run()
    Clock.sleep(milliseconds: 1000)
    let losses = Losses(summary: try agent.end())
    let alertCount = agent.alerts.count { $0.text.contains("bench <") }
    let own = storm.execs(in: agent.alerts).count
    // An exec is an event or a counted loss; one without its own command line has to be counted as incomplete.
    let unaccounted = max(
      storm.execCount - alertCount - losses.unknownExecs,
      storm.execCount - own - losses.unknownExecs - losses.incompleteExecs)
    let share = { (part: Int) in Double(part) / Double(storm.execCount) * 100 }
    return Run(
      ownPercent: share(own), accountedPercent: share(storm.execCount - max(0, unaccounted)),
      rate: Double(storm.execCount) / report.seconds, losses: losses)
  }
}
