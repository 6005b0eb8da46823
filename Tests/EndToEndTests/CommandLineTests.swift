import SystemPackage
import Testing

@Suite struct CommandLineTests {
  @Test("help goes to standard output and is a success", arguments: [["--help"], ["help"], []])
  func help(arguments: [String]) throws {
    let outcome = try Program(BuiltBinary.path, arguments).finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    try expectGolden(outcome.output, "help.txt")
  }

  @Test("the version is one line")
  func version() throws {
    let outcome = try windhover("--version")
    #expect(outcome.output == "0.1.0\n")
    #expect(outcome.status == 0)
  }

  @Test(
    "a wrong command line is explained on standard error and ends with 2",
    arguments: [
      (["--nonsense"], "--nonsense"), (["nonsense"], "nonsense"),
    ])
  func usage(arguments: [String], named: String) throws {
    let outcome = try Program(BuiltBinary.path, arguments).finish()
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains(named))
    #expect(outcome.errors.contains("Usage: windhover"))
  }

  @Test("output that cannot be written ends with 2, unless its reader has gone")
  func unwritableOutput() throws {
    // `true` has ended long before help is written, and with it the pipe's only reader.
    let closed = try Program(
      "/bin/bash", ["-c", "{ sleep 0.2; \(BuiltBinary.path) --help; echo $? >&2; } | true"]
    ).finish()
    #expect(closed.errors == "0\n")

    let full = try Program("/bin/sh", ["-c", "exec \(BuiltBinary.path) --help > /dev/full"]).finish()
    #expect(full.status == 2)
    #expect(full.errors.contains("standard output"))
  }
}
