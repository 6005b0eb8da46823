import Alerts

/// The ways of an alert to a syslog receiver in the network.
enum SyslogTransport: CaseIterable {
  case udp, lines, octets, tls

  /// A sink for a receiver on this host.
  func sink(port: UInt16, authorityFile: String) -> SinkSettings {
    var options = RemoteSyslogOptions(targets: [SyslogTarget(host: "127.0.0.1", port: port)])
    options.framing = self == .lines ? .lineFeed : .octetCounting
    options.resendWindowSeconds = 5
    var tls = TLSOptions()
    tls.authorityFile = authorityFile
    return switch self {
    case .udp: .udp(options)
    case .lines, .octets: .tcp(options)
    case .tls: .tls(options, tls)
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
  func delivery(port: UInt16, authorityFile: String) throws -> Delivery {
    var options = DeliveryOptions()
    options.maximumBackoffMilliseconds = 200
    return try Delivery(outputs: [
      Output(
        named: "remote", sink: sink(port: port, authorityFile: authorityFile),
        format: RFC5424Format(options: Self.syslogOptions), options: options)
    ])
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
