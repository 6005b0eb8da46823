import Alerts

/// A number of bytes: digits, with K, M or G for powers of 1024.
struct ByteSize: ConfigurationValue, Equatable {
  var bytes: Int64

  static var form: String { "a number of bytes, as 4096, 512K, 128M or 2G" }

  init(bytes: Int64) { self.bytes = bytes }

  init?(configured node: ConfigurationNode) {
    guard
      let bytes = node.text.flatMap({ Int64(quantity: $0, units: Self.units) }), bytes > 0
    else { return nil }
    self.bytes = bytes
  }

  var configurationText: String { bytes.text(in: Self.units) }

  private static let units: [(Character, Int64)] = [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)]
}

/// A time: digits for seconds, or with s, m, h or d.
struct TimeSpan: ConfigurationValue, Equatable {
  var seconds: UInt64

  static var form: String { "a time in seconds, or as 30s, 5m, 12h or 7d" }

  init(seconds: UInt64) { self.seconds = seconds }

  init?(configured node: ConfigurationNode) {
    guard let seconds = node.text.flatMap({ Int64(quantity: $0, units: Self.units) }) else { return nil }
    self.seconds = UInt64(seconds)
  }

  var configurationText: String { Int64(clamping: seconds).text(in: Self.units) }

  private static let units: [(Character, Int64)] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
}

/// So many a second, in the long run.
struct Rate: ConfigurationValue, Equatable {
  var perSecond: Double

  static var form: String { "a number above 0, as 10 or 0.5" }

  init(perSecond: Double) { self.perSecond = perSecond }

  init?(configured node: ConfigurationNode) {
    guard let value = node.text.flatMap(Double.init), value > 0, value.isFinite else { return nil }
    perSecond = value
  }

  var configurationText: String {
    perSecond == perSecond.rounded() && perSecond < 1e15 ? String(Int64(perSecond)) : "\(perSecond)"
  }
}

/// A share in per cent.
struct Percentage: ConfigurationValue, Equatable {
  var value: Double

  static var form: String { "per cent: a number above 0 and at most 100" }

  init(_ value: Double) { self.value = value }

  init?(configured node: ConfigurationNode) {
    guard let value = node.text.flatMap(Double.init), value > 0, value <= 100 else { return nil }
    self.value = value
  }

  var configurationText: String { value == value.rounded() ? String(Int64(value)) : "\(value)" }
}

/// A number that is not 0.
extension UInt32: ConfigurationValue {
  static var form: String { "a number from 1 to \(UInt32.max)" }

  init?(configured node: ConfigurationNode) {
    guard let number = node.text.flatMap(Self.init), number > 0 else { return nil }
    self = number
  }

  var configurationText: String { String(self) }
}

extension Int64 {
  /// Digits, and at most one unit behind them; `nil` for anything else, and for what is too large.
  fileprivate init?(quantity text: String, units: [(Character, Int64)]) {
    let unit = units.first { text.last == $0.0 }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int64(digits)
    else { return nil }
    let (value, isTooLarge) = number.multipliedReportingOverflow(by: unit?.1 ?? 1)
    guard !isTooLarge else { return nil }
    self = value
  }

  /// In the largest unit that it is a whole number of.
  fileprivate func text(in units: [(Character, Int64)]) -> String {
    guard self > 0, let (name, size) = units.last(where: { self % $0.1 == 0 }) else { return String(self) }
    return "\(self / size)\(name)"
  }
}
