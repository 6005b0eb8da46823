import Testing

@testable import Rules

/// Tests against Falco's own rule file, which is not part of this repository.
@Suite(.enabled(if: FalcoRules.path != nil, "WINDHOVER_FALCO_RULES does not name Falco's rule file"))
struct FalcoRulesTests {
  @Test("every rule of Falco's file loads, and its compiled condition reads back as itself")
  func loads() throws {
    let loaded = RuleLoader().load([RuleFile(name: "falco_rules.yaml", bytes: try FalcoRules.bytes())])
    #expect(!loaded.hasErrors, "\(loaded.reports.map(\.text).joined())")
    #expect(loaded.rules.count == 25)
    for rule in loaded.rules {
      let text = rule.condition.text
      #expect(
        try ConditionParser.parse(Array(text.utf8), limits: .ruleFile) == rule.condition, "\(rule.name)")
      #expect(!text.contains("never_true") && !text.contains("_binaries"), "\(rule.name): \(text)")
    }
  }

  @Test("Falco's file loads ten times over in the time a person waits")
  func speed() throws {
    let files = Array(repeating: RuleFile(name: "falco_rules.yaml", bytes: try FalcoRules.bytes()), count: 10)
    let time = ContinuousClock().measure { _ = RuleLoader().load(files) }
    #expect(time < .seconds(20), "\(time)")
  }
}
