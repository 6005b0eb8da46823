import System

/// A moment, as alerts and people write it.
struct Timestamp: Equatable {
  /// Since 1970 UTC.
  let nanoseconds: UInt64

  init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// `2026-11-23T16:43:40.568Z`, or with an offset such as `+01:00`. See RFC 3339.
  init?(rfc3339 text: ArraySlice<UInt8>) {
    guard let (seconds, fraction, rest) = Self.dateAndTime(text), let offset = Self.offset(rest),
      let nanoseconds = Self.nanoseconds(seconds - offset, fraction)
    else { return nil }
    self.nanoseconds = nanoseconds
  }

  /// What `--since` takes: RFC 3339, a date and a time of day, or a time of day today, local both, or a time that has
  /// passed since: `90s`, `10m`, `2h`, `1d`.
  init?(argument: String, now: UInt64) {
    let text = Array(argument.utf8)
    if let moment = Timestamp(rfc3339: text[...]) {
      self = moment
    } else if let past = Self.duration(argument) {
      nanoseconds = now - min(now, past)
    } else if let (seconds, fraction, rest) = Self.dateAndTime(text[...]), rest.isEmpty,
      let moment = Self.nanoseconds(Self.utc(local: seconds), fraction)
    {
      nanoseconds = moment
    } else if let (seconds, fraction, rest) = Self.clock(text[...]), rest.isEmpty {
      let second = Int64(now / 1_000_000_000)
      let today = (second + LocalTime.offsetSeconds(atUnixSeconds: second)) / 86_400 * 86_400
      guard let moment = Self.nanoseconds(Self.utc(local: today + seconds), fraction) else { return nil }
      nanoseconds = moment
    } else {
      return nil
    }
  }

  /// In seconds: more nanoseconds do not fit 64 bits.
  private static let longestDuration: UInt64 = 18_000_000_000

  private static func duration(_ text: String) -> UInt64? {
    let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let count = UInt64(text.dropLast()),
      count <= longestDuration / unit
    else { return nil }
    return count * unit * 1_000_000_000
  }

  /// - Returns: seconds since 1970 as if it were UTC, nanoseconds, and what stands behind.
  private static func dateAndTime(
    _ text: ArraySlice<UInt8>
  ) -> (seconds: Int64, nanoseconds: UInt64, rest: ArraySlice<UInt8>)? {
    var rest = text
    guard let year = digits(4, &rest), take("-", &rest), let month = digits(2, &rest), take("-", &rest),
      let day = digits(2, &rest), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    guard take("T", &rest) || take("t", &rest) || take(" ", &rest), let time = clock(rest) else { return nil }
    return (days(year, month, day) * 86_400 + time.seconds, time.nanoseconds, time.rest)
  }

  /// A time of day: hours, minutes, seconds if need be, and a fraction of them.
  private static func clock(
    _ text: ArraySlice<UInt8>
  ) -> (seconds: Int64, nanoseconds: UInt64, rest: ArraySlice<UInt8>)? {
    var rest = text
    guard let hour = digits(2, &rest), take(":", &rest), let minute = digits(2, &rest), hour < 24, minute < 60
    else { return nil }
    var second: Int64 = 0
    if take(":", &rest) {
      guard let value = digits(2, &rest), value <= 60 else { return nil }
      second = value
    }
    var fraction: UInt64 = 0
    if take(".", &rest) {
      let places = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard !places.isEmpty else { return nil }
      for index in 0..<9 {
        fraction = fraction * 10
        if index < places.count { fraction += UInt64(places[places.startIndex + index] - UInt8(ascii: "0")) }
      }
      rest = rest.dropFirst(places.count)
    }
    return (hour * 3600 + minute * 60 + second, fraction, rest)
  }

  /// Seconds east of UTC; `nil` where there is no offset, or more than that.
  private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
    var rest = text
    if take("Z", &rest) || take("z", &rest) { return rest.isEmpty ? 0 : nil }
    let sign: Int64 = take("+", &rest) ? 1 : take("-", &rest) ? -1 : 0
    guard sign != 0, let hours = digits(2, &rest) else { return nil }
    _ = take(":", &rest)
    guard let minutes = digits(2, &rest), rest.isEmpty, hours < 24, minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }

  private static func utc(local seconds: Int64) -> Int64 {
    // The offset of the moment itself, not of that many seconds after 1970 UTC: hours differ around a change of clocks.
    let about = seconds - LocalTime.offsetSeconds(atUnixSeconds: seconds)
    return seconds - LocalTime.offsetSeconds(atUnixSeconds: about)
  }

  private static func nanoseconds(_ seconds: Int64, _ fraction: UInt64) -> UInt64? {
    // Until 2554: what 64 bits hold.
    guard seconds >= 0, seconds < 18_446_744_073 else { return nil }
    return UInt64(seconds) * 1_000_000_000 + fraction
  }

  /// Days since 1970, by eras of 400 years that begin on 1 March.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func digits(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Int64? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
  }

  private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }
}
