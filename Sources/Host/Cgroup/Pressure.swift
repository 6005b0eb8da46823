extension CgroupFileName {
  public static let cpuPressure = CgroupFileName("cpu.pressure")
  public static let memoryPressure = CgroupFileName("memory.pressure")
  public static let ioPressure = CgroupFileName("io.pressure")
}

/// How long processes of a cgroup stood still for want of a resource, as `cpu.pressure`, `memory.pressure` and
/// `io.pressure` tell it (PSI). See the kernel's accounting/psi.rst.
public struct Pressure: Equatable, Sendable {
  /// The share of time in which at least one process stood still.
  public var some: Share
  /// The share in which all of them did; `nil` where the kernel does not tell it (of the CPU before 5.13).
  public var full: Share?

  /// Averages in hundredths of a per cent, and the time itself.
  public struct Share: Equatable, Sendable {
    public var tenSeconds: UInt32
    public var oneMinute: UInt32
    public var fiveMinutes: UInt32
    public var totalMicroseconds: UInt64
  }

  /// - Returns: `nil` when the bytes are not such a file, or are torn.
  public init?(parsing bytes: Span<UInt8>) {
    var some: Share?
    var full: Share?
    var start = 0
    while start < bytes.count {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return nil }
      if bytes.has("some ", at: start) { some = Share(parsing: bytes, in: start + 5..<end) }
      if bytes.has("full ", at: start) { full = Share(parsing: bytes, in: start + 5..<end) }
      start = end + 1
    }
    guard let some else { return nil }
    self.some = some
    self.full = full
  }
}

extension Pressure.Share {
  fileprivate init?(parsing bytes: Span<UInt8>, in range: Range<Int>) {
    var cursor = ByteCursor(range)
    guard let ten = cursor.percent("avg10=", bytes), let minute = cursor.percent("avg60=", bytes),
      let five = cursor.percent("avg300=", bytes), cursor.takes("total=", bytes),
      let total = cursor.decimal(bytes, as: UInt64.self), cursor.isAtEnd
    else { return nil }
    tenSeconds = ten
    oneMinute = minute
    fiveMinutes = five
    totalMicroseconds = total
  }
}

extension ByteCursor {
  fileprivate mutating func takes(_ literal: StaticString, _ bytes: Span<UInt8>) -> Bool {
    guard end - position >= literal.utf8CodeUnitCount, bytes.has(literal, at: position) else { return false }
    self = ByteCursor(position + literal.utf8CodeUnitCount, end)
    return true
  }

  /// A number with two decimals behind `key`, and the blank after it; in hundredths.
  fileprivate mutating func percent(_ key: StaticString, _ bytes: Span<UInt8>) -> UInt32? {
    guard takes(key, bytes), let whole = decimal(bytes, as: UInt16.self), takes(UInt8(ascii: "."), in: bytes)
    else { return nil }
    let first = position
    guard let hundredths = decimal(bytes, as: UInt8.self), position == first + 2,
      takes(UInt8(ascii: " "), in: bytes)
    else { return nil }
    return UInt32(whole) * 100 + UInt32(hundredths)
  }
}
