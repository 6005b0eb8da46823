// Unsafe: getenv(3).
import Glibc
import System

/// What it costs to load a large file of rules; measured when WINDHOVER_FALCO_RULES names one.
enum RuleLoading {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    // SAFETY: nobody changes the environment.
    guard let path = unsafe getenv("WINDHOVER_FALCO_RULES") else {
      throw .unavailable("WINDHOVER_FALCO_RULES does not name a file of rules")
    }
    let file = unsafe String(cString: path)
    let nearlyEmpty = try bench.rules(execsBelow: 1)
    var loads: [Double] = []
    let pairs = try AlternatingPairs(bench.repetitions(9)) { () throws(BenchError) in
      try check(bench, nearlyEmpty)
    } second: { () throws(BenchError) in
      try check(bench, file)
    }
    loads = zip(pairs.firsts, pairs.seconds).map { $1 - $0 }
    return [
      Figure("load of falco_rules.yaml", medianOf: Sample(loads), .milliseconds, .atMost(20))
        .adding("`rules check` of it, less `rules check` of one rule")
    ]
  }

  /// - Returns: milliseconds from the start of the program to its end.
  private static func check(_ bench: Workbench, _ file: String) throws(BenchError) -> Double {
    bench.settle()
    let check = try Child(bench.agent, ["rules", "check", file])
    let ended = try check.outputEnd(within: 60)
    guard check.end(by: 0) == 0 else {
      throw .failed(program: "windhover rules check", saying: check.errorText)
    }
    return Double(ended - check.began) / 1e6
  }
}
