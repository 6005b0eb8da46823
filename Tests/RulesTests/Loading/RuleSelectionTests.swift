import Testing

@testable import Rules

@Suite struct RuleSelectionTests {
  private let rules = load(
    rule("a.b = c", name: "Read file", more: "tags: [file, host]")
      + rule("a.b = c", name: "Write file", more: "tags: [file]")
      + rule("a.b = c", name: "Run shell", more: "enabled: false\ntags: [process]")
  ).rules

  /// The enabled rules after steps such as `-*` and `+#process`: off, on; a tag.
  private func enabled(after steps: String) -> (names: [String], unmet: [String]) {
    let selection = RuleSelection(
      steps.split(separator: ";").map { step in
        let name = step.dropFirst()
        return .init(
          enables: step.first == "+",
          name.first == "#" ? .tag(String(name.dropFirst())) : .rule(pattern: String(name)))
      })
    var rules = rules
    let unmet = selection.apply(to: &rules)
    return (rules.filter(\.isEnabled).map(\.name), unmet.map(\.description))
  }

  @Test(
    "steps are taken in order, by name, wildcard and tag",
    arguments: [
      ("", ["Read file", "Write file"]),
      ("-Read file", ["Write file"]),
      ("-*;+#process", ["Run shell"]),
      ("+#process;-*", []),
      ("-#file;+#host", ["Read file"]),
      ("-*file", []),
      ("-*rite*", ["Read file"]),
      ("-R*d*f*e", ["Write file"]),
      ("-**", []),
      ("+Run*", ["Read file", "Write file", "Run shell"]),
    ])
  func order(steps: String, names: [String]) {
    let (enabled, unmet) = enabled(after: steps)
    #expect(enabled == names && unmet == [])
  }

  @Test("a step that names no rule is told", arguments: ["Read", "read file", "*x*", "Read file*?"])
  func unmet(pattern: String) {
    #expect(enabled(after: "-\(pattern)").unmet == ["disable rule '\(pattern)'"])
    #expect(enabled(after: "+#nothing").unmet == ["enable tag 'nothing'"])
  }

  @Test("a hostile wildcard takes no time")
  func hostile() {
    var rules = load(rule("a.b = c", name: String(repeating: "a", count: 1_000))).rules
    let pattern = String(repeating: "a*", count: 500) + "b"
    let time = ContinuousClock().measure {
      #expect(RuleSelection([.init(enables: false, .rule(pattern: pattern))]).apply(to: &rules).count == 1)
    }
    #expect(time < .seconds(20), "\(time)")
  }
}
