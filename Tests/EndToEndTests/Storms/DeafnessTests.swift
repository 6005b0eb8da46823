import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// The kernel's messages cease to come, without an error, in the middle of a storm.
  @Suite struct DeafnessTests {
    /// The agent's two sockets of its first subscription, or those of its reserve too: then another is made, which
    /// takes no privilege from Linux 6.6 on.
    @Test(
      "a connector that was made deaf hears again, tells which rules were blind, and accounts for every program",
      arguments: [2, 4])
    func deafened(sockets: Int) throws {
      let agent = try Agent(rules: ExecLedger.rules)
      let before = try ExecLedger.storm(of: 100)
      let during = try Program(Tool.storm.path(), ["exec", "3000", "150"])
      try agent.alert(of: ExecLedger.rule) { $0.outputText("proc.ppid") == "\(during.pid)" }
      let intruder = try Program(Tool.deafen.path(), ["\(agent.pid)", "\(sockets)"]).finish()
      #expect(intruder.output == "deafened \(sockets)\n", "\(intruder.errors)")

      // The silence is looked into, and an alert about losses may come half a minute after the one before.
      let alert = try agent.alert(of: "Windhover internal: events lost", within: .seconds(120)) {
        $0.output("loss.connector.reader_ended") != nil
      }
      let from = try #require(alert.outputText("loss.from").flatMap { Int64($0) })
      let to = try #require(alert.outputText("loss.to").flatMap { Int64($0) })
      // So long it takes until the silence is looked into.
      #expect(to - from >= 4_000_000_000)
      #expect(alert["output"]?.text?.contains(ExecLedger.rule) == true)
      #expect(try during.finish(within: .seconds(300)).status == 0)

      guard sockets == 2 || Self.subscribingIsFree else {
        #expect(try isOn(status(agent)) == false)
        return
      }
      let after = try ExecLedger.trickle(agent) { _ in true }
      let answer = try status(agent)
      #expect(isOn(answer), "\(answer)")
      #expect(answer.contains(/subscribed anew [1-9]\d* time/), "\(answer)")
      #expect(answer.contains("reader_ended"), "\(answer)")
      let all = after.merging([before: 100, during.pid: 3000]) { _, storm in storm }
      try ExecLedger.expectBalanced(all, by: agent)
    }

    private func status(_ agent: Agent) throws -> String {
      try windhover("status", "--socket", agent.socket).output
    }

    private func isOn(_ status: String) -> Bool {
      let line = status.split(separator: "\n").first { $0.contains(" connector ") }
      return line?.split(separator: ";")[0].split(separator: " ").contains("on") == true
    }

    /// Whether the kernel lets any process hear its process events.
    private static let subscribingIsFree: Bool = {
      let version = Files.text("/proc/sys/kernel/osrelease").split { !$0.isNumber }.prefix(2).compactMap {
        Int($0)
      }
      return version.count == 2 && (version[0], version[1]) >= (6, 6)
    }()
  }
}
