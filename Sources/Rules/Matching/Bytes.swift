// Unsafe: memcmp, memchr and unaligned loads inside the bounds of a span that the caller lends.

import Glibc

/// Searching and comparing bytes as they are: no encoding, no locale, case folded in ASCII only.
enum Bytes {
  static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    left.count == right.count && compareCommon(left, right) == 0
  }

  /// Below, at or above zero as `left` sorts before, with or after `right`.
  static func order(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    let common = compareCommon(left, right)
    return common != 0 ? common : left.count - right.count
  }

  static func starts(_ text: Span<UInt8>, with prefix: Span<UInt8>) -> Bool {
    prefix.count <= text.count && compareCommon(text, prefix) == 0
  }

  static func ends(_ text: Span<UInt8>, with suffix: Span<UInt8>) -> Bool {
    suffix.count <= text.count && areEqual(text.extracting(last: suffix.count), suffix)
  }

  static func contains(_ text: Span<UInt8>, _ part: Span<UInt8>) -> Bool {
    if part.isEmpty { return true }
    // SAFETY: `start` never exceeds `last`, so each memchr and memcmp stays within the spans, which outlive the call.
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe part.withUnsafeBufferPointer { part in
        guard let base = text.baseAddress, let wanted = part.baseAddress, part.count <= text.count else {
          return false
        }
        let end = unsafe base + (text.count - part.count + 1)
        var start = unsafe base
        while unsafe start < end, let found = unsafe memchr(start, Int32(wanted[0]), end - start) {
          if unsafe memcmp(found, wanted, part.count) == 0 { return true }
          unsafe start = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
        }
        return false
      }
    }
  }

  /// Whether `text` holds `part`, which must have been lowered.
  static func contains(_ text: Span<UInt8>, lowered part: Span<UInt8>) -> Bool {
    guard let first = part.first else { return true }
    guard part.count <= text.count else { return false }
    for start in 0...(text.count - part.count) where lowered(text[start]) == first {
      var index = 1
      while index < part.count, lowered(text[start + index]) == part[index] { index += 1 }
      if index == part.count { return true }
    }
    return false
  }

  static func lowered(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
  }

  static func raised(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "a") < 26 ? byte & ~0x20 : byte
  }

  /// A hash for tables whose keys are constants of rules: quick, and never zero.
  ///
  /// It has no seed: what an attacker chooses is only ever looked up, never stored.
  static func hash(_ text: Span<UInt8>) -> UInt64 {
    // SAFETY: every load of eight bytes starts at most at `count - 8`; shorter texts are read byte by byte.
    unsafe text.withUnsafeBytes { bytes in
      var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: bytes.count)
      var offset = 0
      while offset + 8 <= bytes.count {
        state = folded(state, unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      var rest: UInt64 = 0
      while offset < bytes.count {
        rest = rest << 8 | UInt64(unsafe bytes[offset])
        offset += 1
      }
      return folded(state, rest) | 1
    }
  }

  private static func folded(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let product = (state ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.low ^ product.high
  }

  /// memcmp over the length that both have.
  private static func compareCommon(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    let count = min(left.count, right.count)
    if count == 0 { return 0 }
    // SAFETY: `count` is within both spans, which outlive the call.
    return unsafe left.withUnsafeBufferPointer { left in
      unsafe right.withUnsafeBufferPointer { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
        return unsafe Int(memcmp(left, right, count))
      }
    }
  }
}

extension [UInt8] {
  /// Appends a copy, in one go.
  mutating func append(copying text: Span<UInt8>) {
    // SAFETY: the span outlives the call and does not lie in this array, which is borrowed for writing.
    unsafe text.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

extension Span where Element == UInt8 {
  var first: UInt8? { isEmpty ? nil : self[0] }
}
