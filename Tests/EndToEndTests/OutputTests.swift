import Glibc
import SystemPackage
import Testing

/// What the agent does with its outputs whatever they are.
@Suite struct OutputTests {
  @Test("SIGUSR1 opens a file anew at once, also when there is no alert to write")
  func reopened() throws {
    let directory = try TemporaryDirectory()
    let (file, old) = (directory.path.appending("alerts"), directory.path.appending("alerts.1"))
    let agent = try FixtureAgent.start(in: directory, "file_output={enabled: true, filename: \(file)}")
    func wait(until condition: () -> Bool) {
      for _ in 0..<6000 where !condition() { usleep(10_000) }
      #expect(condition())
    }
    wait { Files.text(file).contains("seen sleep in ") }
    _ = try Program("/bin/mv", [file.string, old.string]).finish()
    agent.signal(SIGUSR1)
    wait { Files.exists(file) }
    agent.signal(SIGTERM)
    #expect(try agent.finish().status == 0)
    #expect(Files.text(file) == "" && Files.text(old).contains("seen sleep in "))
  }

  @Test("libraries of outputs that are not configured are not in the agent's memory", .needsRoot)
  func libraries() throws {
    let directory = try TemporaryDirectory()
    let receiver = try HTTPReceiver()
    let names = ["libssl.", "libcrypto.", "libcurl.", "libz."]
    func mapped(_ agent: Program) -> [String] {
      let maps = Files.text(FilePath("/proc/\(agent.pid)/maps"))
      #expect(maps.contains("libc.so"), "\(maps.prefix(200))")
      return names.filter { maps.contains("/\($0)") }
    }
    let file = directory.path.appending("alerts")
    for outputs in [
      "file_output={enabled: true, filename: \(file)}",
      "remote_syslog_output=[{targets: '127.0.0.1:1'}, {targets: '127.0.0.1:1', protocol: relp}]",
    ] {
      let agent = try FixtureAgent.start(in: directory, outputs)
      try agent.errorLine { $0.contains("watching with") }
      #expect(mapped(agent) == [], "\(outputs)")
    }
    let agent = try FixtureAgent.start(in: directory, "http_output={enabled: true, url: '\(receiver.url)'}")
    _ = receiver.received(atLeast: 1)
    #expect(Set(mapped(agent)).isSuperset(of: ["libssl.", "libcurl."]))
  }
}
