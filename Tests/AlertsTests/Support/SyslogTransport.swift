import Alerts

/// The ways of an alert to a syslog receiver in the network.
enum SyslogTransport: CaseIterable {
  case udp, lines, octets, tls, relp, relpTLS

  /// Those that every syslog daemon speaks.
  static let standard: [SyslogTransport] = [.udp, .lines, .octets, .tls]
  /// Those that the rsyslog of this host speaks.
  static var rsyslog: [SyslogTransport] { Rsyslog.speaksRELP ? allCases : standard }

  /// A sink for a receiver on this host.
  /// - Parameter own: the sink's own certificate and key.
  func sink(port: UInt16, authorityFile: String, own: (file: String, key: String)? = nil) -> SinkSettings {
    var options = RemoteSyslogOptions(targets: [SyslogTarget(host: "127.0.0.1", port: port)])
    options.framing = self == .lines ? .lineFeed : .octetCounting
    options.resendWindowSeconds = 5
    var tls = TLSOptions()
    tls.authorityFile = authorityFile
    if let own { (tls.certificateFile, tls.keyFile) = own }
    return switch self {
    case .udp: .udp(options)
    case .lines, .octets: .tcp(options)
    case .tls: .tls(options, tls)
    case .relp: .relp(options, nil)
    case .relpTLS: .relp(options, tls)
    }
  }

  /// Headers with everything that a receiver can read.
  static var syslogOptions: SyslogOptions {
    var options = SyslogOptions()
    options.facility = .local3
    options.processID = 42
    options.enterpriseNumber = 32473
    options.body = .json
    options.json.usesISO8601 = true
    return options
  }

  /// A delivery over this transport to a receiver on this host, not started.
  func delivery(
    port: UInt16, authorityFile: String, own: (file: String, key: String)? = nil,
    journal: Journal = Journal()
  ) throws -> Delivery {
    var options = DeliveryOptions()
    options.maximumBackoffMilliseconds = 200
    return try Delivery(
      outputs: [
        Output(
          named: "remote", sink: sink(port: port, authorityFile: authorityFile, own: own),
          format: RFC5424Format(options: Self.syslogOptions), options: options)
      ], journal: journal)
  }

  /// Alerts of one host: a usual one and one of hostile bytes.
  static var alerts: [Alert] {
    let hostile = Sample.alert(with: Sample.hostile)
    return [
      Sample.shell,
      Alert(
        rule: hostile.rule, timeNanoseconds: hostile.timeNanoseconds, hostname: "kestrel.example",
        message: hostile.message, outputFields: hostile.outputFields),
    ]
  }
}
