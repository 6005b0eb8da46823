import Glibc
import SystemPackage
import Testing

extension LiveHost {
  @Suite struct ExecStormTests {
    @Test(
      "execs beyond what the reader may spend are taken bare and counted, and the details come back with the quiet"
    )
    func shed() throws {
      let agent = try Agent(rules: ExecLedger.rules)
      let before = try AgentUse(of: agent.pid)
      // As fast as it goes, from two at once.
      let other = try Program(Tool.storm.path(), ["exec", "2500", "100000"])
      let storm = try ExecLedger.storm(of: 2500, perSecond: 100_000)
      #expect(try other.finish(within: .seconds(300)).status == 0)
      let during = try AgentUse(of: agent.pid)
      #expect(during.share(of: \.readers, since: before) < 0.6)

      // Nothing is read until the reader's share has fallen.
      let quiet = try ExecLedger.trickle(agent) { ExecLedger.arguments(of: $0).hasPrefix("drop ") }
      let all = quiet.merging([storm: 2500, other.pid: 2500]) { _, storm in storm }
      try ExecLedger.expectBalanced(all, by: agent)
    }
  }
}
