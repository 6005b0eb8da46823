import Glibc
import Testing

extension LiveHost {
  /// What is done to the agent itself.
  @Suite struct TamperingTests {
    @Test("an agent that was stopped for a while tells from when to when it did not run")
    func stopped() throws {
      let agent = try Agent(rules: "[]")
      agent.signal(SIGSTOP)
      sleep(5)
      agent.signal(SIGCONT)
      let alert = try agent.alert(of: "Monitor tampering", where: Self.tellsOfLongPause)
      #expect(alert["priority"]?.text == "Critical")
      #expect(alert["output"]?.text?.contains("The agent did not run for") == true)
    }

    /// Whether it is the pause that the test made, and not one of a machine that is too busy.
    private static func tellsOfLongPause(_ alert: JSONTree) -> Bool {
      let ends = ["from", "to"].compactMap { alert.outputText("agent.pause.\($0)").flatMap { Int64($0) } }
      return ends.count == 2 && ends[1] - ends[0] > 4_000_000_000
    }

    @Test(
      "an agent whose cgroup was frozen tells from when to when it did not run",
      .enabled(if: !ScratchCgroup.freezers.isEmpty, "needs cgroups with a freezer that may be written"),
      arguments: ScratchCgroup.freezers)
    func frozen(tree: String) throws {
      let cgroup = try ScratchCgroup(tree)
      let agent = try Agent(rules: "[]", launcher: cgroup.launcher)
      try cgroup.freeze(tree, for: 5)
      let alert = try agent.alert(of: "Monitor tampering", where: Self.tellsOfLongPause)
      let text = try #require(alert["output"]?.text)
      #expect(text.contains("rules were blind"), "\(text)")
      #expect(!cgroup.tellsFreezing(tree) || text.contains("its cgroup was frozen"), "\(text)")
    }

    @Test(
      "an agent whose cgroup is throttled tells that it judges late and why, and accounts for every program",
      .needsScratchCgroups("cpu"))
    func throttled() throws {
      let cgroup = try ScratchCgroup("cpu")
      let agent = try Agent(rules: ExecLedger.rules, launcher: cgroup.launcher)
      let storm = try Program(Tool.storm.path(), ["exec", "4000", "200"])
      // On a busy machine it may judge late before, for another reason.
      let alert = try cgroup.whileThrottled {
        try agent.alert(of: "Monitor delayed", within: .seconds(120)) {
          $0["output"]?.text?.contains("its cgroup is throttled") == true
        }
      }
      #expect(alert["priority"]?.text == "Warning")
      #expect(try storm.finish(within: .seconds(300)).status == 0)
      try ExecLedger.expectBalanced([storm.pid: 4000], by: agent)
    }

    @Test("whoever traces the agent is named")
    func traced() throws {
      let agent = try Agent(rules: "[]")
      let tracer = try Program(Tool.attach.path(), ["\(agent.pid)"], input: nil)
      let alert = try agent.alert(of: "Monitor tampering") { $0.output("proc.tracer.pid") != nil }
      #expect(alert.outputText("proc.tracer.pid") == "\(tracer.pid)")
      #expect(alert.outputText("proc.tracer.name") == "attach")
      tracer.signal(SIGTERM)
      _ = try tracer.finish()
    }
  }
}
