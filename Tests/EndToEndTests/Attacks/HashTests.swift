import Glibc
import SystemPackage
import Testing

extension LiveHost {
  /// The hash of a program in an alert about it.
  @Suite struct HashTests {
    private static let rule = """
      - rule: Started
        desc: any
        condition: evt.type = execve and proc.exepath startswith /tmp/ and proc.name = hashed
        output: "hash=%proc.exe_sha256 big=%toupper(proc.exe_sha256) parent=%proc.ppid"
        priority: INFO
      """

    @Test("it is the one that sha256sum says, though the file was removed meanwhile")
    func hash() throws {
      let agent = try Agent(rules: Self.rule)
      let directory = try TemporaryDirectory(in: "/tmp")
      let expected = String(try Program("/usr/bin/sha256sum", ["/bin/sleep"]).finish().output.prefix(64))
      // Who hashes does so when nobody else wants the processor, and an alert waits for a moment only.
      for attempt in 1...20 {
        let program = try directory.copy("/bin/sleep", as: "hashed")
        let run = try Program("/bin/sh", ["-c", "\"$0\" 600 & sleep 0.01; rm \"$0\"; wait", program.string])
        let alert = try agent.alert(of: "Started") { $0.outputText("proc.ppid") == "\(run.pid)" }
        run.signal(SIGTERM)
        if alert.outputText("proc.exe_sha256") == nil, attempt < 20 { continue }
        #expect(alert.outputText("proc.exe_sha256") == expected)
        let text = alert["output"]?.text ?? ""
        #expect(
          text.contains("hash=\(expected) big=\(expected.uppercased())") || text.contains("hash=\(expected)"))
        break
      }
      let outcome = try agent.finish()
      #expect(!outcome.errors.contains("refused system call"), "\(outcome.errors)")
    }

    @Test("of a program that is larger than allowed there is none, and the summary tells of it")
    func tooLarge() throws {
      let agent = try Agent(rules: Self.rule, options: ["json_output=true", "exe_hash.max_size=1K"])
      let directory = try TemporaryDirectory(in: "/tmp")
      let program = try directory.copy("/bin/sleep", as: "hashed")
      let run = try Program(program, ["600"])
      let alert = try agent.alert(of: "Started")
      run.signal(SIGTERM)
      #expect(alert["output_fields"]?["proc.exe_sha256"] == .null)
      #expect(alert["output"]?.text?.contains("hash=<NA>") == true)
      #expect(try agent.finish().errors.contains("1 alert without the hash"))
    }
  }
}
