import Glibc

/// A storm of short-lived processes, whose pid is known before it begins.
final class Storm {
  let load: Load
  /// The execs that it makes, two for a process that executes twice.
  var execCount: Int { load.execsTwice ? 2 * load.count : load.count }
  private let child: Child

  /// What the storm itself says when it is over.
  struct Report {
    let seconds: Double
    /// CPU of the spawner and of the processes that it started.
    let cpuNanoseconds: Double
  }

  /// What is started.
  struct Load {
    var program = ShortProgram.smallStatic
    var count: Int
    /// Processes a second.
    var rate: Int
    /// Whether each replaces itself once before it ends.
    var execsTwice = false
  }

  init(_ bench: Workbench, _ load: Load) throws(BenchError) {
    self.load = load
    child = try Child(
      bench.program("storm"),
      [bench.path(of: load.program), String(load.count), String(load.rate), load.execsTwice ? "e" : "x"])
  }

  var pid: pid_t { child.pid }

  /// Lets it begin.
  func begin() { child.tell("go") }

  /// Waits for its end.
  func finish() throws(BenchError) -> Report {
    let line = try child.line(within: 600)
    let numbers = line.text.split(separator: " ").compactMap { Double($0) }
    guard numbers.count == 3 else { throw .failed(program: "storm", saying: line.text) }
    child.end(by: 0)
    return Report(seconds: numbers[1] / 1e9, cpuNanoseconds: numbers[2])
  }

  func run() throws(BenchError) -> Report {
    begin()
    return try finish()
  }

  /// The execs that these alerts name with their own command line, each once: an alert that names the second exec of a
  /// process again has missed the first.
  func execs(in alerts: [Child.Line]) -> [StormExec: Child.Line] {
    var execs: [StormExec: Child.Line] = [:]
    for alert in alerts {
      guard let exec = StormExec(alert: alert.text, of: load), execs[exec] == nil else { continue }
      execs[exec] = alert
    }
    return execs
  }
}
