import Alerts
import Events
import Glibc
import SystemPackage
import Testing

@Suite(
  .enabled(
    if: SyslogNG.isInstalled,
    "needs syslog-ng, which `make setup-test` unpacks from the Debian package syslog-ng-core"),
  .enabled(if: Certificates.canBeMade, "openssl is not installed (Debian package openssl)"))
struct SyslogNGTests {
  /// The example for a central receiver, on ports of its own.
  private struct Receiver {
    let daemon: SyslogNG
    let authorityFile: String
    private let ports: [SyslogTransport: UInt16]

    init() throws {
      let authority = try Certificates()
      let (file, key) = try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"])
      authorityFile = authority.authorityFile
      keeper = authority
      // Freed again for the daemon: a moment in which another could take them.
      var ports: [SyslogTransport: UInt16] = [:]
      for transport in SyslogTransport.standard {
        ports[transport] = try NetworkReceiver(isStream: transport != .udp).port
      }
      self.ports = ports
      var example = try SyslogNG.example().replacing("0.0.0.0", with: "127.0.0.1")
        .replacing("/etc/ssl/this.pem", with: file).replacing("/etc/ssl/private/this.key", with: key)
      for (transport, line) in [
        (SyslogTransport.udp, "syslog(transport(\"udp\") ip(\"127.0.0.1\") port(514)"),
        (.octets, "syslog(transport(\"tcp\") ip(\"127.0.0.1\") port(601)"),
        (.lines, "network(transport(\"tcp\") ip(\"127.0.0.1\") port(514)"),
        (.tls, "syslog(transport(\"tls\") ip(\"127.0.0.1\") port(6514)"),
      ] {
        let (head, port) = try #require(line.cutLast(at: "port("))
        #expect(example.contains(line), "\(port)")
        example = example.replacing(line, with: "\(head)port(\(ports[transport] ?? 0))")
      }
      daemon = try SyslogNG(example)
    }

    /// Removes the certificates when it goes.
    private let keeper: Certificates

    func delivery(over transport: SyslogTransport, journal: Journal = Journal()) throws -> Delivery {
      try transport.delivery(port: ports[transport] ?? 0, authorityFile: authorityFile, journal: journal)
    }
  }

  @Test(
    "syslog-ng parses every transport's alerts into the fields that were sent, hostile ones too",
    arguments: SyslogTransport.standard)
  private func network(transport: SyslogTransport) throws {
    let receiver = try Receiver()
    let delivery = try receiver.delivery(over: transport)
    try delivery.start {}
    for alert in SyslogTransport.alerts { delivery.append(alert) }
    let lines = try receiver.daemon.lines(of: "out/kestrel.example.json", atLeast: 2)
    try #require(lines.count == 2)
    for (index, (line, alert)) in zip(lines, SyslogTransport.alerts).enumerated() {
      let tree = try JSONTree(line)
      #expect(tree["time"] == .text("2023-11-14T22:13:20.123456+00:00"))
      #expect(tree["host"] == .text("kestrel.example"))
      #expect(tree["program"] == .text("windhover"))
      #expect(tree["pid"] == .text("42"))
      #expect(tree["facility"] == .text("local3"))
      #expect(tree["severity"] == .text(alert.rule.priority == .notice ? "notice" : "err"))
      #expect(tree["_SDATA"]?["meta"]?["sequenceId"] == .text("\(index + 1)"), "\(line)")
      let body = try JSONTree(try #require(tree["message"]?.text))
      #expect(body == (try JSONTree(JSONFormat(options: SyslogTransport.syslogOptions.json).text(alert))))
    }
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
    try receiver.daemon.stop()
  }

  @Test(
    "a receiver that is stopped for seconds under load, and started again, misses no number",
    arguments: [SyslogTransport.lines, .octets, .tls])
  private func outage(transport: SyslogTransport) throws {
    let receiver = try Receiver()
    let directory = try TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    let delivery = try receiver.delivery(over: transport, journal: Outage.journal(in: directory))
    try delivery.start {}
    let count = try Outage.run(delivery) {
      try receiver.daemon.stop()
    } start: {
      try receiver.daemon.start()
    }
    #expect(delivery.stop(deadlineMilliseconds: 60_000))
    // At its end it writes what it still has in memory.
    try receiver.daemon.stop()
    let (missing, repeated) = try Outage.gaps(
      receiver.daemon.directory.path.appending("out/kestrel.example.json"), behind: "sequenceId\":\"",
      count: count)
    #expect(missing.isEmpty)
    Outage.tell("syslog-ng, \(transport), SIGTERM", count, repeated, delivery)
  }
}

extension String {
  /// What lies before the last `text`, and what follows it.
  fileprivate func cutLast(at text: String) -> (String, Substring)? {
    guard let found = ranges(of: text).last else { return nil }
    return (String(self[..<found.lowerBound]), self[found.upperBound...])
  }
}
