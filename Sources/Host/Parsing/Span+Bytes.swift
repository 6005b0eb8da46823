// Unsafe: memchr over a span's bytes, and the bytes of a literal.
import Glibc

extension Span<UInt8> {
  /// The first place at or after `start` and before `end` that holds `byte`.
  func firstIndex(of byte: UInt8, from start: Int = 0, to end: Int? = nil) -> Int? {
    let end = end ?? count
    precondition(start >= 0 && end <= count)
    guard start < end else { return nil }
    // SAFETY: start..<end lies within the span, which outlives the closure.
    return unsafe withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = unsafe memchr(base + start, Int32(byte), end - start)
      else {
        return nil
      }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// The last place that holds `byte`.
  func lastIndex(of byte: UInt8) -> Int? {
    var index = count
    while index > 0 {
      index -= 1
      if self[index] == byte { return index }
    }
    return nil
  }

  /// Whether `literal` stands at `start`.
  func has(_ literal: StaticString, at start: Int) -> Bool {
    let length = literal.utf8CodeUnitCount
    guard start >= 0, count - start >= length else { return false }
    for offset in 0..<length {
      // SAFETY: offset is below the literal's length.
      guard unsafe literal.utf8Start[offset] == self[start + offset] else { return false }
    }
    return true
  }

  /// Whether the bytes of `range` end in `literal`.
  func has(_ literal: StaticString, endOf range: Range<Int>) -> Bool {
    let length = literal.utf8CodeUnitCount
    return range.count >= length && has(literal, at: range.upperBound - length)
  }

  /// Whether the bytes of `range` are `literal`.
  func has(_ literal: StaticString, as range: Range<Int>) -> Bool {
    range.count == literal.utf8CodeUnitCount && has(literal, at: range.lowerBound)
  }

  /// A copy of the bytes of `range`.
  func copy(_ range: Range<Int>) -> [UInt8] {
    var copy: [UInt8] = []
    copy.reserveCapacity(range.count)
    for index in range { copy.append(self[index]) }
    return copy
  }
}

extension Span<UInt8> {
  /// The number in the `width` bytes from `start` on, the lowest first as on every supported host; zeros where the
  /// span ends before.
  func word(at start: Int, width: Int = 8) -> UInt64 {
    var word: UInt64 = 0
    for offset in 0..<Swift.max(0, Swift.min(width, count - start)) {
      word |= UInt64(self[start + offset]) << UInt64(8 * offset)
    }
    return word
  }
}

extension StaticString {
  func byte(at offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < utf8CodeUnitCount)
    // SAFETY: just checked.
    return unsafe utf8Start[offset]
  }
}
