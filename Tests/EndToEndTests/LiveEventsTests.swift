import SystemPackage
import Testing

@Suite struct LiveEventsTests {
  @Test(
    "processes that run already are seen, with or without privileges, and a number of them ends the command")
  func firstSeen() throws {
    let outcome = try windhover(
      "events", "evt.type = process_seen", "--count", "3", "--fields", "evt.type,proc.pid")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.hasPrefix("evt.type=process_seen proc.pid=") })
  }

  @Test("the time ends the command, and no event that meets the condition is an answer")
  func none() throws {
    let outcome = try windhover("events", "proc.name = no-such-name", "--duration", "0.5")
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
  }

  @Test("a signal ends the command")
  func signal() throws {
    let program = try Program(BuiltBinary.path, ["events", "proc.pid > 0", "--format", "json"])
    try program.outputLine { $0.hasPrefix("{\"evt.num\":") }
    program.signal(15)
    #expect(try program.finish().status == 0)
  }

  @Test("a reader that goes ends the command, which is a success")
  func readerGone() throws {
    let outcome = try Program(
      "/bin/bash",
      [
        "-c",
        "\(BuiltBinary.path) events --duration 20 2> /dev/null | head -n 1 > /dev/null; echo ${PIPESTATUS[0]}",
      ]
    ).finish()
    #expect(outcome.output == "0\n")
  }

  @Test("what was printed of a live event reads back as the same event")
  func capture() throws {
    let live = try windhover(
      "events", "proc.aname exists and proc.exepath exists", "--count", "1", "--format", "json")
    #expect(live.status == 0)
    let again = try windhover(
      "events", "proc.aname exists and proc.exepath exists and evt.rawtime > 0", "--input", "-", "--format",
      "json",
      input: live.output)
    #expect(again.output == live.output)
  }

  @Test(
    "arguments that do not go together are a wrong command line",
    arguments: [
      ["--input", "x", "--duration", "1"], ["--input", "x", "--sources", "procfs"], ["--count", "0"],
      ["-", "--input", "-"],
    ])
  func usage(arguments: [String]) throws {
    #expect(try Program(BuiltBinary.path, ["events"] + arguments).finish().status == 2)
  }
}
