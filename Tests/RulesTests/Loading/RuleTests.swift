import Events
import Testing

@testable import Rules

@Suite struct RuleTests {
  @Test("a rule's keys are read, and those it leaves out have Falco's defaults")
  func keys() throws {
    let loaded = load(
      """
      # a comment
      - rule: Full
        desc: some text
        condition: a.b = c
        output: "*out %a.b  "
        priority: WaRnInG
        source: syscall
        enabled: no
        tags: [b, a, b]
        warn_evttypes: False
        skip-if-unknown-filter: true
        capture: on
        capture_duration: 5000
      ---
      - rule: Short
        desc: d
        condition: >
          a.b = c and
          a.d exists
        output: o
        priority: info
      """)
    #expect(loaded.findings == [])
    let full = try #require(loaded.rules.first)
    #expect(full.name == "Full" && full.description == "some text" && full.priority == .warning)
    #expect(full.source == "syscall" && !full.isEnabled && full.tags == ["a", "b"] && full.index == 0)
    #expect(!full.warnsAboutEventTypes && full.skipsIfUnknownFilter)
    #expect(full.capture == .init(isWanted: true, durationMilliseconds: 5000))
    #expect(full.output.text == "out %a.b" && full.output.printsMissing)
    let short = loaded.rules[1]
    #expect(short.isEnabled && short.warnsAboutEventTypes && !short.skipsIfUnknownFilter && short.tags == [])
    #expect(short.capture == .init() && short.priority == .informational && short.source == "syscall")
    #expect(
      short.conditionText == "a.b = c and a.d exists\n" && short.condition.text == "(a.b = c and a.d exists)")
    #expect(short.output.printsMissing)
  }

  @Test("every priority is read in any case", arguments: Priority.allCases)
  func priorities(priority: Priority) {
    for name in [priority.name, priority.name.uppercased(), priority.name.lowercased()] {
      let text = "- rule: r\n  desc: d\n  condition: a.b = c\n  output: o\n  priority: \(name)\n"
      #expect(load(text).rules.map(\.priority) == [priority])
    }
  }

  @Test(
    "a rule with a wrong or missing key is refused, with the place",
    arguments: [
      ("- rule: r\n  desc: d\n  condition: a.b = c\n  output: o\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:9"]),
      ("- rule: r\n", Array(repeating: "LOAD_ERR_YAML_VALIDATE 1.yaml:1:9", count: 4)),
      ("- rule:\n  desc: d\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:8"]),
      ("- rule: ''\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:9"]),
      ("- rule: [a]\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:9"]),
      (rule("a.b = c", more: "enabled: maybe"), ["LOAD_ERR_YAML_VALIDATE 1.yaml:6:12"]),
      (rule("a.b = c", more: "tags: x"), ["LOAD_ERR_YAML_VALIDATE 1.yaml:6:9"]),
      (rule("a.b = c", more: "tags: [[x]]"), ["LOAD_ERR_YAML_VALIDATE 1.yaml:6:10"]),
      (rule("a.b = c", more: "capture_duration: -1"), ["LOAD_ERR_YAML_VALIDATE 1.yaml:6:21"]),
      (rule("a.b = c", more: "source: [x]"), ["LOAD_ERR_YAML_VALIDATE 1.yaml:6:11"]),
      (rule("[a, b]"), ["LOAD_ERR_YAML_VALIDATE 1.yaml:3:14"]),
      (rule(""), ["LOAD_ERR_YAML_VALIDATE 1.yaml:3:13"]),
      (rule("''"), ["LOAD_ERR_COMPILE_CONDITION 1.yaml:3:15"]),
      (rule("a.b = c d"), ["LOAD_ERR_COMPILE_CONDITION 1.yaml:3:22"]),
      (rule("a.b = c", more: "priority: x"), ["LINT_DUPLICATE_KEY 1.yaml:6:3"]),
      (rule("a.b = c").replacing("INFO", "LOUD"), ["LOAD_ERR_YAML_VALIDATE 1.yaml:5:13"]),
      (rule("a.b = c").replacing("output: o", "output: '%'"), ["LOAD_ERR_COMPILE_OUTPUT 1.yaml:4:12"]),
      (rule("a.b = c", more: "colour: red"), ["LOAD_UNKNOWN_KEY 1.yaml:6:3"]),
      (rule("a.b = c", more: "source: k8s_audit"), ["LOAD_UNKNOWN_SOURCE 1.yaml:6:11"]),
    ] as [(String, [String])])
  func faults(text: String, expected: [String]) { #expect(load(text).findings == expected) }

  @Test(
    "what is no list of items is refused",
    arguments: [
      ("", []), ("# nothing\n", []), ("---\n", []), ("---\n---\n", []), ("~\n", []),
      ("rule: r\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:1"]), ("text\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:1"]),
      ("- text\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:3"]), ("- [a]\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:3"]),
      ("- rul: r\n", ["LOAD_UNKNOWN_ITEM 1.yaml:1:3"]), ("- {}\n", ["LOAD_UNKNOWN_ITEM 1.yaml:1:1"]),
      ("- rule: r\n  bad: [\n", ["LOAD_ERR_YAML_PARSE 1.yaml:3:1"]),
      ("- list: l\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:9"]),
      ("- list: l\n  items: x\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:2:10"]),
      ("- list: l\n  items: [[x]]\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:2:11"]),
      ("- macro: m\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:1:10"]),
      ("- macro: m\n  condition: [x]\n", ["LOAD_ERR_YAML_VALIDATE 1.yaml:2:14"]),
    ] as [(String, [String])])
  func content(text: String, expected: [String]) { #expect(load(text).findings == expected) }

  @Test("a file that cannot be read is an error beside those of the others")
  func unreadable() {
    let loaded = RuleLoader().load([
      RuleFile(name: "gone.yaml", unreadable: "no such file"),
      RuleFile(name: "b.yaml", bytes: Array(rule("x").utf8)),
    ])
    #expect(loaded.findings == ["LOAD_ERR_FILE_READ gone.yaml:1:1"])
    #expect(loaded.reports.map(\.isSuccessful) == [false, true])
  }

  @Test("what stands before broken YAML is still read, and nothing else is blamed")
  func cutShort() {
    let loaded = load(rule("a.b ==") + rule("m", name: "s") + "- rule: t\n  x: 'y\n")
    #expect(loaded.findings == ["LOAD_ERR_COMPILE_CONDITION 1.yaml:3:20", "LOAD_ERR_YAML_PARSE 1.yaml:14:6"])
  }

  @Test("a second complete rule replaces the first and keeps its place")
  func redefinition() {
    let loaded = load(
      rule("a.b = c", more: "tags: [t]"), rule("a.b exists", name: "s"), rule("a.b = d"))
    #expect(loaded.rules.map(\.name) == ["r", "s"])
    #expect(loaded.conditions["r"] == "a.b = d" && loaded.rules[0].tags == [])
    #expect(loaded.findings == [])
  }

  @Test("a rule cannot change its source")
  func source() {
    var options = LoadingOptions.anyField
    options.sources.insert("other")
    let loaded = load(rule("a.b = c"), rule("a.b = d", more: "source: other"), options: options)
    #expect(loaded.findings == ["LOAD_ERR_VALIDATE 2.yaml:6:11"])
    #expect(
      load(rule("a.b = c", more: "source: other"), rule("a.b = d"), options: options).findings
        == ["LOAD_ERR_VALIDATE 2.yaml:1:3"])
  }

  @Test("the old way to disable a rule works and is deprecated")
  func enabledOnly() {
    let loaded = load(rule("a.b = c"), "- rule: r\n  enabled: false\n- rule: q\n  enabled: true\n")
    #expect(loaded.rules.map(\.isEnabled) == [false])
    #expect(
      loaded.findings == [
        "LOAD_DEPRECATED_ITEM 2.yaml:2:3", "LOAD_ERR_VALIDATE 2.yaml:3:3", "LOAD_DEPRECATED_ITEM 2.yaml:4:3",
      ])
  }

  @Test("a fault is told with the rule and the part of it")
  func context() {
    let finding = load(rule("a.b = c d", name: "My rule")).reports[0].errors[0]
    #expect(finding.path.map(\.kind.rawValue) == ["rules content", "rule", "condition expression"])
    #expect(finding.path.map(\.name) == ["", "My rule", ""])
    #expect(finding.path.map(\.location.line) == [1, 1, 3])
    #expect(finding.location.offset == 47)
  }
}

