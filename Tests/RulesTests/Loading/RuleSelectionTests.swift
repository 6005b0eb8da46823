import Testing

@testable import Rules

@Suite struct RuleSelectionTests {
  private let rules = load(
    rule("a.b = c", name: "Read file", more: "tags: [file, host]")
      + rule("a.b = c", name: "Write file", more: "tags: [file]")
      + rule("a.b = c", name: "Run shell", more: "enabled: false\ntags: [process]")
  ).rules

  private func enabled(after steps: String) throws -> (names: [String], unmet: [String]) {
    let node = try #require(try YAMLStream.document(parsing: Array(steps.utf8)))
    var rules = rules
    let unmet = try RuleSelection(reading: node).apply(to: &rules)
    return (rules.filter(\.isEnabled).map(\.name), unmet.map(\.description))
  }

  @Test(
    "steps are taken in order, by name, wildcard and tag",
    arguments: [
      ("[]", ["Read file", "Write file"]),
      ("[disable: {rule: Read file}]", ["Write file"]),
      ("[disable: {rule: '*'}, enable: {tag: process}]", ["Run shell"]),
      ("[enable: {tag: process}, disable: {rule: '*'}]", []),
      ("[disable: {tag: file}, enable: {tag: host}]", ["Read file"]),
      ("[disable: {rule: '*file'}]", []),
      ("[disable: {rule: '*rite*'}]", ["Read file"]),
      ("[disable: {rule: 'R*d*f*e'}]", ["Write file"]),
      ("[disable: {rule: '**'}]", []),
      ("[enable: {rule: 'Run*'}]", ["Read file", "Write file", "Run shell"]),
    ])
  func order(steps: String, names: [String]) throws {
    let (enabled, unmet) = try enabled(after: steps)
    #expect(enabled == names && unmet == [])
  }

  @Test("a step that names no rule is told", arguments: ["Read", "read file", "*x*", "Read file*?"])
  func unmet(pattern: String) throws {
    #expect(try enabled(after: "[disable: {rule: '\(pattern)'}]").unmet == ["disable rule '\(pattern)'"])
    #expect(try enabled(after: "[enable: {tag: nothing}]").unmet == ["enable tag 'nothing'"])
  }

  @Test(
    "a wrong step is refused with what was meant",
    arguments: [
      ("[enabel: {rule: x}]", "did you mean 'enable'?"), ("[enable: {rul: x}]", "did you mean 'rule'?"),
      ("[enable: x]", nil), ("x", "write '[a, b]', or lines with '- '"), ("[enable: {rule: [x]}]", nil),
    ] as [(String, String?)])
  func refused(text: String, cure: String?) throws {
    let node = try #require(try YAMLStream.document(parsing: Array(text.utf8)))
    #expect(#expect(throws: SyntaxError.self) { try RuleSelection(reading: node) }?.cure == cure)
  }

  @Test("a hostile wildcard takes no time")
  func hostile() {
    var rules = load(rule("a.b = c", name: String(repeating: "a", count: 1_000))).rules
    let pattern = String(repeating: "a*", count: 500) + "b"
    let time = ContinuousClock().measure {
      #expect(RuleSelection([.init(enables: false, .rule(pattern: pattern))]).apply(to: &rules).count == 1)
    }
    #expect(time < .seconds(1))
  }
}
