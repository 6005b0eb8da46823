import Alerts
import Events
import Glibc
import SystemPackage
import Testing

@Suite struct RsyslogTests {
  private static let localSocket = """
    module(load="imuxsock" sysSock.use="off")
    input(type="imuxsock" socket="DIR/log" ruleset="windhover" rateLimit.interval="0")
    ruleset(name="windhover") {
    EXAMPLE
    }
    """

  @Test(
    "rsyslog keeps alerts as the receiver example says, hostile ones as one clean line, also after a restart")
  func local() throws {
    guard Rsyslog.isInstalled else {
      return print("skipped: rsyslogd is not installed (Debian package rsyslog)")
    }
    let example = try Rsyslog.example()
    let (template, rule) = try #require(example.cut(at: "if $programname"))
    let daemon = try Rsyslog(template + Self.localSocket.replacing("EXAMPLE", with: rule))

    let journal = Journal()
    var options = DeliveryOptions()
    options.maximumBackoffMilliseconds = 100
    let runner = try SinkRunner(named: "syslog", journal: journal, options: options)
    let socket = daemon.directory.path.appending("log").string
    try runner.start(format: JSONFormat()) {
      var options = LocalSyslogOptions()
      options.path = socket
      return LocalSyslogSink(options: options)
    }

    journal.append(Sample.shell)
    journal.append(Sample.alert(with: Sample.hostile))
    var lines = try daemon.lines(of: "out/alerts", atLeast: 2)
    #expect(
      lines == [JSONFormat().text(Sample.shell), JSONFormat().text(Sample.alert(with: Sample.hostile))])

    try daemon.stop()
    journal.append(Sample.numbered(3))
    try daemon.start()
    journal.append(Sample.numbered(4))
    lines = try daemon.lines(of: "out/alerts", atLeast: 4)
    #expect(
      lines.suffix(2) == [JSONFormat().text(Sample.numbered(3)), JSONFormat().text(Sample.numbered(4))])
    #expect(runner.stop(deadlineMilliseconds: 2000))
    #expect(runner.status.delivered == 4)
    try daemon.stop()
  }
}

extension String {
  /// What lies before `text`, and `text` with what follows.
  fileprivate func cut(at text: String) -> (String, String)? {
    guard let start = firstRange(of: text)?.lowerBound else { return nil }
    return (String(self[..<start]), String(self[start...]))
  }
}
