import Glibc
import SystemPackage
import Testing

@Suite struct HarnessTests {
  @Test("a program's output, errors and status are captured, and its input is given")
  func captured() throws {
    let outcome = try Program(
      "/bin/sh", ["-c", "cat; echo wrong >&2; exit 7"], input: Array(repeating: 65, count: 300_000)
    ).finish()
    #expect(outcome.outputBytes == Array(repeating: 65, count: 300_000))
    #expect(outcome.errors == "wrong\n")
    #expect(outcome.ending == .exited(7))
  }

  @Test("a program that does not end is killed at the deadline, and what it wrote is told")
  func deadline() throws {
    let program = try Program("/bin/sh", ["-c", "echo begun; sleep 100"])
    let error = #expect(throws: DeadlinePassed.self) { _ = try program.finish(within: .milliseconds(300)) }
    #expect(error?.output == "begun\n")
    #expect(try program.finish().ending == .signalled(SIGKILL))
  }

  @Test("a line is waited for while the program goes on, and a signal ends it")
  func lines() throws {
    let program = try Program(
      "/bin/sh", ["-c", "echo one; echo two; echo three; exec sleep 100"], input: nil)
    #expect(try program.outputLine { $0.hasPrefix("t") } == "two")
    program.signal(SIGTERM)
    #expect(try program.finish().ending == .signalled(SIGTERM))
  }
}
