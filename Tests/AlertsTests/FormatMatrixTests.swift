import Alerts
import Events
import Glibc
import SystemPackage
import Testing

/// Every format over every transport to real receivers: what arrives is what was encoded, byte for byte, and the receiver
/// has read the header's fields out of it.
@Suite(.enabled(if: Certificates.canBeMade, "openssl is not installed (Debian package openssl)"))
struct FormatMatrixTests {
  private static let limit = 128 << 10

  /// A way of writing alerts.
  private struct Written {
    let name: String
    let format: any AlertFormat
    /// What the receiver must find behind the header; `nil` when there is none, or it is no syslog header.
    var body: SyslogOptions.Body?

    /// Whether it stands where the program's name does, as receivers of CEF and LEEF want it behind RFC 3164.
    var hasOwnName: Bool { name.hasPrefix("rfc3164") && (body == .cef || body == .leef) }
  }

  private static var formats: [Written] {
    var options = FormatOptions()
    options.syslog = SyslogTransport.syslogOptions
    var written = FormatKind.allCases.filter { !$0.hasSyslogHeader }.map {
      Written(name: $0.rawValue, format: $0.make(options))
    }
    for (kind, body) in [FormatKind.rfc3164, .rfc5424].flatMap({ kind in
      SyslogOptions.Body.allCases.map { (kind, $0) }
    }) {
      options.syslog.body = body
      written.append(Written(name: "\(kind) \(body)", format: kind.make(options), body: body))
    }
    return written
  }

  /// What hosts put into alerts: usual, hostile, and 64 KiB of that.
  private static var alerts: [Alert] {
    let hostile = SyslogTransport.alerts[1]
    let large = Alert(
      rule: hostile.rule, timeNanoseconds: hostile.timeNanoseconds, hostname: hostile.hostname,
      message: hostile.message + [UInt8](repeating: UInt8(ascii: "y"), count: 64 << 10),
      outputFields: hostile.outputFields)
    return SyslogTransport.alerts + [large]
  }

