import System

/// How many execs of short-lived processes are seen with their own command line, and whether all are accounted for.
enum CommandLines {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    let count = bench.isQuick ? 2000 : 10_000
    let single = try repeated(bench, count: count, rate: 1000, execsTwice: false)
    let double = try repeated(bench, count: count / 2, rate: 500, execsTwice: true)
    return [
      figure("own command line at 1,000 exec/s", single, .atLeast(99.5)),
      Figure(
        "execs accounted for: alerts and counted losses", medianOf: Sample(single.map(\.accountedPercent)),
        .percent, .atLeast(100)
      ).adding("an exec without its own command line has to be counted as incomplete"),
      figure("own command line at 1,000 exec/s, each process executing twice at once", double, nil),
      Figure(
        "execs accounted for, each process executing twice at once",
        medianOf: Sample(double.map(\.accountedPercent)), .percent),
    ]
  }

  private struct Run {
    var ownPercent: Double
    var accountedPercent: Double
    var rate: Double
  }

  private static func figure(_ name: String, _ runs: [Run], _ target: Figure.Target?) -> Figure {
    Figure(name, medianOf: Sample(runs.map(\.ownPercent)), .percent, target)
      .adding("reached \(decimal(Sample(runs.map(\.rate)).median)) exec/s")
  }

  private static func repeated(
    _ bench: Workbench, count: Int, rate: Int, execsTwice: Bool
  ) throws(BenchError) -> [Run] {
    var runs: [Run] = []
    for _ in 0..<bench.repetitions(5) {
      runs.append(try run(bench, count: count, rate: rate, execsTwice: execsTwice))
    }
    return runs
  }

  private static func run(
    _ bench: Workbench, count: Int, rate: Int, execsTwice: Bool
  ) throws(BenchError) -> Run {
    let storm = try Storm(bench, count: count, rate: rate, execsTwice: execsTwice)
    let agent = try Agent(bench, ["-r", bench.rules(execsBelow: storm.pid)])
    try agent.waitUntilQuiet()
    let report = try storm.run()
    Clock.sleep(milliseconds: 1000)
    let summary = try agent.end()
    let losses = Losses(summary: summary)
    let alerts = agent.alerts.filter { $0.text.contains("bench <") }
    // Each exec once: an alert that names the second exec of a process twice has missed the first.
    let own = Set(alerts.compactMap { StormExec(alert: $0.text, execsTwice: execsTwice) }).count
    let started = execsTwice ? 2 * count : count
    // An exec is an event or a counted loss; one without its own command line is counted as incomplete.
    let unaccounted = max(
      started - alerts.count - losses.unknownExecs,
      started - own - losses.unknownExecs - losses.incompleteExecs)
    let share = { (part: Int) in Double(part) / Double(started) * 100 }
    return Run(
      ownPercent: share(own), accountedPercent: share(started - max(0, unaccounted)),
      rate: Double(started) / report.seconds)
  }
}
