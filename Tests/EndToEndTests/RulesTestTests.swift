import SystemPackage
import Testing

@Suite struct RulesTestTests {
  private static let repository = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  @Test(
    "every embedded rule has cases, and they pass",
    arguments: ["rules", "rules/windhover_rules.yaml", "rules/tests"])
  func embedded(path: String) throws {
    let outcome = try windhover("rules", "test", Self.repository.appending(path).string)
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.hasSuffix(" passed, 0 failed\n"))
  }

  @Test("each embedded rule has an event that must match and one that must not")
  func everyRule() throws {
    let cases = try ["windhover_rules.yaml", "allowed_registries.yaml"].map {
      try contents(of: Self.repository.appending("rules/tests/\($0)"))
    }.joined()
    let rules = try windhover("rules", "list").output.split(separator: "\n")
      .filter { $0.hasSuffix(", enabled)") }.map { $0.prefix { $0 != "(" }.dropLast() }
    #expect(rules.count == 26)
    for rule in rules {
      let own = cases.split(separator: "- name: ").filter { $0.contains("only: \(rule)\n") }
      #expect(own.contains { $0.contains("- rule: \(rule)") }, "\(rule)")
      #expect(own.contains { $0.contains("alerts: none") }, "\(rule)")
    }
  }

  @Test("a case that fails shows the difference, and which part of a condition was false")
  func failures() throws {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      - list: shells
        items: [sh, bash]
      - rule: Shell
        desc: d
        condition: evt.type = execve and proc.name in (shells) and not (user.uid = 0 or proc.tty = 0)
        output: "%proc.name %user.uid"
        priority: NOTICE
      """, to: "rules.yaml")
    try directory.write(
      """
      rules: rules.yaml
      cases:
        - name: fine
          events: [{evt.type: execve, proc.name: sh, user.uid: 5, proc.tty: 1}, {evt.type: clone}]
          alerts: [{rule: Shell, priority: notice, output: sh 5, fields: {user.uid: 5}}]
        - name: differs
          events: [{evt.type: execve, proc.name: bash, proc.tty: 1}]
          alerts: [{rule: Shell, priority: error, output: zsh, fields: {user.uid: 5, proc.name: bash, proc.tty: 1}}]
        - name: is missing
          events: [{evt.type: execve, proc.name: zsh}, {evt.type: execve, proc.name: sh, proc.tty: 0}]
          alerts: [{rule: Shell}]
        - name: is not expected
          events: [{evt.type: execve, proc.name: sh}]
          alerts: none
        - name: names no rule
          only: Shel
          events: []
          alerts: none
        - name: has a wrong value
          events: [{user.uid: many, proc.name: sh, evt.type: execve}]
          alerts: none
      """, to: "cases.yaml")
    let outcome = try windhover("rules", "test", directory.path.appending("cases.yaml").string)
    #expect(outcome.status == 1)
    try expectGolden(outcome.output.masking(directory), "rules-test.txt")
  }

  @Test("a file of cases with faults tells them all, and fails")
  func faults() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      """
      case: x
      cases:
        - nam: y
          events: [{proc.nmae: x}, {evt.type: a, evt.type: b}]
          alerts: nothing
        - name: z
          events: none
          alerts: [{rule: a, priority: loud}, {}]
      """, to: "cases.yaml")
    let outcome = try windhover("rules", "test", file)
    #expect(outcome.status == 1)
    try expectGolden(outcome.output.masking(directory), "rules-test-faults.txt")
  }

  @Test("a case with a fault fails alone, with the line of the fault")
  func faultyCase() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      """
      cases:
        - {name: fine, only: Container frozen, events: [], alerts: none}
        - name: has a misspelt field
          events: [{evt.type: execve, proc.nmae: x}]
          alerts: none
        - {name: fine too, only: Container frozen, events: [], alerts: none}
        - {name: has no event type, events: [{evt.type: execv}], alerts: none}
      """, to: "cases.yaml")
    let outcome = try windhover("rules", "test", file)
    #expect(outcome.status == 1)
    try expectGolden(outcome.output.masking(directory), "rules-test-faulty-case.txt")
  }

  @Test("rules with errors fail their cases, and nothing to test is an error")
  func nothingToTest() throws {
    let directory = try TemporaryDirectory()
    try directory.write("- rule: r\n  condition: (\n", to: "rules.yaml")
    let cases = "rules: [rules.yaml]\ncases: [{name: n, events: [], alerts: none}]\n"
    let outcome = try windhover("rules", "test", try directory.write(cases, to: "cases.yaml"))
    #expect(outcome.status == 1)
    #expect(outcome.output.hasSuffix("0 passed, 1 failed\n"))
    #expect(try windhover("rules", "test", directory.path.appending("rules.yaml").string).status == 2)
    #expect(try windhover("rules", "test", "/nonexistent").status == 2)
    #expect(try windhover("rules", "test").status == 2)
  }
}