  /// Sends the alerts in these formats, each over a connection of its own.
  /// - Returns: for each format the messages that were sent.
  private func send(
    _ formats: [Written], to sink: SinkSettings, _ alerts: [Alert]
  ) throws -> [(written: Written, messages: [String])] {
    let delivery = try Delivery(
      outputs: formats.map { Output(named: $0.name, sink: sink, format: $0.format) })
    try delivery.start {}
    for alert in alerts { delivery.append(alert) }
    // What is in the window at the end may come twice, which no comparison here minds.
    for _ in 0..<12_000 where delivery.status.sinks.contains(where: { $0.sentThrough < alerts.count }) {
      usleep(10_000)
    }
    #expect(delivery.status.sinks.allSatisfy { $0.failures == 0 }, "\(delivery.status.sinks)")
    delivery.stop(deadlineMilliseconds: 3000)
    let entries = delivery.journal.last(alerts.count)
    return formats.map { written in
      let messages = entries.map { entry in
        var bytes: [UInt8] = []
        _ = written.format.encode(entry, limit: Self.limit, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
      }
      return (written, messages)
    }
  }

  private func options(_ port: UInt16, _ framing: SyslogFraming = .lineFeed) -> RemoteSyslogOptions {
    var options = RemoteSyslogOptions(
      targets: [SyslogTarget(host: "127.0.0.1", port: port)], messageLimit: Self.limit)
    options.framing = framing
    return options
  }

  /// Holds what a receiver has written against what was sent.
  private func compare(
    _ lines: [String], with sent: [(written: Written, messages: [String])], _ transport: String,
    fields: (JSONTree, Written) -> Void
  ) throws {
    let trees = try lines.map { try JSONTree($0) }
    for (written, messages) in sent {
      for (message, alert) in zip(messages, Self.alerts) {
        guard let tree = trees.first(where: { $0["raw"]?.text == message }) else {
          Issue.record("\(written.name) over \(transport) did not arrive: \(message.prefix(200))")
          continue
        }
        guard let body = written.body else { continue }
        #expect(tree["host"] == .text("kestrel.example"))
        if !written.hasOwnName {
          #expect(tree["program"] == .text("windhover"))
          #expect(tree["pid"] == .text("42"))
        }
        #expect(tree["facility"] == .text("local3"))
        #expect(tree["severity"] == .text(alert.rule.priority == .notice ? "notice" : "err"))
        let text = (tree["message"]?.text ?? "").drop { $0 == " " }
        #expect(!text.isEmpty && message.hasSuffix(text), "\(written.name) over \(transport)")
        if body == .json {
          let json = JSONFormat(options: SyslogTransport.syslogOptions.json).text(alert)
          #expect(try JSONTree(String(text)) == JSONTree(json), "\(written.name) over \(transport)")
        }
        fields(tree, written)
      }
    }
  }

  // MARK: - rsyslog

  private static let rsyslogModules = """
    global(maxMessageSize="256k" parser.escapeControlCharacterTab="off")
    module(load="imudp")
    module(load="imtcp" maxFrameSize="200000")
    template(name="fields" type="list") {
      constant(value="{")
      property(outname="host" name="hostname" format="jsonf") constant(value=",")
      property(outname="program" name="app-name" format="jsonf") constant(value=",")
      property(outname="pid" name="procid" format="jsonf") constant(value=",")
      property(outname="facility" name="syslogfacility-text" format="jsonf") constant(value=",")
      property(outname="severity" name="syslogseverity-text" format="jsonf") constant(value=",")
      property(outname="data" name="structured-data" format="jsonf") constant(value=",")
      property(outname="message" name="msg" format="jsonf") constant(value=",")
      property(outname="raw" name="rawmsg" format="jsonf")
      constant(value="}\\n")
    }

    """

  /// A way to rsyslog: its input, and the sink that sends there.
  private struct Way {
    let name: String
    let input: String
    let sink: SinkSettings
    var takesLarge = true
  }

  private func ways(_ authority: Certificates) throws -> [Way] {
    let receiver = try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"])
    let own = try authority.certificate(named: "agent", for: ["DNS:agent.example"])
    var tls = TLSOptions()
    tls.authorityFile = authority.authorityFile
    // Freed again for the daemon: a moment in which another could take them.
    var ports: [UInt16] = [try NetworkReceiver(isStream: false).port]
    for _ in 0..<6 { ports.append(try NetworkReceiver(isStream: true).port) }
    func input(_ type: String, _ port: UInt16, _ more: String = "") -> String {
      "input(type=\"\(type)\" port=\"\(port)\" address=\"127.0.0.1\" \(more)"
    }
    var ways = [
      Way(name: "udp", input: input("imudp", ports[0]), sink: .udp(options(ports[0])), takesLarge: false),
      // The format `text` begins with a digit, which imtcp would otherwise take for a count.
      Way(
        name: "lines", input: input("imtcp", ports[1], "SupportOctetCountedFraming=\"off\""),
        sink: .tcp(options(ports[1]))),
      Way(name: "octets", input: input("imtcp", ports[2]), sink: .tcp(options(ports[2], .octetCounting))),
    ]
    for (driver, port) in [("ossl", ports[3]), ("gtls", ports[4])] where Rsyslog.has(driver: driver) {
      let files = """
        StreamDriver.Name="\(driver)" StreamDriver.Mode="1" StreamDriver.AuthMode="anon"
        StreamDriver.CAFile="\(authority.authorityFile)" StreamDriver.CertFile="\(receiver.file)"
        StreamDriver.KeyFile="\(receiver.key)"
        """
      ways.append(
        Way(name: driver, input: input("imtcp", port, files), sink: .tls(options(port, .octetCounting), tls)))
    }
    guard Rsyslog.speaksRELP else { return ways }
    ways.append(Way(name: "relp", input: input("imrelp", ports[5]), sink: .relp(options(ports[5]), nil)))
    (tls.certificateFile, tls.keyFile) = own
    let files = """
      tls="on" tls.caCert="\(authority.authorityFile)" tls.myCert="\(receiver.file)"
      tls.myPrivKey="\(receiver.key)" tls.authMode="name" tls.permittedPeer=["agent.example"]
      """
    ways.append(
      Way(name: "relpTLS", input: input("imrelp", ports[6], files), sink: .relp(options(ports[6]), tls)))
    return ways
  }

  @Test(
    "rsyslog takes every format over every transport, and reads the headers",
    .enabled(if: Rsyslog.isInstalled, "needs rsyslogd (Debian package rsyslog)"))
  func rsyslog() throws {
    let authority = try Certificates()
    let ways = try ways(authority)
    var configuration = Self.rsyslogModules
    if Rsyslog.speaksRELP { configuration += "module(load=\"imrelp\")\n" }
    for way in ways {
      configuration += """
        ruleset(name="\(way.name)") { action(type="omfile" file="DIR/\(way.name)" template="fields") }
        \(way.input) ruleset="\(way.name)")

        """
    }
    let daemon = try Rsyslog(configuration)
    for way in ways {
      switch way.sink {
      case .udp(let options): try daemon.waitUntilListening(options.targets[0].port)
      case .tcp(let options), .tls(let options, _), .relp(let options, _):
        try daemon.waitUntilListening(options.targets[0].port, isStream: true)
      default: Issue.record("\(way.name) is no way to a receiver")
      }
    }
    for way in ways {
      let alerts = way.takesLarge ? Self.alerts : Array(Self.alerts.dropLast())
      let sent = try send(Self.formats, to: way.sink, alerts)
      let lines = try daemon.lines(
        of: way.name, atLeast: alerts.count * Self.formats.count, within: .seconds(120))
      try compare(lines, with: sent, way.name) { tree, written in
        let hasData = written.name.hasPrefix("rfc5424")
        #expect((tree["data"]?.text?.hasPrefix("[meta sequenceId=\"") ?? false) == hasData)
      }
    }
    try daemon.stop()
  }

  // MARK: - syslog-ng

  @Test(
    "syslog-ng takes every format over every transport of both its drivers, and reads the headers",
    .enabled(
      if: SyslogNG.isInstalled,
      "needs syslog-ng, which `make setup-test` unpacks from the Debian package syslog-ng-core"))
  func syslogNG() throws {
    let authority = try Certificates()
    let (file, key) = try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"])
    var tls = TLSOptions()
    tls.authorityFile = authority.authorityFile
    let files =
      "tls(cert-file(\"\(file)\") key-file(\"\(key)\") peer-verify(optional-untrusted))"
    var configuration = ""
    var ways: [(name: String, isRFC5424: Bool, sink: SinkSettings)] = []
    for driver in ["syslog", "network"] {
      for transport in ["udp", "tcp", "tls"] {
        // Freed again for the daemon: a moment in which another could take it.
        let port = try NetworkReceiver(isStream: transport != "udp").port
        let name = "\(driver)-\(transport)"
        let options = options(port, driver == "syslog" ? .octetCounting : .lineFeed)
        let sink: SinkSettings =
          switch transport {
          case "udp": .udp(options)
          case "tcp": .tcp(options)
          default: .tls(options, tls)
          }
        ways.append((name, driver == "syslog", sink))
        configuration += """
          log {
            source { \(driver)(transport("\(transport)") ip("127.0.0.1") port(\(port)) max-connections(50)
              flags(store-raw-message) \(transport == "tls" ? files : "")); };
            destination { file("DIR/\(name)" template("$(format-json host=${HOST} program=${PROGRAM} pid=${PID} \
          facility=${FACILITY} severity=${LEVEL} message=${MESSAGE} raw=${RAWMSG})\\n")); };
          };

          """
      }
    }
    let daemon = try SyslogNG(configuration)
    for way in ways {
      // Each driver reads the header of its own RFC; network() takes what has none, too.
      let formats = Self.formats.filter { $0.name.hasPrefix("rfc5424") == way.isRFC5424 }
      let alerts = way.name.hasSuffix("udp") ? Array(Self.alerts.dropLast()) : Self.alerts
      let sent = try send(formats, to: way.sink, alerts)
      let lines = try daemon.lines(of: way.name, atLeast: alerts.count * formats.count)
      try compare(lines, with: sent, way.name) { _, _ in }
    }
    try daemon.stop()
  }
}
