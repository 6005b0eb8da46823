import Glibc
import SystemPackage
import Testing

extension LiveHost {
  @Suite(.needsCgroups) struct ForkStormTests {
    static let rules = """
      - rule: Marked program
        desc: The program that the test starts after the storm.
        condition: evt.type = execve and proc.cmdline contains after-the-storm
        output: pid=%proc.pid command=%proc.cmdline
        priority: WARNING
      """

    @Test("a storm of 5,000 forks finds the agent alive, small and within its budget, and every loss counted")
    func storm() throws {
      let agent = try Agent(rules: Self.rules)
      let cgroup = try Cgroup(limit: 5000)
      let before = try AgentUse(of: agent.pid)
      let storm = try Program(
        "/bin/sh", cgroup.arguments(starting: Tool.storm.path(), ["fork", "5000"]), input: nil)
      let forked = try storm.outputLine(within: .seconds(60)) { $0.hasPrefix("forked ") }
      let during = try AgentUse(of: agent.pid)
      storm.closeInput()
      #expect(try storm.finish(within: .seconds(60)).status == 0)

      // The limit holds the storm, its parents and the one that started them.
      #expect(forked == "forked 4999")
      // Forks cost the reader no look at /proc: the whole agent stays within what its reader alone may take.
      #expect(during.share(of: \.readers, since: before) < 0.6)
      // 5,000 rows of at most 4 KiB, and the rings.
      #expect(during.anonymousKiB < before.anonymousKiB + 5000 * 4 + 8192)

      let run = try Program("/bin/sh", ["-c", "sleep 0.2 # after-the-storm"])
      let alert = try agent.alert(of: "Marked program")
      #expect(alert.outputText("proc.pid") == "\(run.pid)")

      let outcome = try agent.finish()
      #expect(outcome.status == 0)
      let summary = Summary(outcome.errors)
      let lost = summary.lost("ring_full", "socket_overflow", "sequence_gap", source: "connector")
      // A fork and an exit of each.
      #expect((summary.records["connector"] ?? 0) + lost >= 2 * 4999)
    }
  }
}
