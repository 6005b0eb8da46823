/// Every format there is, by its name in the configuration: the one list.
public enum FormatKind: String, CaseIterable, Sendable {
  case text, json, rfc3164, rfc5424, cef, leef, ecs, ocsf

  /// The format with these options.
  public func make(_ options: FormatOptions) -> any AlertFormat {
    switch self {
    case .text: TextFormat(options: options.text)
    case .json: JSONFormat(options: options.json)
    case .rfc3164: RFC3164Format(options: options.syslog)
    case .rfc5424: RFC5424Format(options: options.syslog)
    case .cef: CEFFormat()
    case .leef: LEEFFormat()
    case .ecs: ECSFormat()
    case .ocsf: OCSFFormat()
    }
  }

  /// Whether an alert in it is a JSON object.
  public var isJSON: Bool { [.json, .ecs, .ocsf].contains(self) }

  /// Whether it begins with a header of syslog's.
  public var hasSyslogHeader: Bool { [.rfc3164, .rfc5424].contains(self) }
}

/// The options of all formats; each takes its own.
public struct FormatOptions: Equatable, Sendable {
  public var text = TextOptions()
  public var json = JSONOptions()
  public var syslog = SyslogOptions()

  public init() {}
}
