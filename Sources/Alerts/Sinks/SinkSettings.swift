/// Every kind of sink there is, with its options: the one list.
public enum SinkSettings: Equatable, Sendable {
  case stdout
  case file(FileSinkOptions)
  case syslog(LocalSyslogOptions)

  /// The sink; called on the thread that it will live on.
  func makeSink() -> any Sink {
    switch self {
    case .stdout: StdoutSink()
    case .file(let options): FileSink(options: options)
    case .syslog(let options): LocalSyslogSink(options: options)
    }
  }
}
