import SystemPackage
import Testing

@Suite struct RulesCheckTests {
  @Test("the rules in the binary have nothing wrong with them")
  func embedded() throws {
    let outcome = try windhover("rules", "check")
    #expect(outcome.output == "windhover_rules.yaml: ok\n")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
  }

  @Test("every error of every file is told at once, a file that is missing among them")
  func everyError() throws {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      - macro: spawned
        condition: evt.type = execve
      - rule: Misspelt macro
        desc: d
        condition: spwned and proc.name = sh
        output: "%proc.name"
        priority: NOTICE
      - rule: Without a condition
        desc: d
        output: x
        priority: LOUD
      """, to: "a.yaml")
    try directory.write("- rule: [unclosed\n", to: "b.yaml")
    try directory.write("just text\n", to: "c.yml")
    let outcome = try windhover("rules", "check", directory.path.string, "/nonexistent/rules.yaml")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "")
    try expectGolden(outcome.output.masking(directory), "rules-check.txt")
  }

  @Test("JSON has the shape of Falco's validation result")
  func json() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("- macro: m\n  condition: a.b =\n", to: "a.yaml")
    let outcome = try windhover("rules", "check", "--format", "json", file)
    #expect(outcome.status == 1)
    try expectGolden(outcome.output.masking(directory), "rules-check.json")
  }

  @Test("a file that is fine and warns is a success")
  func warning() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("- list: unused\n  items: [a]\n- nonsense: x\n", to: "a.yaml")
    let outcome = try windhover("rules", "check", file)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("LOAD_UNKNOWN_ITEM"))
  }
}

extension String {
  /// The text with the name of a temporary directory, which changes with every run, made one that does not.
  func masking(_ directory: TemporaryDirectory) -> String {
    split(separator: directory.path.string, omittingEmptySubsequences: false).joined(separator: "/rules")
  }
}
