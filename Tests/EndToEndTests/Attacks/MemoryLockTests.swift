import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// A process that holds its own memory lock holds whoever reads its command line, for ever.
  @Suite(.needsFUSE) struct MemoryLockTests {
    @Test(
      "a process that holds its own memory lock is named, and under 500 execs a second nothing is lost uncounted"
    )
    func held() throws {
      let agent = try Agent(rules: ExecLedger.rules)
      let holders = try start(1, unseenBy: agent)
      let storm = try Program(Tool.storm.path(), ["exec", "2500", "500"])
      try expectNamed(holders[0], by: agent)
      #expect(try storm.finish(within: .seconds(300)).output == "executed 2500\n")
      try ExecLedger.expectBalanced([storm.pid: 2500], by: agent)
    }

    @Test(
      "a process that held its memory lock before the agent came holds neither the sweep nor the agent's end")
    func heldBefore() throws {
      let holder = try MemoryLockHolder(seconds: 300)
      let agent = try Agent(rules: ExecLedger.rules)
      try expectNamed(holder, by: agent)
      let storm = try ExecLedger.storm(of: 100)
      try ExecLedger.expectBalanced([storm: 100], by: agent)
    }

    @Test(
      "more holders than there are readers leave the agent without arguments, and with them again once they go"
    )
    func manyHolders() throws {
      let agent = try Agent(rules: ExecLedger.rules)
      var holders = try start(6, unseenBy: agent)
      try expectNamed(holders[0], by: agent)
      let bare = try ExecLedger.storm(of: 100)
      try agent.alert(of: ExecLedger.rule) {
        $0.outputText("proc.ppid") == "\(bare)" && ExecLedger.arguments(of: $0).isEmpty
      }

      holders = []
      let whole = try ExecLedger.trickle(agent) { !ExecLedger.arguments(of: $0).isEmpty }
      try ExecLedger.expectBalanced(whole.merging([bare: 100]) { _, storm in storm }, by: agent)
    }

    /// Starts holders whose command line the agent has not read before it is locked away: it stands still meanwhile, as
    /// it may on a busy machine.
    private func start(_ count: Int, unseenBy agent: Agent) throws -> [MemoryLockHolder] {
      agent.signal(SIGSTOP)
      defer { agent.signal(SIGCONT) }
      return try (0..<count).map { _ in try MemoryLockHolder(seconds: 300) }
    }

    /// The holder's program is told too: only what lies in its memory is out of reach.
    private func expectNamed(_ holder: MemoryLockHolder, by agent: Agent) throws {
      let alert = try agent.alert(of: "Monitor tampering") { $0.outputText("proc.pid") == "\(holder.pid)" }
      #expect(alert.outputText("proc.exepath") == (try Tool.memoryLockHolder.path().string))
      #expect(alert["priority"]?.text == "Critical")
    }
  }
}
