import Alerts
import Events
import Testing

@Suite(.enabled(if: Rsyslog.isInstalled, "needs rsyslogd (Debian package rsyslog)"))
struct FormatReceiverTests {
  /// rsyslog that keeps CEF as it came, and the values of other messages' JSON.
  private func receiver(on port: UInt16) throws -> Rsyslog {
    try Rsyslog(
      """
      module(load="imtcp")
      module(load="mmjsonparse")
      template(name="cef" type="string" string="%syslogtag%%msg%\\n")
      template(name="json" type="string" string="%$!rule!name%|%$!process!pid%|%$!event!id%|%$!message%\\n")
      input(type="imtcp" port="\(port)" address="127.0.0.1" ruleset="windhover")
      ruleset(name="windhover") {
        if $syslogtag startswith "CEF:" then {
          action(type="omfile" file="DIR/cef" template="cef")
        } else {
          action(type="mmjsonparse" cookie="")
          action(type="omfile" file="DIR/json" template="json")
        }
      }
      """)
  }

  private func output(_ format: any AlertFormat, _ port: UInt16) -> Output {
    Output(
      named: type(of: format).name,
      sink: .tcp(RemoteSyslogOptions(targets: [SyslogTarget(host: "127.0.0.1", port: port)])), format: format)
  }

  @Test("rsyslog takes CEF behind the old header and ECS behind the new one, hostile alerts too")
  func cefAndJSON() throws {
    let port = try NetworkReceiver(isStream: true).port
    let daemon = try receiver(on: port)
    var cef = SyslogOptions()
    cef.body = .cef
    var ecs = SyslogOptions()
    ecs.body = .ecs
    let delivery = try Delivery(outputs: [
      output(RFC3164Format(options: cef), port), output(RFC5424Format(options: ecs), port),
    ])
    try delivery.start {}
    let hostile = SyslogTransport.alerts[1]
    for alert in [Sample.program, hostile] { delivery.append(alert) }

    let lines = try daemon.lines(of: "cef", atLeast: 2)
    try #require(lines.count == 2)
    let parsed = try #require(ParsedCEF(lines[0]))
    #expect(parsed.header[4] == Sample.program.rule.name && parsed.values["spid"] == "4242")
    #expect(parsed.values["msg"] == String(decoding: Sample.program.message, as: UTF8.self))
    #expect(ParsedCEF(lines[1])?.values["msg"]?.hasPrefix("a\nb\r\\t\"]") == true, "\(lines[1])")

    let values = try daemon.lines(of: "json", atLeast: 1)
    #expect(values.first?.hasPrefix("\(Sample.program.rule.name)|4242|") == true, "\(values)")
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
    try daemon.stop()
  }
}
