import Events

/// The syslog message that every receiver knows: `<13>Jan  5 23:59:59 host windhover[42]: …`. See RFC 3164.
///
/// Times are local and without a year; prefer RFC 5424 where the receiver has it. A body that is too long is shortened as
/// its own format says. Before CEF and LEEF, whose first word stands for it, there is no name and pid.
public struct RFC3164Format: AlertFormat {
  public static let name = "rfc3164"
  private let options: SyslogOptions
  private let body: any AlertFormat

  public init(options: SyslogOptions = SyslogOptions()) {
    self.options = options
    body = options.bodyFormat
  }

  public func encode(_ entry: JournalEntry, limit: Int, into bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    bytes.append(syslogPriority: options.facility.priorityValue(entry.alert.rule.priority))
    CivilTime(local: entry.alert.timeNanoseconds).appendBSD(to: &bytes)
    bytes.append(UInt8(ascii: " "))
    bytes.append(headerText: entry.alert.hostname, limit: 255)
    bytes.append(UInt8(ascii: " "))
    if !options.body.standsForTag {
      bytes.append(headerText: options.applicationName, limit: 32, except: ":[]")
      bytes.append(contentsOf: "[\(options.processID)]: ".utf8)
    }
    return body.encode(entry, limit: max(0, limit - (bytes.count - start)), into: &bytes)
  }
}
