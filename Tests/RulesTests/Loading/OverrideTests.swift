import Events
import Testing

@testable import Rules

@Suite struct OverrideTests {
  private func change(_ lines: String, of more: String = "") -> ResolvedRules {
    load(
      rule("a.b = c", more: more), "- rule: r\n" + lines.split(separator: "\n").map { "  \($0)\n" }.joined())
  }

  @Test("every key that can be appended to is")
  func append() throws {
    let loaded = change(
      """
      condition: or a.b = d
      output: and more
      desc: e
      tags: [x, z]
      exceptions: [{name: n, fields: [a.e], values: [[f]]}]
      override: {condition: append, output: append, desc: append, tags: append, exceptions: append}
      """, of: "tags: [z, y]")
    let rule = try #require(loaded.rules.first)
    #expect(loaded.findings == [])
    #expect(rule.condition.text == "((a.b = c or a.b = d) and not a.e = f)")
    #expect(rule.conditionText == "a.b = c or a.b = d")
    #expect(rule.output.text == "o and more" && rule.description == "d e" && rule.tags == ["x", "y", "z"])
  }

  @Test("every key that can be replaced is")
  func replace() throws {
    let loaded = change(
      """
      condition: a.b = d
      output: p
      desc: e
      tags: [x]
      exceptions: []
      priority: ERROR
      enabled: false
      warn_evttypes: false
      skip-if-unknown-filter: true
      capture: true
      capture_duration: 1
      override:
        condition: replace
        output: replace
        desc: replace
        tags: replace
        exceptions: replace
        priority: replace
        enabled: replace
        warn_evttypes: replace
        skip-if-unknown-filter: replace
        capture: replace
        capture_duration: replace
      """, of: "tags: [y]\nexceptions: [{name: n, fields: [a.e], values: [[f]]}]")
    let rule = try #require(loaded.rules.first)
    #expect(loaded.findings == [])
    #expect(rule.condition.text == "a.b = d" && rule.output.text == "p" && rule.description == "e")
    #expect(rule.tags == ["x"] && rule.priority == .error && !rule.isEnabled && !rule.warnsAboutEventTypes)
    #expect(rule.skipsIfUnknownFilter && rule.capture == .init(isWanted: true, durationMilliseconds: 1))
  }

  @Test(
    "a wrong override is refused, with the place",
    arguments: [
      ("enabled: true\noverride: {enabled: append}", "LOAD_ERR_YAML_VALIDATE 2.yaml:3:14"),
      ("priority: INFO\noverride: {priority: append}", "LOAD_ERR_YAML_VALIDATE 2.yaml:3:14"),
      ("condition: or x\noverride: {condition: add}", "LOAD_ERR_YAML_VALIDATE 2.yaml:3:25"),
      ("condition: or x\noverride: {condition: append, desc: append}", "LOAD_ERR_YAML_VALIDATE 2.yaml:3:33"),
      ("condition: or x\ndesc: d\noverride: {condition: append}", "LOAD_ERR_YAML_VALIDATE 2.yaml:3:3"),
      ("condition: or x\nappend: true\noverride: {condition: append}", "LOAD_ERR_YAML_VALIDATE 2.yaml:3:3"),
      ("source: syscall\noverride: {source: replace}", "LOAD_ERR_YAML_VALIDATE 2.yaml:3:14"),
      ("condition: or x\noverride: append", "LOAD_ERR_YAML_VALIDATE 2.yaml:3:13"),
    ])
  func refused(lines: String, expected: String) {
    let loaded = change(lines)
    #expect(loaded.findings.filter { !$0.contains("DEPRECATED") }.first == expected)
    #expect(loaded.conditions == ["r": "a.b = c"])
  }

  @Test("a rule that does not exist cannot be changed", arguments: ["append", "replace"])
  func missing(action: String) {
    let loaded = load(
      rule("a.b = c", name: "rule"), "- rule: rul\n  condition: or x\n  override: {condition: \(action)}\n")
    #expect(loaded.findings == ["LOAD_ERR_VALIDATE 2.yaml:1:3"])
    #expect(loaded.diagnostics.first?.cure == "did you mean 'rule'?")
  }

  @Test("a misspelt override makes the item a redefinition, and is warned about")
  func misspelt() {
    let loaded = load(rule("a.b = c"), rule("a.b = d", more: "overide: {condition: append}"))
    #expect(loaded.conditions == ["r": "a.b = d"])
    #expect(loaded.findings == ["LOAD_UNKNOWN_KEY 2.yaml:6:3"])
    #expect(loaded.diagnostics.first?.cure == "did you mean 'override'?")
  }

  @Test("append adds conditions and exceptions, and nothing else")
  func deprecatedAppend() {
    let loaded = change(
      "append: true\ncondition: and a.d exists\nenabled: true\ntags: [x]", of: "enabled: false")
    #expect(loaded.conditions == ["r": "(a.b = c and a.d exists)"])
    #expect(loaded.rules.map(\.isEnabled) == [false] && loaded.rules[0].tags == [])
    #expect(
      loaded.findings == [
        "LOAD_DEPRECATED_ITEM 2.yaml:2:3", "LOAD_UNKNOWN_KEY 2.yaml:4:3", "LOAD_UNKNOWN_KEY 2.yaml:5:3",
      ])
  }

  @Test("an override may name the source that the rule has")
  func source() {
    #expect(change("source: syscall\ndesc: e\noverride: {desc: replace}").findings == [])
    #expect(
      change("source: other\ndesc: e\noverride: {desc: replace}").findings == [
        "LOAD_ERR_VALIDATE 2.yaml:2:11"
      ])
  }

  @Test("changes to a broken rule are not blamed")
  func broken() {
    let loaded = load(
      "- rule: r\n  desc: d\n  condition: a.b = 1\n  output: o\n",
      "- rule: r\n  append: true\n  condition: or y\n")
    #expect(loaded.findings == ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:9", "LOAD_DEPRECATED_ITEM 2.yaml:2:3"])
  }
}