extension String {
  func replacing(_ part: String, _ other: String) -> String {
    guard let range = self.firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}

@Suite struct HostileFileTests {
  private static let deep = 100_000

  @Test(
    "hostile files are a clean error, and soon",
    arguments: [
      ("a condition of 10 MB", rule("a.b = " + String(repeating: "x", count: 10 << 20))),
      (
        "parentheses",
        rule(String(repeating: "(", count: deep) + "a.b exists" + String(repeating: ")", count: deep))
      ),
      ("negations", rule(String(repeating: "not (", count: deep))),
      (
        "a list of 1 MB",
        "- list: l\n  items: [" + String(repeating: "item, ", count: 200_000) + "x]\n" + rule("a.b in (l)")
      ),
      ("YAML brackets", String(repeating: "[", count: deep)),
      ("names nobody defined", (0..<1_000).map { "- macro: m\($0)\n  condition: n\($0)\n" }.joined()),
      (
        "an output of fields",
        rule("a.b exists").replacing(
          "output: o", "output: '" + String(repeating: "%a.b.c.d ", count: 20_000) + "%'")
      ),
    ].map { HostileFile(name: $0.0, text: $0.1) })
  func hostile(file: HostileFile) {
    var loaded = load("")
    let time = ContinuousClock().measure {
      loaded = RuleLoader().load([RuleFile(name: "f", bytes: Array(file.text.utf8))])
    }
    #expect(loaded.hasErrors)
    #expect(loaded.reports[0].text.utf8.count < 1 << 20)
    // Without optimisation and beside other tests; with it, each takes less than a second.
    #expect(time < .seconds(20), "\(time)")
  }

  struct HostileFile: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var testDescription: String { name }
  }
}
