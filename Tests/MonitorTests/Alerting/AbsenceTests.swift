import Alerts
import Events
import Testing

@testable import Monitor

@Suite struct AbsenceTests {
  @Test(
    "at the start it is told for how long no agent ran, and how the one before ended",
    arguments: [
      (400_000_000, false, "No agent ran for 0.4 s and all 26 rules were blind: the one before was killed"),
      (303_999_000_000, true, "No agent ran for 5 min 3 s and all 26 rules were blind: it was asked to end"),
      (7_260_000_000_000, true, "No agent ran for 2 h 1 min and all 26 rules were blind: "),
      (93_600_000_000_000, false, "No agent ran for 1 d 2 h and all 26 rules were blind: "),
      (
        -1, false,
        "No agent ran for an unknown time, since the clock was set back, and all 26 rules were blind: "
      ),
    ] as [(Int64, Bool, String)])
  func told(length: Int64, endedInOrder: Bool, beginning: String) {
    let now: UInt64 = 1_700_000_000_000_000_000
    let from = now &- UInt64(bitPattern: length)
    let alert = Absence.alert(
      after: PreviousRun(lastSeenNanoseconds: from, endedInOrder: endedInOrder), now: now, hostname: "web-1",
      ruleCount: 26)
    let message = String(decoding: alert.message, as: UTF8.self)
    #expect(message.hasPrefix(beginning), "\(message)")
    #expect(alert.rule.name == "Monitor was down" && alert.rule.source == AlertRule.internal)
    #expect(alert.rule.priority == (endedInOrder ? .informational : .warning))
    #expect(alert.outputFields.contains(AlertField("agent.down.from", .unsigned(from))))
    #expect(alert.outputFields.contains(AlertField("agent.down.to", .unsigned(now))))
    #expect(alert.outputFields.contains(AlertField("agent.down.in_order", .bool(endedInOrder))))
  }
}
