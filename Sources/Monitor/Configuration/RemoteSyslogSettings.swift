public import Alerts
public import Events

/// An entry of `remote_syslog_output`: a receiver in the network, or several that stand in for each other.
public struct RemoteSyslogSettings: ConfigurationGroup, Equatable {
  public enum Transport: String, CaseIterable, Sendable {
    case udp, tcp, tls, relp
    case relpTLS = "relp-tls"

    var isEncrypted: Bool { self == .tls || self == .relpTLS }
  }

  public var isEnabled = true
  /// What the status calls it, and the journal its reader; the transport when it is empty.
  public var name = ""
  /// `targets`: each `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`.
  public var targets: [String] = []
  public var transport = Transport.tcp
  /// `framing`; as the protocol has it when it is `nil`.
  public var framing: SyslogFraming?
  public var tls = TLSOptions()
  public var formatKind = FormatKind.rfc5424
  /// Facility, program name, body and enterprise number; the JSON in a body is as the whole configuration has it.
  public var header = SyslogOptions()
  public var minimumPriority = Priority.debug
  public var only = RuleTargets()
  var messageLimit = ByteSize(bytes: 8192)
  var resendWindow = TimeSpan(seconds: 30)

  public init() {}

  var outputName: String { name.isEmpty ? transport.rawValue : name }

  var sink: SinkSettings {
    var options = RemoteSyslogOptions(
      targets: targets.compactMap(target), messageLimit: Int(messageLimit.bytes))
    options.framing = framingInUse
    options.resendWindowSeconds = resendWindow.seconds
    return switch transport {
    case .udp: .udp(options)
    case .tcp: .tcp(options)
    case .tls: .tls(options, tls)
    case .relp: .relp(options, nil)
    case .relpTLS: .relp(options, tls)
    }
  }

  /// RFC 5425 §4.3 wants the count.
  private var framingInUse: SyslogFraming { framing ?? (transport == .tls ? .octetCounting : .lineFeed) }

  /// Whether messages look as if a count stood before them, and none does.
  var looksCounted: Bool {
    formatKind == .text && (transport == .tcp || transport == .tls) && framingInUse == .lineFeed
  }

  /// The port of syslog is 514, under TLS 6514 (RFC 5425 §4.1). RELP has none of its own; rsyslog's documents, and our own
  /// receiver, take 20514.
  private func target(_ text: String) -> SyslogTarget? {
    let port: UInt16 =
      switch transport {
      case .udp, .tcp: 514
      case .tls: 6514
      case .relp, .relpTLS: 20514
      }
    return SyslogTarget(text, defaultPort: port)
  }

  func format(_ general: FormatOptions) -> any AlertFormat {
    var options = general
    options.syslog = header
    options.syslog.json = general.json
    return formatKind.make(options)
  }

  static let options: [ConfigurationOption<Self>] = [
    .init(
      "targets", \.targets,
      "The receiver as HOST:PORT, and others that stand in for it, in order. Without a port: 514 on udp and tcp, 6514 on tls, 20514 on relp and relp-tls."
    ),
    .init("enabled", \.isEnabled, "Whether alerts go there."),
    .init(
      "name", \.name,
      "What the status calls this output, and under which it goes on after a restart; empty: the protocol."),
    .init(
      "protocol", \.transport,
      "How messages travel. Only relp and relp-tls acknowledge each of them; the receiver is rsyslog's imrelp, say. On tcp and tls what a connection took with it is sent again (`resend_window`); udp confirms nothing: what is lost on the way, or while the receiver is away, is gone."
    ),
    .init(
      "framing", \.framing,
      "How a message ends on a stream: with a line feed, or counted before it (RFC 6587). Nothing: lf on tcp, octet on tls."
    ),
    .init(
      "tls.ca_file", \.tls.authorityFile,
      "Certificates of the authorities that may have signed the receiver's, in PEM. Empty: those that the host trusts."
    ),
    .init(
      "tls.certificate_file", \.tls.certificateFile,
      "The agent's own certificate and its chain, in PEM, for a receiver that asks. Read anew for each connection."
    ),
    .init("tls.key_file", \.tls.keyFile, "The key of that certificate, in PEM without a passphrase."),
    .init(
      "tls.server_name", \.tls.serverName,
      "The name that the receiver's certificate must have. Empty: the target's host."),
    .init(
      "tls.verify", \.tls.verifies,
      "Whether the receiver's certificate is checked. Without that anybody on the way can read and take alerts."
    ),
    .init(
      "format", \.formatKind,
      "How a message is written; only rfc3164 and rfc5424 have a header of syslog's, and then `body` says what follows."
    ),
    .init("body", \.header.body, "What stands behind the header of rfc3164 and rfc5424."),
    .init("facility", \.header.facility, "The part of the system that the messages are about."),
    .init("ident", \.header.applicationName, "The program's name in each message."),
    .init(
      "enterprise_number", \.header.enterpriseNumber,
      "Your private enterprise number from IANA; with it rfc5424 carries rule, process and container as structured data."
    ),
    .init("priority", \.minimumPriority, "Alerts of a lower priority do not go there."),
    .only(\.only),
    .init(
      "message_limit", \.messageLimit,
      "The most bytes of one message; a larger one loses optional parts, and carries a mark."),
    .init(
      "resend_window", \.resendWindow,
      "What was sent on tcp or tls within this time is sent again after the connection broke."),
  ]

  var contradictions: [(key: String, why: String)] {
    var found: [(key: String, why: String)] = []
    if targets.isEmpty { found.append(("targets", "there is none; name a receiver, as siem.example:514")) }
    found += targets.filter { target($0) == nil }.map {
      ("targets", "'\($0)' is not HOST, HOST:PORT or [ADDRESS]:PORT")
    }
    if !OutputName.isOne(name) { found.append(("name", OutputName.form)) }
    let ident = header.applicationName.utf8
    if !(1...48).contains(ident.count) || !ident.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
      found.append(("ident", "it must be 1 to 48 printable ASCII characters without blank"))
    }
    let smallest = formatKind.hasSyslogHeader ? header.body.smallestMessageLimit : 480
    if messageLimit.bytes < Int64(smallest) || messageLimit.bytes > 1 << 20 {
      found.append(
        (
          "message_limit",
          "it must be between \(smallest) bytes, which receivers must take for such messages, and 1M"
        ))
    }
    if tls.certificateFile.isEmpty != tls.keyFile.isEmpty {
      found.append(("tls", "certificate_file and key_file go together"))
    }
    if !transport.isEncrypted, tls != TLSOptions() {
      found.append(("tls", "it has a meaning with `protocol: tls` and `relp-tls` alone"))
    }
    if transport != .tcp, transport != .tls, framing != nil {
      found.append(("framing", "\(transport.rawValue) has its own; leave it out"))
    }
    if resendWindow.seconds > 3600 { found.append(("resend_window", "it must be at most an hour")) }
    return found
  }
}

extension RemoteSyslogSettings.Transport: ConfigurationValue {}
