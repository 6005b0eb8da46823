import Events

/// What stands before an alert's message: `23:59:59.123456789: Warning `.
struct AlertPrefix {
  let usesISO8601: Bool

  /// The field that Falco's prefix reads, and that is therefore among an alert's output fields.
  var timeFieldName: String { usesISO8601 ? "evt.time.iso8601" : "evt.time" }

  func append(_ alert: Alert, to bytes: inout [UInt8]) {
    appendTime(alert.timeNanoseconds, to: &bytes)
    bytes.append(contentsOf: ": ".utf8)
    bytes.append(contentsOf: alert.rule.priority.name.utf8)
    bytes.append(UInt8(ascii: " "))
  }

  /// The local time of day, or the date and time in UTC.
  func appendTime(_ timeNanoseconds: UInt64, to bytes: inout [UInt8]) {
    guard usesISO8601 else { return CivilTime(local: timeNanoseconds).appendTimeOfDay(to: &bytes) }
    CivilTime(utc: timeNanoseconds).appendDateAndTime(fractionDigits: 9, to: &bytes)
    bytes.append(contentsOf: "+0000".utf8)
  }
}
