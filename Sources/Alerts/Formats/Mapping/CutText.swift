import System

/// Text of unknown origin in the escapes of some format, cut between two characters.
enum CutText {
  /// Appends `text` character by character in at most `limit` bytes; text that does not fit ends with `…`.
  /// - Parameter escape: appends one character; without a scalar its bytes are not UTF-8.
  /// - Returns: whether it was cut.
  @inline(__always)
  static func append(
    _ text: Span<UInt8>, limit: Int, to bytes: inout [UInt8],
    escape: (_ scalar: UInt32?, _ encoded: Span<UInt8>, _ bytes: inout [UInt8]) -> Void
  ) -> Bool {
    let start = bytes.count
    var cut = start
    var index = 0
    while index < text.count {
      var (scalar, length): (UInt32?, Int) = (UInt32(text[index]), 1)
      if text[index] >= 0x80 { (scalar, length) = SafeText.decode(text, at: index) }
      escape(scalar, text.extracting(index..<index + length), &bytes)
      index += length
      if bytes.count - start <= limit - mark.count {
        cut = bytes.count
      } else if bytes.count - start > limit {
        bytes.removeSubrange(cut...)
        if limit >= mark.count { bytes.append(contentsOf: mark) }
        return true
      }
    }
    return false
  }

  private static let mark = Array("…".utf8)
}
