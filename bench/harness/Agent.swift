import Glibc
import System

/// A running agent.
final class Agent {
  let costs: ProcessCosts
  /// CLOCK_MONOTONIC nanoseconds just before it was started.
  let began: UInt64
  private let child: Child

  /// Starts `windhover run`.
  /// - Parameter arguments: such as rules; none for the defaults that an operator gets.
  init(_ bench: Workbench, _ arguments: [String] = []) throws(BenchError) {
    // It ends by itself should the bench be killed.
    child = try Child(bench.agent, ["run", "--duration", "3600"] + arguments)
    began = child.began
    costs = ProcessCosts(pid: child.pid)
  }

  /// The alerts that it printed so far.
  var alerts: [Child.Line] { child.lines }

  /// CPU time that it used so far.
  func cpuNanoseconds() throws(BenchError) -> UInt64 {
    guard let cpu = costs.cpuNanoseconds else {
      throw .failed(program: "windhover run", saying: child.errorText)
    }
    return cpu
  }

  /// Waits for an alert.
  @discardableResult
  func alert(within seconds: Double, where predicate: (String) -> Bool) throws(BenchError) -> Child.Line {
    try child.line(within: seconds, where: predicate)
  }

  /// Waits until its start is over: it has used CPU, and then next to none for half a second.
  func waitUntilQuiet() throws(BenchError) {
    try waitUntilQuiet(milliseconds: 500) { () throws(BenchError) in try cpuNanoseconds() }
  }

  /// Waits until a counter of CPU has moved, and then for so long has stood nearly still.
  /// - Returns: the counter.
  @discardableResult
  func waitUntilQuiet(
    milliseconds: Int, counter: () throws(BenchError) -> UInt64
  ) throws(BenchError) -> UInt64 {
    var (last, quiet) = (try counter(), 0)
    for _ in 0..<12_000 {
      Clock.sleep(milliseconds: 10)
      let now = try counter()
      // Timers and the once-a-second look at the clocks cost less than this in 10 ms.
      quiet = now > 0 && now - last < 200_000 ? quiet + 10 : 0
      last = now
      if quiet >= milliseconds { return now }
    }
    throw .deadlinePassed(waitingFor: "a quiet agent")
  }

  /// Ends it as an operator would.
  /// - Returns: what it printed to standard error, its summary last.
  @discardableResult
  func end() throws(BenchError) -> String {
    guard let status = child.end(by: SIGTERM), status == 0 else {
      throw .failed(program: "windhover run", saying: "it did not end with 0\n" + child.errorText)
    }
    return child.errorText
  }
}
