/// Every format there is, by its name in the configuration: the one list.
public enum FormatKind: String, CaseIterable, Sendable {
  case text, json, rfc3164, rfc5424

  /// The format with these options.
  public func make(_ options: FormatOptions) -> any AlertFormat {
    switch self {
    case .text: TextFormat(options: options.text)
    case .json: JSONFormat(options: options.json)
    case .rfc3164: RFC3164Format(options: options.syslog)
    case .rfc5424: RFC5424Format(options: options.syslog)
    }
  }
}

/// The options of all formats; each takes its own.
public struct FormatOptions: Equatable, Sendable {
  public var text = TextOptions()
  public var json = JSONOptions()
  public var syslog = SyslogOptions()

  public init() {}
}
