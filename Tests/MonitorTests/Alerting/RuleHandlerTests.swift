import Alerts
import Events
import Model
import Synchronization
import Testing

@testable import Monitor

@Suite struct RuleHandlerTests {
  private static let rules = """
    - rule: Shell
      desc: d
      condition: evt.type = execve and proc.name = sh
      output: "shell %proc.cmdline of %user.name"
      priority: NOTICE
      tags: [shell, T1059, shell]
    - rule: Any program
      desc: d
      condition: evt.type = execve
      output: "%proc.pid"
      priority: DEBUG
    - rule: Off
      desc: d
      condition: evt.type = execve
      output: o
      priority: DEBUG
      enabled: false
    """

  @Test("each rule that matches an event makes an alert of it, and none that does not")
  func matches() throws {
    let rig = try RuleRig(Self.rules)
    rig.execute(40, "sh", "sh\0-c\0id\0")
    rig.execute(41, "cat", "cat\0")
    let alerts = rig.alerts()
    #expect(alerts.map(\.rule.name) == ["Shell", "Any program", "Any program"])
    #expect(alerts.map { String(decoding: $0.message, as: UTF8.self) }.suffix(2) == ["40", "41"])
    #expect(alerts[0].rule == AlertRule(name: "Shell", priority: .notice, tags: ["T1059", "shell"]))
    #expect(String(decoding: alerts[0].message, as: UTF8.self) == "shell sh -c id of <NA>")
    #expect(alerts[0].hostname == "web-1")
    #expect(alerts[0].outputFields.map(\.name) == ["proc.cmdline", "user.name"])
    #expect(alerts[0].outputFields.map(\.value) == [.bytes(Array("sh -c id".utf8)), nil])
    #expect(rig.counters.matches.load(ordering: .relaxed) == 3)
    #expect(rig.counters.alerts.load(ordering: .relaxed) == 3)
  }

