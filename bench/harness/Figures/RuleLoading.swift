import Rules
import System

/// What it costs to read, check and compile files of rules.
enum RuleLoading {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    var figures: [Figure] = []
    for rules in [try bench.judgedRules(), .shipped] {
      // What an agent pays at its start: nothing is warm yet.
      let first = try load(rules)
      bench.settle()
      var loads: [Double] = []
      for _ in 0..<bench.repetitions(25) { loads.append(try load(rules)) }
      figures.append(
        Figure(
          "load of \(rules.name)", medianOf: Sample(loads), .milliseconds, rules.isJudged ? .atMost(20) : nil
        )
        .adding("\(rules.bytes.count / 1000) kB, from text to compiled; the first time \(decimal(first)) ms")
        .adding(rules.remark))
    }
    return figures + (try growth(bench))
  }

  /// What a hundred times as many rules cost.
  private static func growth(_ bench: Workbench) throws(BenchError) -> [Figure] {
    let (few, many) = (RuleText.generated(ruleCount: 100), RuleText.generated(ruleCount: 10_000))
    bench.settle()
    let pairs = try AlternatingPairs(bench.repetitions(5)) { () throws(BenchError) in
      try load(few)
    } second: { () throws(BenchError) in
      try load(many)
    }
    return [
      Figure("load of 10,000 generated rules", medianOf: Sample(pairs.seconds), .milliseconds),
      Figure("load of 10,000 generated rules by 100", medianOf: pairs.ratios, .ratio)
        .adding("100 is in proportion"),
    ]
  }

  /// - Returns: milliseconds of all threads: the loader works on one of its own.
  private static func load(_ rules: RuleText) throws(BenchError) -> Double {
    let began = Clock.processCPUNanoseconds
    let ruleSet = try rules.compiled()
    let ended = Clock.processCPUNanoseconds
    guard !ruleSet.rules.isEmpty else { throw .unavailable("\(rules.name) hold no rule that is enabled") }
    return Double(ended - began) / 1e6
  }
}
