import System

/// What the agent's sweep over `/proc` costs, against a C program that reads the same files.
enum FullRead {
  private static let sweepThreads = "wh-procfs"
  private static let processCount = 1000

  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    let sleepers = try Sleepers(bench, total: processCount)
    defer { withExtendedLifetime(sleepers) {} }
    var (unchangedRatios, perProcess, readCalls): ([Double], [Double], [Double]) = ([], [], [])
    // The first read of a process makes the kernel build its directory: not part of either's cost.
    _ = try scan(bench)
    let pairs = try AlternatingPairs(bench.repetitions(9)) { () throws(BenchError) in
      let scanned = try scan(bench)
      perProcess.append(scanned.nanoseconds / scanned.count / 1000)
      readCalls.append(scanned.readCalls)
      return scanned.nanoseconds
    } second: { () throws(BenchError) in
      let swept = try sweep(bench)
      unchangedRatios.append(swept.unchanged / swept.full)
      readCalls.append(swept.readCalls)
      return swept.full
    }
    let reads = Sample(readCalls)
    return [
      Figure("full /proc read, agent by C", medianOf: pairs.ratios, .ratio, .atMost(1.15))
        .adding(
          "CPU of the sweep's threads, \(processCount) processes; C: \(decimal(Sample(perProcess).median)) µs each"
        )
        .adding("read(2) calls a pass, both programs: \(Int(reads.least)) – \(Int(reads.greatest))"),
      Figure(
        "pass over unchanged processes, by a full read", medianOf: Sample(unchangedRatios), .ratio,
        .atMost(0.25)),
    ]
  }

  private static func scan(
    _ bench: Workbench
  ) throws(BenchError) -> (count: Double, nanoseconds: Double, readCalls: Double) {
    bench.settle()
    let scan = try Child(bench.program("scan"), [])
    let line = try scan.line(within: 60)
    let numbers = line.text.split(separator: " ").compactMap { Double($0) }
    guard numbers.count == 3 else { throw .failed(program: "scan", saying: line.text) }
    scan.end(by: 0)
    return (numbers[0], numbers[1], numbers[2])
  }

  /// Lets an agent without the connector make its first pass and the next.
  private static func sweep(
    _ bench: Workbench
  ) throws(BenchError) -> (full: Double, unchanged: Double, readCalls: Double) {
    bench.settle()
    let agent = try Agent(bench, ["--sources", "procfs", "-r", bench.rules(readsAll: true)])
    let counter = { () throws(BenchError) -> UInt64 in
      _ = try agent.cpuNanoseconds()
      return agent.costs.cpuNanoseconds(ofThreads: sweepThreads)
    }
    let full = try agent.waitUntilQuiet(milliseconds: 400, counter: counter)
    let readCalls = agent.costs.readCalls(ofThreads: sweepThreads)
    for _ in 0..<1500 where try counter() - full < 200_000 { Clock.sleep(milliseconds: 10) }
    let both = try agent.waitUntilQuiet(milliseconds: 400, counter: counter)
    try agent.end()
    return (Double(full), Double(both - full), Double(readCalls))
  }
}
