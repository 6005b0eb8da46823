/// How urgent an alert is: Falco's eight words, whose raw values are the syslog severities (RFC 5424 §6.2.1).
///
/// A *lower* raw value is more urgent; compare with `isAtLeast`.
public enum Priority: UInt8, CaseIterable, Sendable {
  case emergency, alert, critical, error, warning, notice, informational, debug

  /// The word in alerts, as Falco writes it: `Informational`, not `Info`.
  public var name: String {
    switch self {
    case .emergency: "Emergency"
    case .alert: "Alert"
    case .critical: "Critical"
    case .error: "Error"
    case .warning: "Warning"
    case .notice: "Notice"
    case .informational: "Informational"
    case .debug: "Debug"
    }
  }

  /// The priority of this name in any case; `info` stands for `informational`.
  public init?(name: some StringProtocol) {
    let lowered = name.lowercased()
    guard
      let match = Priority.allCases.first(where: { $0.name.lowercased() == lowered })
        ?? (lowered == "info" ? .informational : nil)
    else { return nil }
    self = match
  }

  /// Whether this is as urgent as `minimum` or more.
  public func isAtLeast(_ minimum: Priority) -> Bool { rawValue <= minimum.rawValue }
}
