import Events

/// The syslog message of RFC 5424: `<13>1 2026-01-05T22:59:59.123456Z host windhover 42 alert [meta sequenceId="7"][…] …`.
///
/// `meta` carries the journal's number, so that a receiver sees what it misses. With an enterprise number a second element
/// names rule, priority, source, tags, uuid, and the fields of the alert. An alert that is too large loses, in this order:
/// fields, the largest first, until the structured data takes no more than half; tags; the element; the end of the body,
/// as its own format says. It then carries `truncated="true"`, if there is an element.
public struct RFC5424Format: AlertFormat {
  public static let name = "rfc5424"
  let options: SyslogOptions
  private let header: SyslogHeader
  private let body: any AlertFormat

  public init(options: SyslogOptions = SyslogOptions()) {
    self.options = options
    header = SyslogHeader(options: options)
    body = options.bodyFormat
  }

  public func encode(_ entry: JournalEntry, limit: Int, into bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    let data = options.enterpriseNumber.map {
      StructuredData(entry.alert, uuid: entry.uuid, enterpriseNumber: $0)
    }
    encode(entry, data, into: &bytes)
    let isShortened = body.encode(entry, limit: max(0, limit - (bytes.count - start)), into: &bytes)
    guard isShortened, var shorter = data else { return isShortened }

    // The body fits no longer: the fields give way first, and the mark comes in.
    bytes.removeSubrange(start...)
    let fits = shorter.shorten(to: limit / 2)
    encode(entry, fits ? shorter : nil, into: &bytes)
    _ = body.encode(entry, limit: max(0, limit - (bytes.count - start)), into: &bytes)
    return true
  }

  private func encode(_ entry: JournalEntry, _ data: StructuredData?, into bytes: inout [UInt8]) {
    header.append(entry.alert, to: &bytes)
    bytes.append(contentsOf: "[meta sequenceId=\"".utf8)
    bytes.append(decimal: Self.sequenceID(entry.sequence))
    bytes.append(contentsOf: "\"]".utf8)
    data?.append(to: &bytes)
    bytes.append(UInt8(ascii: " "))
  }

  /// Numbers go up to 2147483647 and then begin with 1 again. See RFC 5424 §7.3.1.
  private static func sequenceID(_ sequence: UInt64) -> UInt64 { (sequence - 1) % 2_147_483_647 + 1 }
}

/// The header of RFC 5424 §6.2, with a space behind it.
struct SyslogHeader {
  let options: SyslogOptions

  func append(_ alert: Alert, to bytes: inout [UInt8]) {
    bytes.append(syslogPriority: options.facility.priorityValue(alert.rule.priority))
    bytes.append(contentsOf: "1 ".utf8)
    CivilTime(utc: alert.timeNanoseconds).appendDateAndTime(fractionDigits: 6, to: &bytes)
    bytes.append(contentsOf: "Z ".utf8)
    bytes.append(headerText: alert.hostname, limit: 255)
    bytes.append(UInt8(ascii: " "))
    bytes.append(headerText: options.applicationName, limit: 48)
    bytes.append(contentsOf: " \(options.processID) alert ".utf8)
  }
}
