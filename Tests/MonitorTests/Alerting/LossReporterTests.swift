import Alerts
import Events
import Model
import Testing

@testable import Monitor

@Suite struct LossReporterTests {
  private static let second: UInt64 = 1_000_000_000
  private var reporter = LossReporter()

  private mutating func due(at seconds: UInt64, isLast: Bool = false, rules: [String] = ["a"]) -> Alert? {
    reporter.dueAlert(now: seconds * Self.second, isLast: isLast, hostname: "h") { _ in rules }
  }

  private mutating func lose(
    _ count: UInt64, at seconds: UInt64, _ reason: LossReason = .ringFull, from source: SourceID = .connector
  ) {
    reporter.note(Loss(source: source, reason: reason, count: count), time: seconds * Self.second)
  }

  private func number(_ field: String, of alert: Alert?) -> UInt64? {
    guard case .unsigned(let number)? = alert?.outputFields.first(where: { $0.name == field })?.value else {
      return nil
    }
    return number
  }

  @Test("nothing lost is nothing to tell, not even at the end")
  mutating func nothing() {
    #expect(due(at: 1) == nil)
    #expect(due(at: 2, isLast: true) == nil)
  }

  @Test("the first loss is told at once, later ones together after 30 s, with what was lost since and in all")
  mutating func interval() {
    lose(5, at: 100)
    let first = due(at: 101)
    #expect(number("loss.connector.ring_full", of: first) == 5)
    #expect(number("loss.from", of: first) == 100 * Self.second)
    #expect(due(at: 102) == nil)

    lose(1, at: 103)
    lose(2, at: 110)
    #expect(due(at: 130) == nil)
    let second = due(at: 131)
    #expect(number("loss.connector.ring_full", of: second) == 3)
    #expect(number("loss.total.connector.ring_full", of: second) == 8)
    #expect(number("loss.from", of: second) == 103 * Self.second)
    #expect(number("loss.to", of: second) == 110 * Self.second)
    #expect(due(at: 200) == nil)
  }

  @Test("a loss that was found out late is told from when it began")
  mutating func beginning() {
    lose(1, at: 100)
    reporter.note(
      Loss(source: .connector, reason: .readerEnded, count: 1, since: 95 * Self.second),
      time: 101 * Self.second)
    let alert = due(at: 101)
    #expect(number("loss.from", of: alert) == 95 * Self.second)
    #expect(number("loss.to", of: alert) == 101 * Self.second)
  }

  @Test("at the end nothing is held back, and a clock that was set back holds nothing up")
  mutating func endAndClock() {
    lose(1, at: 100)
    #expect(due(at: 100) != nil)
    lose(1, at: 101)
    #expect(due(at: 101, isLast: true) != nil)
    lose(1, at: 50)
    #expect(due(at: 50) != nil, "an hour set back must not silence an hour")
  }

  @Test("each source and reason has a count of its own, and only those that grew are told")
  mutating func reasons() {
    lose(1, at: 1)
    lose(2, at: 1, .socketOverflow)
    lose(3, at: 1, .ringFull, from: .procfs)
    #expect(due(at: 2)?.outputFields.count { $0.name.hasPrefix("loss.total.") } == 3)
    lose(4, at: 3, .socketOverflow)
    let alert = due(at: 60)
    #expect(
      alert?.outputFields.filter { $0.name.hasPrefix("loss.total.") }.map(\.name) == [
        "loss.total.connector.socket_overflow"
      ])
    #expect(number("loss.total.connector.socket_overflow", of: alert) == 6)
  }

  @Test("the message names twenty rules and says how many more there are; the field holds them all")
  mutating func manyRules() throws {
    let names = (1...23).map { "rule \($0)" }
    lose(1, at: 1)
    let alert = try #require(due(at: 1, rules: names))
    let message = String(decoding: alert.message, as: UTF8.self)
    #expect(message.hasSuffix("rule 19, rule 20 and 3 more)"), "\(message)")
    #expect(alert.outputFields.first { $0.name == "loss.rules" }?.value == .list(names.map { .text($0) }))
    #expect(alert.rule.source == AlertRule.internal && alert.rule.priority == .warning)
  }
}