  @Test("every alert carries the same fields besides its own, and those of one event its number")
  func context() throws {
    let rig = try RuleRig(Self.rules)
    rig.execute(41, "cat", "cat\0")
    rig.execute(40, "sh", "sh\0")
    let alerts = rig.alerts()
    for alert in alerts {
      let names = alert.context.map(\.name)
      #expect(names == (RuleHandler.context + RuleHandler.contextIfRead).filter(names.contains))
      #expect(
        Set(["evt.type", "evt.num", "proc.pid", "proc.argv", "proc.id", "proc.lineage"]).isSubset(of: names))
      #expect(alert.context.allSatisfy { $0.value != nil })
    }
    let argv = alerts[0].context.first { $0.name == "proc.argv" }?.value
    #expect(argv == .list([.text("cat")]))
    let numbers = alerts.map { alert in alert.context.first { $0.name == "evt.num" }?.value }
    #expect(numbers[1] == numbers[2] && numbers[0] != numbers[1])
    #expect(alerts[1].timeNanoseconds == alerts[2].timeNanoseconds)
  }

  @Test("a process that held a reader is an alert without any rule")
  func tampering() throws {
    let rig = try RuleRig("[]")
    rig.execute(40, "holder\n", "holder\0")
    rig.tamper(40)
    let alert = try #require(rig.alerts().first)
    #expect(alert.rule.name == "Monitor tampering")
    #expect(alert.rule.priority == .critical && alert.rule.source == AlertRule.internal)
    #expect(
      String(decoding: alert.message, as: UTF8.self).contains("(pid=40 name=holder\n exe=/bin/holder\n)"))
    #expect(alert.outputFields.contains(AlertField("proc.pid", .signed(40))))
    #expect(alert.outputFields.contains(AlertField("proc.name", .bytes(Array("holder\n".utf8)))))
    #expect(rig.counters.matches.load(ordering: .relaxed) == 0)
    #expect(rig.counters.alerts.load(ordering: .relaxed) == 1)
  }

  @Test(
    "a time for which the agent did not run is told from when to when, and what it was short of",
    arguments: [
      (UInt64?.none, AgentRestraint?.none, "Monitor tampering", "stopped"),
      (100_000_000, nil, "Monitor tampering", "stopped"),
      (4_000_000_000, nil, "Monitor delayed", "got no processor"),
      (nil, .throttled, "Monitor delayed", "its cgroup is throttled"),
      (100_000_000, .frozen, "Monitor tampering", "its cgroup was frozen"),
      (4_000_000_000, .frozen, "Monitor tampering", "its cgroup was frozen"),
    ])
  func pause(waited: UInt64?, restraint: AgentRestraint?, rule: String, cause: String) {
    let pause = AgentPause(
      from: 10_000_000_000, to: 15_260_000_000, waited: waited, restraint: restraint)
    let alert = Tampering.alert(
      Event(kind: .tampered, time: 7, stamp: 7, source: .agent, process: nil, change: .pause(pause)),
      hostname: "web-1", ruleCount: 87)
    let message = String(decoding: alert.message, as: UTF8.self)
    #expect(alert.rule.name == rule)
    #expect(message.contains("did not run for 5.3 s, and all 87 rules were blind"), "\(message)")
    #expect(message.contains(cause), "\(message)")
    #expect(alert.outputFields.contains(AlertField("agent.pause.from", .unsigned(10_000_000_000))))
    #expect(alert.outputFields.contains(AlertField("agent.pause.to", .unsigned(15_260_000_000))))
  }

  @Test(
    "that events are judged late is told with by how much, and what the agent was short of",
    arguments: [(AgentRestraint?.none, "overloaded"), (.throttled, "its cgroup is throttled")])
  func delay(restraint: AgentRestraint?, cause: String) {
    let delay = AgentDelay(from: 10, to: 20, longest: 4_040_000_000, restraint: restraint)
    let alert = Tampering.alert(
      Event(kind: .tampered, time: 7, stamp: 7, source: .agent, process: nil, change: .delay(delay)),
      hostname: "web-1", ruleCount: 1)
    let message = String(decoding: alert.message, as: UTF8.self)
    #expect(alert.rule.name == "Monitor delayed" && alert.rule.priority == .warning)
    #expect(message.contains("up to 4.0 s late") && message.contains(cause), "\(message)")
    #expect(alert.outputFields.contains(AlertField("agent.delay.longest", .unsigned(4_040_000_000))))
  }

  @Test("a holder of which nothing is known is named by its pid")
  func unknownHolder() throws {
    let rig = try RuleRig("[]")
    rig.tamper(77)
    let alert = try #require(rig.alerts().first)
    #expect(alert.outputFields.contains(AlertField("proc.pid", .signed(77))))
  }

  @Test("what was lost is an alert at the end at the latest, and names the rules that were blind")
  func losses() throws {
    let rig = try RuleRig(Self.rules)
    rig.connector.losses.count(.ringFull, of: .executed, by: 3)
    rig.connector.losses.count(.sequenceGap, by: 4)
    // Not blinding: the event was judged.
    rig.connector.losses.count(.vanished, of: .executed, by: 5)
    let alert = try #require(rig.alerts().first)
    #expect(alert.rule == LossReporter.rule)
    let fields = Dictionary(uniqueKeysWithValues: alert.outputFields.map { ($0.name, $0.value) })
    #expect(fields["loss.connector.ring_full.executed"] == .unsigned(3))
    #expect(fields["loss.connector.sequence_gap"] == .unsigned(4))
    #expect(fields["loss.rules"] == .list(["Shell", "Any program"].map { .text($0) }))
    #expect(!fields.keys.contains { $0.contains("vanished") })
  }

  @Test("the event of a loss is one that rules can judge")
  func lossEvent() throws {
    let rig = try RuleRig(
      """
      - rule: Loss
        desc: d
        condition: evt.type = loss
        output: lost
        priority: WARNING
      """)
    rig.connector.losses.count(.socketOverflow)
    #expect(rig.alerts().map(\.rule.name).sorted() == ["Loss", LossReporter.rule.name])
  }
}
