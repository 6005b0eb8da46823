import Glibc
import SystemPackage
import Testing

extension LiveHost {
  @Suite(.needsRsyslog) struct SyslogTests {
    static let socket = """
      module(load="imuxsock" sysSock.use="off")
      input(type="imuxsock" socket="DIR/log" ruleset="all" rateLimit.interval="0")
      template(name="whole" type="list") {
        property(name="syslogfacility-text") constant(value=".") property(name="syslogseverity-text")
        constant(value=" ") property(name="programname") constant(value=" ") property(name="procid")
        constant(value=" ") property(name="msg" position.from="2") constant(value="\\n")
      }
      ruleset(name="all") { action(type="omfile" file="DIR/received" template="whole") }
      """

    @Test("rsyslogd receives an alert with facility, severity, program and process id")
    func received() throws {
      let daemon = try Rsyslog(Self.socket)
      let agent = try Agent(options: [
        "json_output=true", "stdout_output.enabled=false", "syslog_output.enabled=true",
        "syslog_output.path=\(daemon.directory.path.appending("log"))", "syslog_output.facility=local3",
      ])
      // It lives until it was seen.
      let run = try Program(Tool.execFromMemory.path(), ["/bin/sleep", "600"])
      let line = try daemon.line(of: "received") { $0.contains("\"rule\":\"Program started from memory\"") }
      run.signal(SIGTERM)
      let head = "local3.crit windhover \(agent.pid) "
      #expect(line.hasPrefix(head))
      let alert = try JSONTree(String(line.dropFirst(head.count)))
      #expect(alert["rule"]?.text == "Program started from memory")
      #expect(try agent.finish().output == "")
      try daemon.stop()
    }

    @Test(
      "rsyslogd with the example of deploy/ keeps what the agent sends in a file of its own, as it was sent")
    func example() throws {
      let example = try Rsyslog.example("windhover.conf")
      // The template stands at the top, the rule for the messages within the ruleset of the socket.
      let start = try #require(example.firstRange(of: "if $programname")?.lowerBound)
      let daemon = try Rsyslog(
        """
        module(load="imuxsock" sysSock.use="off")
        \(example[..<start])
        input(type="imuxsock" socket="DIR/log" ruleset="windhover" rateLimit.interval="0")
        ruleset(name="windhover") {
        \(example[start...])
        }
        """)
      let agent = try Agent(options: [
        "json_output=true", "syslog_output.enabled=true",
        "syslog_output.path=\(daemon.directory.path.appending("log"))",
      ])
      let run = try Program(Tool.execFromMemory.path(), ["/bin/sleep", "600"])
      try agent.alert(of: "Program started from memory")
      run.signal(SIGTERM)
      // Others on this host may do what makes alerts, too.
      let sent = try agent.finish().output.split(separator: "\n").map(String.init)
      #expect(try daemon.lines(of: "out/alerts", atLeast: sent.count) == sent)
      try daemon.stop()
    }
  }
}
