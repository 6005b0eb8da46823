import Alerts
import Events
import Glibc
import System
import SystemPackage
import Testing

@Suite(.enabled(if: Rsyslog.isInstalled, "needs rsyslogd (Debian package rsyslog)"))
struct RsyslogTests {
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
    let example = try Rsyslog.example("windhover.conf")
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
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(runner.status.delivered == 4)
    try daemon.stop()
  }

  /// rsyslog with the example for a central receiver, on ports of its own.
  private func receiver(
    _ transport: SyslogTransport, _ authority: Certificates, hasDiskQueue: Bool = false
  ) throws -> (daemon: Rsyslog, port: UInt16) {
    // Freed again for the daemon: a moment in which another could take them.
    let ports = [
      try NetworkReceiver(isStream: false).port, try NetworkReceiver(isStream: true).port,
      try NetworkReceiver(isStream: true).port,
    ]
    if transport == .relp || transport == .relpTLS {
      return (try relpReceiver(transport, authority, ports, hasDiskQueue: hasDiskQueue), ports[2])
    }
    var example = try Rsyslog.example("receiver.conf")
      .replacing("port=\"514\"", with: "port=\"\(ports[0])\" address=\"127.0.0.1\"")
      .replacing("port=\"601\"", with: "port=\"\(ports[1])\" address=\"127.0.0.1\"")
    if transport == .tls {
      let (file, key) = try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"])
      example = example.replacing(
        "module(load=\"imtcp\")",
        with: """
          global(DefaultNetstreamDriverCAFile="\(authority.authorityFile)" DefaultNetstreamDriverCertFile="\(file)"
            DefaultNetstreamDriverKeyFile="\(key)")
          module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
          """)
    }
    if hasDiskQueue { example = Self.queued(example) }
    return (try Rsyslog(example), transport == .udp ? ports[0] : ports[1])
  }

  /// The same with the example for RELP beside it.
  private func relpReceiver(
    _ transport: SyslogTransport, _ authority: Certificates, _ ports: [UInt16], hasDiskQueue: Bool
  ) throws -> Rsyslog {
    let (file, key) = try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"])
    let tls = """
      tls="on" tls.caCert="\(authority.authorityFile)" tls.myCert="\(file)" tls.myPrivKey="\(key)"
      tls.authMode="name" tls.permittedPeer=["agent.example"]
      """
    let general = try Rsyslog.example("receiver.conf")
      .replacing("port=\"514\"", with: "port=\"\(ports[0])\" address=\"127.0.0.1\"")
      .replacing("port=\"601\"", with: "port=\"\(ports[1])\" address=\"127.0.0.1\"")
    let relp = try Rsyslog.example("receiver-relp.conf").replacing(
      "port=\"20514\" ruleset",
      with: "port=\"\(ports[2])\" address=\"127.0.0.1\" \(transport == .relpTLS ? tls : "") ruleset")
    return try Rsyslog((hasDiskQueue ? Self.queued(general) : general) + relp)
  }

  /// The example with a queue that outlives a SIGKILL: what is acknowledged is in its file.
  private static func queued(_ example: String) -> String {
    example.replacing(
      "ruleset(name=\"windhover\")",
      with: """
        ruleset(name="windhover" queue.type="Disk" queue.filename="windhover" queue.spoolDirectory="DIR"
          queue.checkpointInterval="1" queue.saveOnShutdown="on")
        """)
  }

  /// A delivery, not started; imrelp takes nobody under TLS without a certificate.
  private func delivery(
    over transport: SyslogTransport, _ port: UInt16, _ authority: Certificates,
    journal: Journal = Journal()
  ) throws -> Delivery {
    let own =
      transport == .relpTLS ? try authority.certificate(named: "agent", for: ["DNS:agent.example"]) : nil
    return try transport.delivery(
      port: port, authorityFile: authority.authorityFile, own: own, journal: journal)
  }

  @Test(
    "rsyslog parses every transport's alerts into the fields that were sent, hostile ones too",
    arguments: SyslogTransport.rsyslog)
  private func network(transport: SyslogTransport) throws {
    let authority = try Certificates()
    let (daemon, port) = try receiver(transport, authority)
    if transport == .udp { try daemon.waitUntilListening(port) }
    let delivery = try delivery(over: transport, port, authority)
    try delivery.start {}
    let alerts = SyslogTransport.alerts
    for alert in alerts { delivery.append(alert) }
    let lines = try daemon.lines(of: "out/kestrel.example.json", atLeast: 2)
    try #require(lines.count == 2)
    for (index, (line, alert)) in zip(lines, alerts).enumerated() {
      let tree = try JSONTree(line)
      #expect(tree["time"] == .text("2023-11-14T22:13:20.123456Z"))
      #expect(tree["host"] == .text("kestrel.example"))
      #expect(tree["program"] == .text("windhover"))
      #expect(tree["pid"] == .text("42"))
      #expect(tree["facility"] == .text("local3"))
      #expect(tree["severity"] == .text(alert.rule.priority == .notice ? "notice" : "err"))
      #expect(tree["data"]?["meta"]?["sequenceid"] == .text("\(index + 1)"))
      let body = try JSONTree(try #require(tree["message"]?.text))
      #expect(body == (try JSONTree(JSONFormat(options: SyslogTransport.syslogOptions.json).text(alert))))
    }
    let data = try JSONTree(lines[0])["data"]?["windhover@32473"]
    #expect(data?["rule"] == .text("Shell in container"))
    #expect(data?["proc.cmdline"] == .text(#"sh -c "id""#))
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
    try daemon.stop()
  }

  @Test("messages without structured data, as those of RFC 3164, are lines of JSON, too")
  func withoutData() throws {
    let authority = try Certificates()
    let (daemon, port) = try receiver(.udp, authority)
    try daemon.waitUntilListening(port)
    let address = try #require(NetworkAddress.resolve("127.0.0.1", port: port).first)
    let socket = try Socket.connected(to: address, kind: .datagram, timeoutMilliseconds: 20_000)
    for text in [
      "<13>Nov 14 22:13:20 kestrel.example su[3]: \"old\"",
      "<13>1 2023-11-14T22:13:20Z kestrel.example app 3 - - new",
    ] {
      let message = Array(text.utf8)
      _ = try socket.send(message.span)
    }
    let trees = try daemon.lines(of: "out/kestrel.example.json", atLeast: 2).map { try JSONTree($0) }
    #expect(trees.map { $0["message"]?.text } == [" \"old\"", "new"])
    #expect(try trees.map { $0["data"] } == [JSONTree("{}"), JSONTree("{}")])
    try daemon.stop()
  }

  @Test(
    "a receiver that is away for seconds under load misses no number, nor does one that is killed if its queue is on disk",
    arguments: SyslogTransport.rsyslog.filter { $0 != .udp }, [SIGTERM, SIGKILL])
  private func outage(transport: SyslogTransport, ending: Int32) throws {
    let authority = try Certificates()
    let directory = try TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    let (daemon, port) = try receiver(transport, authority, hasDiskQueue: ending == SIGKILL)
    let delivery = try delivery(over: transport, port, authority, journal: Outage.journal(in: directory))
    try delivery.start {}
    let count = try Outage.run(delivery) {
      try daemon.stop(by: ending)
    } start: {
      try daemon.start()
    }
    #expect(delivery.stop(deadlineMilliseconds: 60_000), "\(delivery.status)")
    let file = "out/kestrel.example.json"
    try daemon.await("sequenceid\": \"\(count)\"", endOf: file)
    let (missing, repeated) = try Outage.gaps(
      daemon.directory.path.appending(file), behind: "sequenceid\": \"", count: count)
    #expect(missing.isEmpty)
    #expect(delivery.status.sinks[0].delivered == UInt64(count))
    Outage.tell(
      "rsyslog, \(transport), \(ending == SIGKILL ? "SIGKILL" : "SIGTERM")", count, repeated, delivery)
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
