/// How a point in time is written, in UTC.
enum TimeFormat: Hashable, Sendable {
  /// `15:04:05.000000000`
  case clock
  /// `15:04:05`
  case clockSeconds
  /// `2006-01-02 15:04:05.000000000`
  case date
  /// `2006-01-02 15:04:05`
  case dateSeconds
  /// `2006-01-02T15:04:05.000000000Z`
  case iso8601

  /// Adds the text for `time`, nanoseconds since 1970 UTC.
  func write(_ time: UInt64, to values: inout Values) {
    let (seconds, nanoseconds) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
    let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
    switch self {
    case .clock, .clockSeconds: break
    case .date, .dateSeconds, .iso8601:
      let date = Self.date(days)
      values.add(decimal: date.year, digits: 4)
      values.add(UInt8(ascii: "-"))
      values.add(decimal: date.month, digits: 2)
      values.add(UInt8(ascii: "-"))
      values.add(decimal: date.day, digits: 2)
      values.add(UInt8(ascii: self == .iso8601 ? "T" : " "))
    }
    values.add(decimal: second / 3600, digits: 2)
    values.add(UInt8(ascii: ":"))
    values.add(decimal: second / 60 % 60, digits: 2)
    values.add(UInt8(ascii: ":"))
    values.add(decimal: second % 60, digits: 2)
    switch self {
    case .clockSeconds, .dateSeconds: return
    case .clock, .date, .iso8601:
      values.add(UInt8(ascii: "."))
      values.add(decimal: nanoseconds, digits: 9)
    }
    if self == .iso8601 { values.add(UInt8(ascii: "Z")) }
  }

  /// The Gregorian date of a day after 1970-01-01.
  private static func date(_ days: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
    // Eras of 400 years that begin on 1 March, so that a leap day ends its year.
    let shifted = days + 719_468
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = shifted / 146_097 * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }
}

extension Values {
  /// Adds a number with leading zeros.
  mutating func add(decimal value: UInt64, digits: Int) {
    var power: UInt64 = 1
    for _ in 1..<digits { power *= 10 }
    while power > 0 {
      add(UInt8(ascii: "0") + UInt8(value / power % 10))
      power /= 10
    }
  }
}
