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

  @Test(
    "the rules in the binary are changed by a file that follows their name, and the error without it says so")
  func builtin() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      """
      - rule: Program started from a scratch directory
        exceptions:
          - name: programs
            values: [[/tmp/ci]]
        override: {exceptions: append}
      - rule: Mine
        desc: d
        condition: program_started and proc.name in (shell_programs)
        output: o
        priority: info
      """, to: "mine.yaml")
    let together = try windhover("rules", "check", "builtin", file)
    #expect(together.output == "windhover_rules.yaml: ok\n\(file): ok\n")
    let listed = try windhover("rules", "list", "builtin", file).output
    #expect(
      listed.contains("Mine (Informational, enabled)") && listed.contains("not proc.exepath pmatch (/tmp/ci)")
    )
    let alone = try windhover("rules", "check", file)
    #expect(alone.status == 1)
    #expect(
      alone.output.split(separator: "\n").filter {
        $0 == "  the embedded rules are not loaded; name 'builtin' before this file"
      }.count == 2, "\(alone.output)")
  }

  @Test("the rules in the binary are shown as they were written")
  func show() throws {
    let rules = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .appending("rules/windhover_rules.yaml")
    let shown = try windhover("rules", "show")
    #expect(shown.status == 0)
    #expect(shown.output == Files.text(rules))
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

  @Test(
    "one condition is checked, from an argument or standard input",
    arguments: [
      ("program_started and proc.name in (shell_programs)", false, 0), ("program_startd", false, 1),
      ("proc.name = sh", false, 0), ("proc.nmae = sh", false, 1), ("proc.nmae = sh and macro", true, 0),
      ("proc.name = ", true, 1), ("proc.pid = abc", false, 1), ("", true, 1),
    ])
  func condition(text: String, syntaxOnly: Bool, status: Int) throws {
    let flags = syntaxOnly ? ["--syntax-only"] : []
    for (argument, input) in [(text, ""), ("-", text + "\n")] {
      let arguments = ["rules", "check", "--condition", argument] + flags
      let outcome = try Program(BuiltBinary.path, arguments, input: Array(input.utf8)).finish()
      #expect(Int(outcome.status) == status, "\(outcome.output)")
    }
  }

  @Test("a condition may use the macros and lists of the files beside it")
  func conditionBesideFiles() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("- macro: started\n  condition: evt.type = execve\n", to: "a.yaml")
    #expect(try windhover("rules", "check", "--condition", "started", file).status == 0)
    #expect(try windhover("rules", "check", "--condition", "stared", file).status == 1)
  }

  @Test("a condition of ten megabytes and one of a hundred thousand parentheses end in an error, and soon")
  func hugeConditions() throws {
    let long = "proc.name in (" + String(repeating: "abcdefgh, ", count: 1 << 20) + "z)"
    let deep =
      String(repeating: "(", count: 100_000) + "proc.name = a" + String(repeating: ")", count: 100_000)
    for text in [long, deep] {
      let outcome = try windhover(
        "rules", "check", "--condition", "-", input: text, within: .seconds(10))
      #expect(outcome.status == 1)
    }
  }

  @Test("arguments that do not go together are a wrong command line")
  func usage() throws {
    #expect(try windhover("rules", "check", "--syntax-only").status == 2)
    #expect(try windhover("rules", "check", "--format", "xml").status == 2)
    #expect(try windhover("rules", "check", "--condition", "a.b = c", "--sources", "auto").status == 2)
  }

  @Test(
    "with sources, each rule is told what it is worth, and why",
    arguments: [("text", "txt"), ("json", "json")])
  func coverage(format: String, suffix: String) throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      """
      - rule: Fine
        desc: d
        condition: evt.type = execve and proc.name = sh
        output: o
        priority: info
      - rule: Exempts by image
        desc: d
        condition: evt.type = execve and not container.image.repository = trusted
        output: o
        priority: info
      - rule: Opens
        desc: d
        condition: evt.type = open and fd.name = /etc/shadow
        output: o
        priority: info
      """, to: "rules.yaml")
    let outcome = try windhover("rules", "check", "--sources", "connector,procfs", "--format", format, file)
    #expect(outcome.status == 0)
    try expectGolden(outcome.output.masking(directory), "rules-check-sources.\(suffix)")
    #expect(try windhover("rules", "check", "--sources", "auto", "--format", format, file).status == 0)
    #expect(try windhover("rules", "check", "--sources", "kprobe", file).status == 2)
  }

  @Test("every rule is listed with its condition expanded")
  func list() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      """
      - list: shells
        items: [sh, bash]
      - macro: started
        condition: evt.type in (execve, execveat)
      - rule: Shell
        desc: >
          A shell
          was started.
        condition: started and proc.name in (shells)
        output: "%proc.name"
        priority: notice
        tags: [b, a]
        exceptions:
          - name: users
            fields: [user.name]
            values: [[root]]
      - rule: Off
        desc: d
        condition: evt.num > 0
        output: o
        priority: debug
        enabled: false
      """, to: "rules.yaml")
    try expectGolden(try windhover("rules", "list", file).output, "rules-list.txt")
    try expectGolden(try windhover("rules", "list", "--format", "json", file).output, "rules-list.json")
    let wrong = try directory.write("- rule: r\n", to: "wrong.yaml")
    #expect(try windhover("rules", "list", wrong).status == 1)
  }
}

extension String {
  /// The text with the name of a temporary directory, which changes with every run, made one that does not.
  func masking(_ directory: TemporaryDirectory) -> String {
    split(separator: directory.path.string, omittingEmptySubsequences: false).joined(separator: "/rules")
  }
}
