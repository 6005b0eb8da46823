import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// A disk of the journal's that stands still: a tracer holds the thread that writes there, as fsync(2) would.
  @Suite struct StandingDiskTests {
    private static let rules = """
      - rule: Marked program
        desc: d
        condition: evt.type = execve and proc.name = yes and proc.args contains standing-disk-
        output: "%proc.args"
        priority: WARNING
      """

    /// Runs a marked program until there is an alert about it.
    private func run(_ mark: String, seenBy agent: Agent) throws {
      try agent.alert(of: "Marked program") {
        try Program("/bin/sh", ["-c", "exec yes standing-disk-\(mark) > /dev/null"])
      } where: {
        $0.outputText("proc.args") == "standing-disk-\(mark)"
      }
    }

    @Test(
      "an output that sleeps when the journal's disk begins to stand still gets the next alert all the same")
    func asleep() throws {
      let directory = try TemporaryDirectory()
      let agent = try Agent(
        rules: Self.rules,
        options: ["json_output=true", "journal.directory=\(directory.path.appending("journal"))"])
      try run("before", seenBy: agent)
      let threads = try agent.namedThreads()
      let thread = try #require(threads.first { $0.name == "journal" }, "\(threads)")
      let tracer = try Program(Tool.attach.path(), ["\(thread.id)", "hold"], input: nil)
      try tracer.outputLine { $0 == "attached" }
      try run("while", seenBy: agent)
      // Nothing was written meanwhile: the thread was held throughout.
      let state = agent.threads.first { $0.id == thread.id }?.status["State"]
      #expect(state?.hasPrefix("t") == true, "\(state ?? "gone")")
      tracer.closeInput()
      #expect(try tracer.finish().status == 0)
      try run("behind", seenBy: agent)
      #expect(try agent.finish().status == 0)
    }
  }
}
