import Events
import Rules
import Testing

@testable import Monitor

@Suite struct BlindnessTests {
  @Test("without a source those rules are blind whose events it tells of, in the order of the files")
  func rules() throws {
    let conditions = [
      "exec": "evt.type = execve", "name": "evt.type = prctl", "capset": "evt.type = capset",
      "either": "evt.type in (open, setuid)", "open": "evt.type = open", "any": "proc.pid > 1",
      "loss": "evt.type = loss",
    ]
    let order = ["exec", "name", "capset", "either", "open", "any", "loss"]
    let text = order.map { name in
      """
      - rule: \(name)
        desc: d
        condition: \(conditions[name] ?? "")
        output: o
        priority: INFO

      """
    }.joined()
    let blindness = Blindness(try RuleRig(text).rules)
    // Only the connector tells of a new name, only the sweep of new capabilities.
    #expect(blindness.rules(without: .connector) == ["exec", "name", "either", "any"])
    #expect(blindness.rules(without: .procfs) == ["exec", "name", "capset", "either", "any"])
    #expect(blindness.rules(without: .agent) == ["any", "loss"])
  }

  @Test("every kind of event comes from some source")
  func kinds() {
    let told = Set(SourceID.allCases.flatMap(\.seenKinds))
    #expect(told == Set(EventKind.allCases))
  }
}
