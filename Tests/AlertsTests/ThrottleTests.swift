import Events
import Testing

@testable import Alerts

@Suite struct ThrottleTests {
  private static let second: UInt64 = 1_000_000_000

  private func moment(_ milliseconds: UInt64) -> Throttle.Moment {
    Throttle.Moment(
      monotonicNanoseconds: 500 * Self.second + milliseconds * 1_000_000,
      realtimeNanoseconds: Sample.time + milliseconds * 1_000_000)
  }

  private func alert(
    _ rule: String = "r", _ text: String = "m", container: String = "c", at milliseconds: UInt64 = 0
  ) -> Alert {
    Alert(
      rule: AlertRule(name: rule, priority: .warning),
      timeNanoseconds: Sample.time + milliseconds * 1_000_000,
      hostname: "h", message: Array(text.utf8), context: [AlertField("container.id", .text(container))])
  }

  private func field(_ alert: Alert?, _ name: String) -> FieldValue? {
    alert?.outputFields.first { $0.name == name }?.value
  }

  @Test("a rule's burst passes, the rest is held and told once when the limit opens") func rule() {
    var options = ThrottleOptions()
    options.rule = ThrottleLimit(perSecond: 1, burst: 3)
    var throttle = Throttle(options)
    let passed = (0..<10).map { throttle.admit(alert("r", "m\($0)", at: $0), at: moment($0)).count }
    #expect(passed == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    #expect(throttle.due(at: moment(500)).isEmpty)
    let told = throttle.due(at: moment(1100))
    #expect(told.count == 1)
    #expect(told.first?.rule.name == "Windhover internal: alerts held back")
    #expect(told.first?.rule.priority == .warning)
    #expect(field(told.first, "held.count") == .unsigned(7))
    #expect(field(told.first, "held.rule") == .text("r"))
    #expect(field(told.first, "held.first") == .unsigned(Sample.time + 3_000_000))
    #expect(field(told.first, "held.last") == .unsigned(Sample.time + 9_000_000))
    #expect(field(told.first, "held.sample") == .text("m3"))
    #expect(throttle.due(at: moment(1200)).isEmpty)
    #expect(throttle.status.held == 7 && throttle.status.told == 7)
  }

  @Test("an alert that passes again comes behind the summary of those before it") func order() {
    var options = ThrottleOptions()
    options.rule = ThrottleLimit(perSecond: 1, burst: 1)
    var throttle = Throttle(options)
    _ = throttle.admit(alert(at: 0), at: moment(0))
    _ = throttle.admit(alert(at: 1), at: moment(1))
    let admitted = throttle.admit(alert("r", "new", at: 1100), at: moment(1100))
    #expect(admitted.map(\.rule.name) == ["Windhover internal: alerts held back", "r"])
  }

