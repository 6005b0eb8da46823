import Glibc

/// What a syslog header says of the sender, for RFC 5424 and RFC 3164.
public struct SyslogOptions: Equatable, Sendable {
  /// What a syslog message says behind its header.
  public enum Body: String, CaseIterable, Sendable {
    /// The alert's message; time and priority are in the header.
    case text
    /// The JSON object.
    case json
    /// As the formats of these names write it.
    case cef, leef, ecs, ocsf
  }

  public var facility = SyslogFacility.user
  /// The program's name: printable ASCII without space; RFC 5424 allows 48 bytes of it, RFC 3164 32.
  public var applicationName = "windhover"
  public var processID: Int32 = getpid()
  public var body = Body.text
  public var json = JSONOptions()
  /// The private enterprise number of whoever receives, from IANA; without one the RFC has no name for our structured
  /// data, and RFC 5424 messages carry only `meta`.
  public var enterpriseNumber: UInt32?

  public init() {}
}
