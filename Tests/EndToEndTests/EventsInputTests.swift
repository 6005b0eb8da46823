import SystemPackage
import Testing

@Suite struct EventsInputTests {
  private static let capture = """
    {"evt.time":1700000000000000000,"evt.type":"execve","proc.name":"sh","proc.aname[1]":"sshd","proc.pid":"22"}
    {"evt.type":"execve","proc.name":"cat","proc.pid":23}

    {"evt.type":"setuid","proc.name":"su\\u001b[31m\\n","proc.pid":24,"user.uid":0}
    """

  private func events(_ arguments: String..., input: String = capture) throws -> Outcome {
    try Program(BuiltBinary.path, ["events", "--input", "-"] + arguments, input: Array(input.utf8)).finish()
  }

  @Test("an event that meets the condition is printed, and its line is safe for a terminal")
  func text() throws {
    let outcome = try events("proc.pid != 23")
    #expect(
      outcome.output == """
        evt.time=22:13:20.000000000 evt.type=execve proc.pid=22 proc.name=sh
        evt.type=setuid proc.pid=24 proc.name=su\\u{1b}[31m\\n

        """)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
  }

  @Test("as JSON the event is the line that was read")
  func json() throws {
    let outcome = try events("proc.name = cat", "--format", "json")
    #expect(outcome.output == Self.capture.split(separator: "\n")[1] + "\n")
  }

  @Test("fields can be chosen, and what an event has not is left out")
  func fields() throws {
    let outcome = try events("--format", "json", "--fields", "proc.aname[1],evt.time,user.uid")
    #expect(
      outcome.output == """
        {"proc.aname[1]":"sshd","evt.time":1700000000000000000}
        {}
        {"user.uid":0}

        """)
    #expect(try events("--fields", "proc.pid", "--count", "2").output == "proc.pid=22\nproc.pid=23\n")
  }

  @Test("the exit status is 1 when no event meets the condition")
  func none() throws {
    let outcome = try events("proc.name = zsh")
    #expect(outcome.status == 1)
    #expect(outcome.output == "" && outcome.errors == "")
    #expect(try events(input: "").status == 1)
  }

  @Test("a wrong event is told by its line, the others are judged, and the exit status is 2")
  func wrongEvents() throws {
    let input = """
      {"proc.pid":"x"}
      not json
      [1]
      {"proc.pid":5}
      {"proc.pid":6,"proc.nam":"x"}
      {"proc.pid":7,"evt.type":"execv"}
      {"proc.pid":8,"user.uid":"root"}
      """
    let outcome = try events("proc.pid > 1", "--fields", "proc.pid", input: input)
    #expect(outcome.output == "proc.pid=5\n")
    #expect(outcome.status == 2)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(
      lines.suffix(3) == [
        "windhover: standard input:5: no field is called 'proc.nam'; did you mean 'proc.name'?",
        "windhover: standard input:6: no event type is called 'execv'; did you mean 'execve'?",
        "windhover: standard input:7: 'user.uid' is UINT32, and the event has root",
      ])
    #expect(lines.first == "windhover: standard input:1: 'proc.pid' is INT64, and the event has x")
    #expect(lines.dropFirst().first?.hasPrefix("windhover: standard input:2: not a JSON object: ") == true)
  }

  @Test("a wrong condition or field is explained, and the exit status is 2")
  func wrongCondition() throws {
    let outcome = try events("proc.nmae = a or b")
    #expect(outcome.status == 2)
    try expectGolden(outcome.errors, "events-condition.txt")
    let fields = try events("--fields", "proc.nmae")
    #expect(fields.status == 2)
    #expect(
      fields.errors == "windhover: --fields: no field is called 'proc.nmae'; did you mean 'proc.name'?\n")
  }

  @Test("a capture is read from a file, and one that is missing is an error")
  func files() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(Self.capture, to: "capture.jsonl")
    #expect(try windhover("events", "proc.pid = 22", "--input", file).status == 0)
    let missing = try windhover("events", "--input", "/nonexistent")
    #expect(missing.status == 2)
    #expect(missing.errors == "windhover: /nonexistent: No such file or directory\n")
  }

  @Test("a line of many megabytes is one event")
  func longLine() throws {
    let name = String(repeating: "x", count: 3 << 20)
    let outcome = try events(
      "len(proc.cmdline) = \(3 << 20)", "--fields", "evt.type",
      input: "{\"evt.type\":\"execve\",\"proc.cmdline\":\"\(name)\"}")
    #expect(outcome.output == "evt.type=execve\n")
  }
}
