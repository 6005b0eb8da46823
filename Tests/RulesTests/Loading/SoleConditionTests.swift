import Testing

@testable import Rules

@Suite struct SoleConditionTests {
  private func load(_ text: String, beside files: String..., isSyntaxOnly: Bool = false) -> ResolvedCondition
  {
    RuleLoader(options: .anyField).load(
      condition: RuleFile(name: "condition", bytes: Array(text.utf8)),
      beside: files.map { RuleFile(name: "rules.yaml", bytes: Array($0.utf8)) }, isSyntaxOnly: isSyntaxOnly)
  }

  @Test("a condition on its own may use the lists and macros of files")
  func beside() {
    let files = "- list: l\n  items: [x, y]\n- macro: m\n  condition: a.b in (l)\n"
    let loaded = load("m and not a.c in (l)", beside: files)
    #expect(loaded.condition?.text == "(a.b in (x, y) and not a.c in (x, y))")
    #expect(loaded.rules.findings == [] && loaded.rules.diagnostics == [])
  }

  @Test("faults have the place in the condition")
  func faults() {
    #expect(load("a.b = c\n  and d").rules.findings == ["LOAD_ERR_VALIDATE condition:2:7"])
    #expect(load("a.b = c d").rules.findings == ["LOAD_ERR_COMPILE_CONDITION condition:1:9"])
    #expect(load("").rules.findings == ["LOAD_ERR_COMPILE_CONDITION condition:1:1"])
  }

  @Test("where only the syntax counts, macros stay names")
  func syntaxOnly() {
    let loaded = load("a and not b", isSyntaxOnly: true)
    #expect(loaded.condition?.text == "(a and not b)" && !loaded.rules.hasErrors)
  }

  @Test("a condition alone nests less deep than one in a file")
  func depth() {
    let nested = String(repeating: "(", count: 150) + "a.b exists" + String(repeating: ")", count: 150)
    #expect(load(nested).condition == nil)
    #expect(RulesTests.load(rule(nested)).conditions["r"] == "a.b exists")
  }

  @Test("bytes that are no UTF-8, and NUL, are refused where they stand")
  func bytes() {
    for (bytes, offset) in [([0x61, 0xC3], 1), ([0xC3, 0xA9, 0xFF], 2), ([0x61, 0], 1)] as [([UInt8], Int)] {
      let loaded = RuleLoader().load(condition: RuleFile(name: "c", bytes: bytes))
      #expect(loaded.condition == nil)
      #expect(loaded.rules.reports[0].errors.map(\.location.offset) == [offset])
    }
  }
}
