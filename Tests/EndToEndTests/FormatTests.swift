import Glibc
import Testing

extension LiveHost {
  @Suite struct FormatTests {
    private func alert(in format: String) throws -> JSONTree {
      let agent = try Agent(options: ["stdout_output.format=\(format)"])
      // It lives until it was seen.
      let run = try Program(Tool.execFromMemory.path(), ["/bin/sleep", "600"])
      let line = try agent.line { $0.contains("\"Program started from memory\"") && $0.contains("\"600\"") }
      run.signal(SIGTERM)
      _ = try agent.finish()
      return try JSONTree(line)
    }

    @Test("an alert in ECS names the process with its arguments, its creator and all ancestors")
    func ecs() throws {
      let document = try alert(in: "ecs")
      let process = try #require(document["process"])
      #expect(process["args"]?.list?.last == .text("600"))
      #expect(process["parent"]?["pid"] == .integer(UInt64(getpid())))
      let ancestry = try #require(process["Ext"]?["ancestry"]?.list).map(\.text)
      #expect(ancestry.first == process["parent"]?["entity_id"]?.text)
      #expect(ancestry.first??.contains(":\(getpid()):") == true)
      #expect(document["event"]?["action"]?.text?.hasPrefix("execve") == true)
      #expect(document["user"]?["id"] == .text("\(geteuid())"))
      #expect(document["threat"]?["technique"]?["id"] == .list([.text("T1620")]))
    }

    @Test("the same alert is a finding of OCSF with its evidence") func ocsf() throws {
      let finding = try alert(in: "ocsf")
      #expect(finding["class_uid"] == .integer(2004) && finding["severity_id"] == .integer(5))
      let process = try #require(finding["evidences"]?.list?.first?["process"])
      #expect(process["parent_process"]?["pid"] == .integer(UInt64(getpid())))
      #expect(process["ancestry"]?.list?.first?["pid"] == .integer(UInt64(getpid())))
      #expect(process["user"]?["uid"] == .text("\(geteuid())"))
    }
  }
}
