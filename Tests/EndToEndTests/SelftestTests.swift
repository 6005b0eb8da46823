import Glibc
import System
import SystemPackage
import Testing

extension LiveHost {
  /// `windhover selftest`: from a program's start to the outputs.
  @Suite struct SelftestTests {
    @Test("each output is told with its time, and the alert is in it, whatever the throttle and its priority")
    func delivered() throws {
      let directory = try TemporaryDirectory()
      let file = directory.path.appending("alerts")
      let agent = try Agent(options: [
        "file_output={enabled: true, filename: \(file), priority: critical, only: [{tag: none}]}",
        "throttle={per_second: 0.001, burst: 1}",
      ])
      for _ in 1...2 {
        let outcome = try windhover("selftest", "--socket", agent.socket)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("stdout  delivered in ") == true, "\(lines)")
        #expect(lines.last?.hasPrefix("file    delivered in ") == true, "\(lines)")
      }
      let alerts = try contents(of: file).split(separator: "\n")
      #expect(alerts.count == 2)
      #expect(alerts.allSatisfy { $0.contains("Critical A self-test of the outputs (program=whst-") })
    }

    @Test("two at once both get their answer")
    func together() throws {
      let agent = try Agent()
      let programs = try (0..<2).map { _ in
        try Program(BuiltBinary.path, ["selftest", "--socket", agent.socket])
      }
      for program in programs {
        let outcome = try program.finish()
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      }
    }

    @Test("what nobody acknowledges is sent, and not delivered, and the status says the same")
    func unconfirmed() throws {
      let (stream, datagrams) = (try NetworkReceiver(isStream: true), try NetworkReceiver(isStream: false))
      let agent = try Agent(options: [
        "remote_syslog_output=[{name: siem, targets: ['127.0.0.1:\(stream.port)']},"
          + "{targets: ['127.0.0.1:\(datagrams.port)'], protocol: udp}]"
      ])
      let outcome = try windhover("selftest", "--socket", agent.socket)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("siem    sent, without a receipt, in "), "\(outcome.output)")
      #expect(outcome.output.contains("udp     sent, which UDP does not confirm, in "), "\(outcome.output)")
      // What others do meanwhile may be on its way.
      try awaitStatus("nothing that waits", at: agent.socket) {
        $0.waiting(for: "siem") == 0 && $0.waiting(for: "udp") == 0
      }
      let status = try windhover("status", "--socket", agent.socket).output
      #expect(
        status.contains(" sent and kept for resend_window in case the connection breaks, 0 waiting"),
        "\(status)"
      )
      #expect(status.contains(" sent, which UDP does not confirm, 0 waiting"), "\(status)")
    }

    @Test("a connection that breaks right after the alert went into it is no success")
    func broken() throws {
      let receiver = try LoopbackServer { _ = $0.read() }
      let agent = try Agent(options: [
        "remote_syslog_output=[{name: siem, targets: ['127.0.0.1:\(receiver.port)']}]"
      ])
      let outcome = try refusal(by: agent, from: 5)
      #expect(outcome.output.contains("siem    not delivered"), "\(outcome.output)")
      withExtendedLifetime(receiver) {}
    }

    /// What a self-test says whose outputs never all have the alert, once standard output has it: on a busy machine it
    /// takes more seconds.
    private func refusal(by agent: Agent, from seconds: Int) throws -> Outcome {
      var seconds = seconds
      while true {
        let outcome = try windhover(
          "selftest", "--socket", agent.socket, "--timeout", "\(seconds)", within: .seconds(120))
        #expect(outcome.status == 1, "\(outcome.output)")
        if outcome.output.contains("stdout  delivered in ") || seconds > 40 { return outcome }
        seconds = min(seconds * 3, 55)
      }
    }

    @Test("an output that does not have it in time is told with the reason, and the answer is no")
    func away() throws {
      let agent = try Agent(options: ["remote_syslog_output=[{name: siem, targets: ['127.0.0.1:1']}]"])
      let outcome = try refusal(by: agent, from: 2)
      #expect(outcome.output.contains("siem    not delivered: 127.0.0.1:1: Connection refused"), "\(outcome)")
      #expect(outcome.output.contains("stdout  delivered in "))
    }
  }
}

@Suite struct SelftestAnswerTests {
  @Test("without an agent there is nothing to test, and no program is left behind")
  func nobody() throws {
    let outcome = try windhover("selftest", "--socket", "/nonexistent/control.sock")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no agent listens there"))
  }

  @Test(
    "a name that could be another program's is refused", arguments: ["", "sh", "whst-", "whst-0123456789x"])
  func names(name: String) throws {
    let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
      .appending("Fixtures/docker-default")
    let agent = try Agent(options: ["sources=procfs", "host_root=\(fixture)"])
    let socket = try Socket.connected(toPath: agent.socket, kind: .stream, timeoutMilliseconds: 60_000)
    let request = Array("selftest \(name)\n".utf8)
    _ = try socket.send(request.span)
    socket.awaitInput(milliseconds: 60_000)
    let answer = String(decoding: try socket.receive(atMost: 4096) ?? [], as: UTF8.self)
    #expect(answer.hasPrefix("{\"error\":"), "\(answer)")
  }
}
