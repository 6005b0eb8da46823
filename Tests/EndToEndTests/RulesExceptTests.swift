import Glibc
import SystemPackage
import Testing

@Suite struct RulesExceptTests {
  private let directory: TemporaryDirectory
  private let rules: String

  init() throws {
    directory = try TemporaryDirectory()
    rules = try directory.write(
      """
      - list: shells
        items: [sh, bash]
      - rule: Shell
        desc: d
        condition: evt.type = execve and proc.name in (shells)
        output: "%proc.name %proc.cmdline %user.uid %proc.pid %proc.tty"
        priority: notice
        exceptions:
          - {name: alert, fields: [user.name], values: [[nobody]]}
      """, to: "rules.yaml")
  }

  private static let alert = """
    {"hostname":"h","rule":"Shell","priority":"Notice","source":"syscall","time":"2026-01-01T00:00:00.000000000Z",
     "output":"x","tags":[],"output_fields":{"evt.time":1700000000000000000,"proc.name":"sh","proc.pid":17,
     "proc.cmdline":"sh -c \\"echo shells\\\\n\\"","user.uid":0,"proc.tty":null}}
    """

  private func except(_ arguments: String..., input: String) throws -> Outcome {
    try Program(BuiltBinary.path, ["rules", "except"] + arguments, input: Array(input.utf8)).finish()
  }

  @Test("the exception for an alert, loaded behind the rules, silences it and not its sibling")
  func roundTrip() throws {
    let outcome = try except(rules, input: Self.alert)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    try expectGolden(outcome.output, "rules-except.yaml")
    let exception = try directory.write(outcome.output, to: "z.yaml")
    let cases = try directory.write(
      """
      cases:
        - name: the alert
          only: Shell
          events: [{evt.type: execve, proc.name: sh, proc.cmdline: 'sh -c "echo shells\\n"', user.uid: 0, proc.pid: 99}]
          alerts: none
        - name: another user
          only: Shell
          events: [{evt.type: execve, proc.name: sh, proc.cmdline: 'sh -c "echo shells\\n"', user.uid: 1}]
          alerts: [{rule: Shell}]
      """, to: "cases.yaml")
    let tested = try windhover("rules", "test", rules, exception, cases)
    #expect(tested.status == 0, "\(tested.output)")
  }

  /// Runs the agent on a fixture with two processes until one of its alerts holds a text, and a little longer.
  private func run(_ rules: String..., until text: String) throws -> Outcome {
    let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
      .appending("Fixtures/docker-default").string
    let agent = try Program(
      BuiltBinary.path,
      [
        "run", "--sources", "procfs", "--host-root", fixture, "-o", "json_output=true", "-o",
        "control.socket=",
      ]
        + rules.flatMap { ["-r", $0] })
    _ = try agent.outputLine { $0.contains("\"rule\":\"\(text)\"") }
    // What is not to come would come now.
    usleep(300_000)
    agent.signal(SIGTERM)
    return try agent.finish()
  }

  @Test("an alert of the agent itself, ancestors and missing values in it, is silenced in the next run")
  func live() throws {
    let rules = try directory.write(
      """
      - rule: Sleeper
        desc: d
        condition: evt.type = process_seen and proc.name = sleep
        output: "%proc.cmdline %proc.aname %proc.pid %container.id %container.image %user.uid %evt.type %proc.exepath"
        priority: warning
      - rule: Other
        desc: d
        condition: evt.type = process_seen and proc.name = containerd-shim
        output: other
        priority: warning
      """, to: "live.yaml")
    let before = try run(rules, until: "Sleeper").output
    let alert = try #require(before.split(separator: "\n").first { $0.contains("Sleeper") })
    let exception = try directory.write(
      try except(rules, input: String(alert)).output, to: "live-exception.yaml")
    #expect(try !run(rules, exception, until: "Other").output.contains("Sleeper"))
  }

  @Test("alerts one a line get exceptions with names of their own, and fields can be chosen")
  func severalAlerts() throws {
    let line = Self.alert.split(separator: "\n").joined()
    let outcome = try except(rules, "--fields", "proc.name", input: "\(line)\n\n\(line)\n")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("name: alert_2\n") && outcome.output.contains("name: alert_3\n"))
    #expect(outcome.output.contains("fields: [proc.name]"))
    let file = try directory.write(line, to: "alert.json")
    #expect(try windhover("rules", "except", rules, "--alert", file).status == 0)
  }

  @Test("what is no alert ends with 2, an alert without an exception with 1")
  func errors() throws {
    for input in ["", "not json", "[]", "{\"rule\":\"Shell\"}"] {
      let outcome = try except(rules, input: input)
      #expect(outcome.status == 2)
      #expect(outcome.errors.hasPrefix("windhover: standard input: "))
    }
    let unknown = try except(input: Self.alert)
    #expect(unknown.status == 1)
    #expect(unknown.errors == "windhover: there is no rule 'Shell'\n")
    #expect(try except(rules, "--fields", "proc.nam", input: Self.alert).status == 1)
    let wrong = try directory.write("- rule: r\n", to: "wrong.yaml")
    #expect(try except(wrong, input: Self.alert).status == 1)
  }
}
