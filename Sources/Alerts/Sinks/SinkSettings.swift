/// Every kind of sink there is, with its options: the one list.
public enum SinkSettings: Equatable, Sendable {
  case stdout
  case file(FileSinkOptions)
  case syslog(LocalSyslogOptions)
  case journald(JournaldOptions)
  case udp(RemoteSyslogOptions)
  case tcp(RemoteSyslogOptions)
  case tls(RemoteSyslogOptions, TLSOptions)
  case relp(RemoteSyslogOptions, TLSOptions?)
  case http(HTTPOptions)

  /// The kind of place, as in `SinkStatus.name`.
  public var name: String {
    switch self {
    case .stdout: StdoutSink.name
    case .file: FileSink.name
    case .syslog: LocalSyslogSink.name
    case .journald: JournaldSink.name
    case .udp: UDPSyslogSink.name
    case .tcp: TCPSyslogSink.name
    case .tls: TCPSyslogSink.secureName
    case .http: HTTPSink.name
    case .relp(_, let tls): tls == nil ? RELPSink.name : RELPSink.secureName
    }
  }

  /// What is known of an alert that it counts as delivered.
  var receipt: SinkStatus.Receipt {
    switch self {
    case .stdout, .file, .syslog, .journald, .relp, .http: .acknowledged
    case .tcp, .tls: .connection
    case .udp: .nothing
    }
  }

  /// The sink; called on the thread that it will live on.
  func makeSink() -> any Sink {
    switch self {
    case .stdout: StdoutSink()
    case .file(let options): FileSink(options: options)
    case .syslog(let options): LocalSyslogSink(options: options)
    case .journald(let options): JournaldSink(options: options)
    case .udp(let options): UDPSyslogSink(options: options)
    case .tcp(let options): TCPSyslogSink(options: options)
    case .tls(let options, let tls): TCPSyslogSink(options: options, tls: tls)
    case .relp(let options, let tls): RELPSink(options: options, tls: tls)
    case .http(let options): HTTPSink(options: options)
    }
  }
}
