import Glibc

/// A storm of short-lived processes, whose pid is known before it begins.
final class Storm {
  let count: Int
  private let mode: String
  private let child: Child

  /// What the storm itself says when it is over.
  struct Report {
    let seconds: Double
    /// CPU of the spawner and of the processes that it started.
    let cpuNanoseconds: Double
  }

  /// - Parameters:
  ///   - rate: processes a second; 0: one after the other, as fast as they come.
  ///   - execsTwice: whether each replaces itself once before it ends.
  init(_ bench: Workbench, count: Int, rate: Int, execsTwice: Bool = false) throws(BenchError) {
    self.count = count
    mode = execsTwice ? "e" : "x"
    child = try Child(bench.program("storm"), [bench.tiny, String(count), String(rate), mode])
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
}
