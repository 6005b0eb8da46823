import Glibc
import SystemPackage
import Testing

extension LiveHost {
  @Suite(.needsCgroups) struct ForkStormTests {
    static let rules = """
      - rule: Marked program
        desc: The program that the test starts after a storm.
        condition: evt.type = execve and proc.cmdline contains after-storm
        output: pid=%proc.pid name=%proc.name command=%proc.cmdline
        priority: WARNING
      """
    /// The design's figure for 10,000 processes is 80 MB, for 1,000 it is 30.
    static let memoryKiB = 50 << 10

    /// Forks processes, as many as the cgroup lets live at once, and ends them.
    /// - Returns: what the agent had used when all of them lived.
    private func storm(of count: Int, by agent: Agent) throws -> AgentUse {
      let cgroup = try Cgroup(limit: count)
      let storm = try Program(
        "/bin/sh", cgroup.arguments(starting: Tool.storm.path(), ["fork", "\(count)"]), input: nil)
      // The limit holds the storm, its parents and the one that started them.
      #expect(
        try storm.outputLine(within: .seconds(300)) { $0.hasPrefix("forked ") } == "forked \(count - 1)")
      let during = try AgentUse(of: agent.pid)
      storm.closeInput()
      #expect(try storm.finish(within: .seconds(300)).status == 0)
      return during
    }

    /// Waits until the agent has worked off all that was before.
    /// - Returns: what it has used until then.
    private func calm(_ agent: Agent, after mark: String) throws -> AgentUse {
      // The reader takes bare records for a while, counted; then it sees all again.
      for _ in 1...60 {
        let run = try Program("/bin/sh", ["-c", "sleep 600; : \(mark)"])
        defer { run.signal(SIGTERM) }
        let alert = try? agent.alert(of: "Marked program", within: .seconds(1)) {
          $0.outputText("proc.cmdline")?.contains(mark) == true
        }
        guard let alert else { continue }
        #expect(alert.outputText("proc.name") == "sh")
        return try AgentUse(of: agent.pid)
      }
      throw DeadlinePassed(waitingFor: "an alert about \(mark)", output: "", errors: "")
    }

    @Test("storms of 5,000 forks find the agent alive, small and within its budget, and every loss counted")
    func storms() throws {
      let agent = try Agent(rules: Self.rules)
      var memory: [Int] = []
      for round in 1...3 {
        let start = try AgentUse(of: agent.pid)
        let during = try storm(of: 5000, by: agent)
        let after = try calm(agent, after: "after-storm-\(round)")
        // Of one core: what the readers may take before they shed, and as much again for the engine and all the rest.
        #expect(during.share(of: \.readers, since: start) < 0.3)
        #expect(during.share(of: \.all, since: start) < 0.6)
        #expect(during.anonymousKiB < Self.memoryKiB)
        memory.append(after.anonymousKiB)
      }
      // What one storm needed the next one uses again.
      #expect(memory[2] < memory[0] + 4096, "\(memory)")

      let outcome = try agent.finish()
      #expect(outcome.status == 0)
      let summary = Summary(outcome.errors)
      let lost = summary.lost("ring_full", "socket_overflow", "sequence_gap", source: "connector")
      #expect((summary.records["connector"] ?? 0) + lost >= 3 * 2 * 4999)
    }

    @Test("a bomb of 20,000 living processes is survived within the same budgets, and every loss counted")
    func bomb() throws {
      let agent = try Agent(rules: Self.rules)
      let start = try AgentUse(of: agent.pid)
      let during = try storm(of: 20_000, by: agent)
      _ = try calm(agent, after: "after-storm-bomb")
      #expect(during.share(of: \.readers, since: start) < 0.3)
      #expect(during.share(of: \.all, since: start) < 0.6)
      // Twice the processes of the design's largest figure, 80 MB.
      #expect(during.anonymousKiB < 2 * 80_000)
      let outcome = try agent.finish()
      #expect(outcome.status == 0)
      let summary = Summary(outcome.errors)
      let lost = summary.lost("ring_full", "socket_overflow", "sequence_gap", source: "connector")
      #expect((summary.records["connector"] ?? 0) + lost >= 2 * 19_999)
    }
  }
}
