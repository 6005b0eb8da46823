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
      let alert = try agent.alert(of: "Monitor tampering") { $0.output("agent.pause.from") != nil }
      #expect(alert["priority"]?.text == "Critical")
      #expect(alert["output"]?.text?.contains("The agent did not run for") == true)
      let from = try #require(alert.outputText("agent.pause.from").flatMap { Int64($0) })
      let to = try #require(alert.outputText("agent.pause.to").flatMap { Int64($0) })
      #expect(to - from > 4_000_000_000)
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
