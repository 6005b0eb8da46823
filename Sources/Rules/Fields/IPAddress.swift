/// An IPv4 or IPv6 address. See inet_pton(3).
struct IPAddress: Hashable, Sendable {
  let isV6: Bool
  /// The first eight bytes of an IPv6 address in host order; 0 for IPv4.
  let high: UInt64
  /// The last eight bytes of an IPv6 address, or an IPv4 address, in host order.
  let low: UInt64

  init(v4: UInt32) {
    (isV6, high, low) = (false, 0, UInt64(v4))
  }

  init(v6 high: UInt64, _ low: UInt64) {
    (isV6, self.high, self.low) = (true, high, low)
  }
}

extension IPAddress {
  /// The address that `text` spells: four decimal parts, or groups of RFC 4291 §2.2 without a zone.
  init?(parsing text: Span<UInt8>) {
    if text.indices.contains(where: { text[$0] == UInt8(ascii: ":") }) {
      guard let groups = Self.groups(text) else { return nil }
      var (high, low) = (UInt64(0), UInt64(0))
      for index in 0..<4 {
        high = high << 16 | UInt64(groups[index])
        low = low << 16 | UInt64(groups[index + 4])
      }
      self.init(v6: high, low)
    } else {
      guard let v4 = Self.quad(text) else { return nil }
      self.init(v4: v4)
    }
  }

  /// Four decimal numbers without leading zeros.
  private static func quad(_ text: Span<UInt8>) -> UInt32? {
    var result: UInt32 = 0
    var parts = 0
    var start = 0
    while start <= text.count {
      var end = start
      var part: UInt32 = 0
      while end < text.count, text[end] != UInt8(ascii: ".") {
        let digit = text[end] &- UInt8(ascii: "0")
        guard digit < 10, end - start < 3, !(end > start && part == 0) else { return nil }
        part = part * 10 + UInt32(digit)
        end += 1
      }
      guard end > start, part < 256, parts < 4 else { return nil }
      result = result << 8 | part
      parts += 1
      start = end + 1
    }
    return parts == 4 ? result : nil
  }

  /// The eight groups of an IPv6 address.
  private static func groups(_ text: Span<UInt8>) -> SIMD8<UInt16>? {
    var groups = SIMD8<UInt16>()
    var count = 0
    var gap: Int?
    var index = 0
    let colon = UInt8(ascii: ":")
    if text.count >= 2, text[0] == colon {
      guard text[1] == colon else { return nil }
      gap = 0
      index = 2
    }
    while index < text.count {
      var end = index
      while end < text.count, text[end] != colon { end += 1 }
      let part = text.extracting(index..<end)
      if end == text.count, let quad = quad(part) {
        guard count <= 6 else { return nil }
        (groups[count], groups[count + 1]) = (UInt16(quad >> 16), UInt16(quad & 0xFFFF))
        count += 2
        break
      }
      guard let group = hexadecimal(part), count < 8 else { return nil }
      groups[count] = group
      count += 1
      if end == text.count { break }
      index = end + 1
      if index == text.count { return nil }
      if text[index] == colon {
        guard gap == nil else { return nil }
        gap = count
        index += 1
      }
    }
    guard let gap else { return count == 8 ? groups : nil }
    guard count < 8 else { return nil }
    // What stands behind the gap moves to the end, the last group first.
    for index in stride(from: count - 1, through: gap, by: -1) {
      groups[index + 8 - count] = groups[index]
      groups[index] = 0
    }
    return groups
  }

  private static func hexadecimal(_ text: Span<UInt8>) -> UInt16? {
    guard (1...4).contains(text.count) else { return nil }
    var result: UInt16 = 0
    for index in text.indices {
      guard let digit = text[index].hexadecimalValue else { return nil }
      result = result << 4 | UInt16(digit)
    }
    return result
  }
}

extension IPAddress: CustomStringConvertible {
  /// Four decimal parts, or the shortest lower-case form of RFC 5952.
  var description: String {
    guard isV6 else {
      return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".")
    }
    let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { UInt16(half >> UInt64($0) & 0xFFFF) } }
    if high == 0, low >> 32 == 0xFFFF { return "::ffff:\(IPAddress(v4: UInt32(low & 0xFFFF_FFFF)))" }
    guard let gap = Self.longestZeros(groups) else { return Self.joined(groups[...]) }
    return Self.joined(groups[..<gap.lowerBound]) + "::" + Self.joined(groups[gap.upperBound...])
  }

  private static func joined(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// The first longest run of at least two zeros.
  private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
    var longest = 0..<1
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 { start = index + 1 }
      if index + 1 - start > longest.count { longest = start..<index + 1 }
    }
    return longest.count > 1 ? longest : nil
  }
}

/// A network in CIDR notation; the bits of the host part are ignored. See RFC 4632 §3.1.
struct IPNetwork: Hashable, Sendable {
  let address: IPAddress
  private let highMask: UInt64
  private let lowMask: UInt64

  /// `10.0.0.0/8`, `fe80::/10`; an address alone is the network that holds just it.
  init?(parsing text: Span<UInt8>) {
    let slash = text.indices.first { text[$0] == UInt8(ascii: "/") } ?? text.count
    guard let address = IPAddress(parsing: text.extracting(..<slash)) else { return nil }
    let width: UInt64 = address.isV6 ? 128 : 32
    var length = width
    if slash < text.count {
      let digits = text.extracting((slash + 1)...)
      guard let number = Number(parsing: digits), case .unsigned(let bits) = number, bits <= width else {
        return nil
      }
      length = bits
    }
    let hostBits = width - length
    // Swift's `<<` yields zero when it shifts by the whole width or more.
    lowMask = (address.isV6 ? UInt64.max : 0xFFFF_FFFF) & (UInt64.max << hostBits)
    highMask = address.isV6 ? (hostBits > 64 ? UInt64.max << (hostBits - 64) : UInt64.max) : 0
    self.address = IPAddress(masking: address, highMask, lowMask)
  }

  func contains(_ other: IPAddress) -> Bool {
    other.isV6 == address.isV6 && other.low & lowMask == address.low && other.high & highMask == address.high
  }
}

extension IPNetwork: CustomStringConvertible {
  /// The first address and the length of the prefix.
  var description: String { "\(address)/\(highMask.nonzeroBitCount + lowMask.nonzeroBitCount)" }
}

extension IPAddress {
  fileprivate init(masking address: IPAddress, _ highMask: UInt64, _ lowMask: UInt64) {
    (isV6, high, low) = (address.isV6, address.high & highMask, address.low & lowMask)
  }
}

extension UInt8 {
  /// The value of this hexadecimal digit.
  var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
