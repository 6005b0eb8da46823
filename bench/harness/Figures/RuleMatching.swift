import Events
import Model
import Rules
import System

/// What it costs to judge an exec event by rules, live: the event comes from the model, as in the engine.
enum RuleMatching {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    var figures: [Figure] = []
    for rules in [try bench.judgedRules(), .shipped] {
      var judge = Judge(try rules.compiled())
      for program in ToldHost.Program.allCases {
        bench.settle()
        var costs: [Double] = []
        for _ in 0..<bench.repetitions(25) { costs.append(try judge.judge(program)) }
        figures.append(
          Figure(
            "match an exec (\(program.rawValue)) by \(rules.name)", medianOf: Sample(costs), .nanoseconds,
            rules.isJudged ? .atMost(500) : nil
          )
          .adding("\(judge.ruleSet.rules.count) rules; from the event to the verdict, none matches")
          .adding(rules.remark))
      }
    }
    figures.append(try growth(bench))
    return figures
  }

  /// What a hundred times as many rules cost.
  private static func growth(_ bench: Workbench) throws(BenchError) -> Figure {
    var few = Judge(try RuleText.generated(ruleCount: 100).compiled())
    var many = Judge(try RuleText.generated(ruleCount: 10_000).compiled())
    bench.settle()
    let pairs = try AlternatingPairs(bench.repetitions(25)) { () throws(BenchError) in
      try few.judge(.inContainer)
    } second: { () throws(BenchError) in
      try many.judge(.inContainer)
    }
    return Figure(
      "match an exec by 10,000 generated rules, by 100", medianOf: pairs.ratios, .ratio, .atMost(1.5)
    )
    .adding("\(decimal(Sample(pairs.firsts).median)) ns and \(decimal(Sample(pairs.seconds).median)) ns")
    .adding(
      "rules name a program, a path or an ancestor, as most do; rules without any text cost each their own")
  }

  /// Rules with a matcher of their own, and a host whose events they judge.
  private struct Judge: ~Copyable {
    private static let eventCount = 100_000

    let ruleSet: RuleSet
    private var matcher: Matcher
    private var host = ToldHost()

    init(_ ruleSet: RuleSet) {
      self.ruleSet = ruleSet
      matcher = Matcher(ruleSet)
    }

    /// - Returns: nanoseconds of this thread an event, handing it over included.
    mutating func judge(_ program: ToldHost.Program) throws(BenchError) -> Double {
      let event = try host.exec(program)
      var matched = 0
      let began = Clock.threadCPUNanoseconds
      for number in 0..<Self.eventCount {
        host.facts.event = event
        host.facts.event.number = UInt64(number)
        if matcher.match(host.facts) { matched += 1 }
      }
      let nanoseconds = Clock.threadCPUNanoseconds - began
      guard matched == 0 else {
        let names = matcher.matches.map { ruleSet.rules[$0].name }
        throw .failed(program: "matching", saying: "an ordinary exec raised \(names)")
      }
      return Double(nanoseconds) / Double(Self.eventCount)
    }
  }
}
