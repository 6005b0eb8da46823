import Alerts
import Events
import Testing

@Suite struct JournalTests {
  static func alert(_ number: Int = 0) -> Alert {
    Alert(
      rule: AlertRule(name: "Shell in container", priority: .notice),
      timeNanoseconds: 1_700_000_000_000_000_000,
      hostname: "host", message: Array("alert \(number)".utf8))
  }

  @Test("a cursor reads every alert once and in order") func order() throws {
    let journal = Journal()
    let cursor = try journal.makeCursor(named: "test")
    for number in 0..<10 { journal.append(Self.alert(number)) }
    let batch = cursor.next(limit: 100, waitMilliseconds: 0)
    #expect(batch.entries.map(\.sequence) == Array(1...10))
    #expect(batch.missed == nil)
    #expect(cursor.next(limit: 100, waitMilliseconds: 0).isEmpty)
    #expect(cursor.status.lag == 10)
    cursor.acknowledge(through: 10)
    #expect(cursor.status.lag == 0)
  }

  @Test("what is dropped before it was read is told once, with its numbers") func dropped() throws {
    let journal = Journal(limits: JournalLimits(entries: 4))
    let cursor = try journal.makeCursor(named: "test")
    for number in 0..<10 { journal.append(Self.alert(number)) }
    let batch = cursor.next(limit: 100, waitMilliseconds: 0)
    #expect(batch.missed == 1...6)
    #expect(batch.entries.map(\.sequence) == [7, 8, 9, 10])
    #expect(cursor.status.missed == 6)
    #expect(journal.status.dropped == 6)
  }
}
