import Events

/// The part of a system that a syslog message is about. See RFC 5424 §6.2.1.
public enum SyslogFacility: UInt8, CaseIterable, Sendable {
  case kern, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp
  case local0 = 16
  case local1, local2, local3, local4, local5, local6, local7

  /// The facility of this name, as syslog.conf(5) has it.
  public init?(name: some StringProtocol) {
    guard let match = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = match
  }

  /// The number that begins a message of this facility and severity.
  func priorityValue(_ priority: Priority) -> UInt8 { rawValue * 8 + priority.rawValue }
}