  @Test("a burst above the limit is told in one summary when it has ended, and never as within 0 s")
  func oneSummary() throws {
    var options = ThrottleOptions()
    options.rule = ThrottleLimit(perSecond: 5, burst: 5)
    var throttle = Throttle(options)
    var left: [Alert] = []
    for number in 0..<60 as Range<UInt64> {
      left += throttle.admit(alert(at: number * 66), at: moment(number * 66))
      if number % 15 == 0 { left += throttle.due(at: moment(number * 66)) }
    }
    #expect(left.allSatisfy { $0.rule.name == "r" })
    for milliseconds in [4000, 5000, 6000] as [UInt64] { left += throttle.due(at: moment(milliseconds)) }
    let summaries = left.filter { $0.rule.name != "r" }
    #expect(summaries.count == 1)
    #expect(field(summaries.first, "held.count") == .unsigned(UInt64(60 - (left.count - 1))))
    let text = String(decoding: try #require(summaries.first).message, as: UTF8.self)
    #expect(text.contains(" within 4 s (rule)"), "\(text)")

    // Two at once, later: their summary comes when the last one is long enough ago.
    for _ in 0..<7 { left = throttle.admit(alert(at: 7000), at: moment(7000)) }
    #expect(throttle.due(at: moment(9000)).isEmpty)
    let later = try #require(throttle.due(at: moment(15_100)).first)
    #expect(String(decoding: later.message, as: UTF8.self).contains(" within 1 s (rule)"))
  }

  @Test("a flood without end is told every ten seconds") func flood() {
    var options = ThrottleOptions()
    options.rule = ThrottleLimit(perSecond: 5, burst: 5)
    var throttle = Throttle(options)
    var summaries: [UInt64] = []
    for number in 0..<600 as Range<UInt64> {
      let admitted = throttle.admit(alert(at: number * 100), at: moment(number * 100))
      summaries += admitted.filter { $0.rule.name != "r" }.map { $0.timeNanoseconds }
    }
    #expect((5...6).contains(summaries.count), "\(summaries)")
    #expect(throttle.status.held - throttle.status.told < 100)
  }

  @Test("each combination of values has its own bucket, and the summary names it") func key() {
    var options = ThrottleOptions()
    options.key = ThrottleKey(
      fields: ["container.id", "proc.name"], limit: ThrottleLimit(perSecond: 1, burst: 1))
    var throttle = Throttle(options)
    for container in ["a", "b", "a", "a"] { _ = throttle.admit(alert(container: container), at: moment(0)) }
    #expect(throttle.status.held == 2)
    let told = throttle.due(at: moment(2000))
    #expect(told.count == 1)
    #expect(field(told.first, "container.id") == .text("a"))
    #expect(told.first?.outputFields.contains(AlertField("proc.name", nil)) == true)
    #expect(field(told.first, "held.reason") == .text("key"))
  }

  @Test("repeats within the window are folded, others pass") func fold() {
    var options = ThrottleOptions()
    options.foldSeconds = 10
    var throttle = Throttle(options)
    let texts = ["same", "same", "other", "same"]
    #expect(texts.map { throttle.admit(alert("r", $0), at: moment(0)).count } == [1, 0, 1, 0])
    #expect(throttle.admit(alert("r2", "same"), at: moment(0)).count == 1)
    let told = throttle.due(at: moment(10_100))
    #expect(field(told.first, "held.count") == .unsigned(2))
    #expect(field(told.first, "held.reason") == .text("repeat"))
  }

  @Test("a rule can have a limit of its own, or none at all") func perRule() {
    var options = ThrottleOptions()
    options.rule = ThrottleLimit(perSecond: 1, burst: 1)
    options.rules = ["free": nil, "wide": ThrottleLimit(perSecond: 1, burst: 5)]
    var throttle = Throttle(options)
    let passed = ["free", "wide", "other"].map { rule in
      (0..<10).reduce(0) { count, _ in count + throttle.admit(alert(rule), at: moment(0)).count }
    }
    #expect(passed == [10, 5, 1])
  }

  @Test("what the agent says of itself is never held back") func inner() {
    var options = ThrottleOptions()
    options.rule = ThrottleLimit(perSecond: 0.001, burst: 1)
    var throttle = Throttle(options)
    let inner = Alert(
      rule: AlertRule(name: "i", priority: .error, source: AlertRule.internal), timeNanoseconds: 0,
      hostname: "h",
      message: [])
    #expect((0..<5).allSatisfy { _ in throttle.admit(inner, at: moment(0)).count == 1 })
  }

  @Test("a flood of combinations takes bounded memory, and is told to be too many") func bounded() {
    var options = ThrottleOptions()
    options.key = ThrottleKey(fields: ["container.id"], limit: ThrottleLimit(perSecond: 1, burst: 1))
    options.maximumKeys = 100
    var throttle = Throttle(options)
    for number in 0..<1000 { _ = throttle.admit(alert(container: "\(number)"), at: moment(0)) }
    #expect(throttle.status.unremembered == 900)
    // Later the old ones are as good as new, and make room.
    _ = throttle.admit(alert(container: "new"), at: moment(5000))
    #expect(throttle.status.unremembered == 900)
  }

  @Test(
    "at the end everything that is held is told, and every alert is either passed or counted",
    arguments: 1...20)
  func accounting(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var options = ThrottleOptions()
    options.rule = ThrottleLimit(perSecond: 20, burst: 5)
    options.key = ThrottleKey(fields: ["container.id"], limit: ThrottleLimit(perSecond: 3, burst: 2))
    options.foldSeconds = 1
    var throttle = Throttle(options)
    var (passed, told, now) = (0 as UInt64, 0 as UInt64, 0 as UInt64)
    func count(_ alerts: [Alert]) {
      for alert in alerts {
        if case .unsigned(let held) = field(alert, "held.count") { told += held } else { passed += 1 }
      }
    }
    for _ in 0..<2000 {
      now += .random(in: 0...30, using: &random)
      let next = alert(
        "r\(Int.random(in: 0...2, using: &random))", "m\(Int.random(in: 0...3, using: &random))",
        container: "c\(Int.random(in: 0...3, using: &random))", at: now)
      count(throttle.admit(next, at: moment(now)))
      if Int.random(in: 0...50, using: &random) == 0 { count(throttle.due(at: moment(now))) }
    }
    count(throttle.due(at: moment(now), isLast: true))
    #expect(passed + told == 2000)
    #expect(throttle.status.held == told && throttle.status.told == told)
    #expect(passed > 100 && told > 100)
  }

  @Test("a delivery without limits holds nothing back; one with limits tells at its end what it held")
  func delivery() throws {
    let free = try Delivery(outputs: [])
    for _ in 0..<10 { free.append(alert()) }
    #expect(free.journal.status.lastSequence == 10)
    var options = ThrottleOptions()
    options.rule = ThrottleLimit(perSecond: 0.01, burst: 1)
    let limited = try Delivery(outputs: [], throttle: options)
    for _ in 0..<10 { limited.append(alert()) }
    limited.tick()
    #expect(limited.journal.status.lastSequence == 1)
    limited.stop(deadlineMilliseconds: 0)
    #expect(limited.journal.status.lastSequence == 2)
    #expect(limited.status.throttle.held == 9)
  }
}
