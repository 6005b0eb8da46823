import System

/// A moment as calendar and clock show it, at some offset from UTC; written without Foundation.
public struct CivilTime: Sendable {
  public let year: Int64
  public let month: Int64
  public let day: Int64
  public let hour: Int64
  public let minute: Int64
  public let second: Int64
  public let nanosecond: Int64

  /// The moment in UTC.
  init(utc timeNanoseconds: UInt64) { self.init(timeNanoseconds, offsetSeconds: 0) }

  /// The moment in the host's time zone.
  public init(local timeNanoseconds: UInt64) {
    let seconds = Int64(timeNanoseconds / 1_000_000_000)
    self.init(timeNanoseconds, offsetSeconds: LocalTime.offsetSeconds(atUnixSeconds: seconds))
  }

  init(_ timeNanoseconds: UInt64, offsetSeconds: Int64) {
    let seconds = Int64(timeNanoseconds / 1_000_000_000) + offsetSeconds
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let secondOfDay = seconds - days * 86_400
    hour = secondOfDay / 3_600
    minute = secondOfDay / 60 % 60
    second = secondOfDay % 60
    nanosecond = Int64(timeNanoseconds % 1_000_000_000)

    // Days into eras of 400 years that begin on 1 March, so that the leap day is a year's last.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Appends `2026-01-31T23:59:59` and a fraction of `fractionDigits` digits, without a zone.
  func appendDateAndTime(fractionDigits: Int, to bytes: inout [UInt8]) {
    bytes.append(decimal: year, width: 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(decimal: month, width: 2)
    bytes.append(UInt8(ascii: "-"))
    bytes.append(decimal: day, width: 2)
    bytes.append(UInt8(ascii: "T"))
    appendClock(to: &bytes)
    appendFraction(digits: fractionDigits, to: &bytes)
  }

  /// Appends `23:59:59.123456789`.
  func appendTimeOfDay(to bytes: inout [UInt8]) {
    appendClock(to: &bytes)
    appendFraction(digits: 9, to: &bytes)
  }

  /// `23:59:59`
  var clock: String {
    var bytes: [UInt8] = []
    appendClock(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `Jan  5 23:59:59`, as BSD syslog has it. See RFC 3164 §4.1.2.
  func appendBSD(to bytes: inout [UInt8]) {
    let names = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)
    let first = Int(month - 1) * 3
    bytes.append(contentsOf: names[first..<first + 3])
    bytes.append(UInt8(ascii: " "))
    if day < 10 { bytes.append(UInt8(ascii: " ")) }
    bytes.append(decimal: day)
    bytes.append(UInt8(ascii: " "))
    appendClock(to: &bytes)
  }

  private func appendClock(to bytes: inout [UInt8]) {
    bytes.append(decimal: hour, width: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: minute, width: 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(decimal: second, width: 2)
  }

  private func appendFraction(digits: Int, to bytes: inout [UInt8]) {
    guard digits > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var value = nanosecond
    for _ in digits..<9 { value /= 10 }
    bytes.append(decimal: value, width: digits)
  }
}
