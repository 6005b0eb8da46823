public import Alerts
public import Events

/// `journald_output`: alerts to the host's systemd journal, field by field.
public struct JournaldSettings: ConfigurationGroup, Equatable {
  public var isEnabled = false
  public var options = JournaldOptions()
  public var facility = SyslogFacility.user
  public var identity = "windhover"
  public var minimumPriority = Priority.debug
  public var only = RuleTargets()

  public init() {}

  static let options: [ConfigurationOption<Self>] = [
    .init("enabled", \.isEnabled, "Alerts to the host's systemd journal, field by field."),
    .init("path", \.options.path, "Journald's socket."),
    .init("facility", \.facility, "The part of the system that the entries are about."),
    .init("ident", \.identity, "The program's name in each entry: `journalctl -t` asks for it."),
    .init("priority", \.minimumPriority, "Alerts of a lower priority do not go there."),
    .only(\.only),
  ]

  var format: JournaldFormat { JournaldFormat(facility: facility, identity: identity) }

  var contradictions: [(key: String, why: String)] {
    let ident = identity.utf8
    guard !(1...48).contains(ident.count) || !ident.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return [] }
    return [("ident", "it must be 1 to 48 printable ASCII characters without blank")]
  }
}
