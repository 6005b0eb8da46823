/// The lines of a file of accounts: fields separated by colons.
///
/// Read as the C library reads them: blank lines and comments are nothing, and lines that begin with `+` or `-` call
/// for a network service that is not asked here. See nsswitch.conf(5).
enum AccountLines {
  /// Calls `body` with the places of the fields of each line, at most `count` of them.
  /// - Returns: how many lines `body` refused.
  static func forEach(
    in bytes: Span<UInt8>, fields count: Int, _ body: ([Range<Int>]) -> Bool
  ) -> Int {
    var malformed = 0
    var start = 0
    while start < bytes.count {
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? bytes.count
      if !isSkipped(start..<end, in: bytes), !body(fields(of: start..<end, in: bytes, atMost: count)) {
        malformed += 1
      }
      start = end + 1
    }
    return malformed
  }

  private static func isSkipped(_ line: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    var cursor = ByteCursor(line)
    cursor.skipBlanks(bytes)
    switch cursor.peek(bytes) {
    case nil, UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: "-"): return true
    default: return false
    }
  }

  private static func fields(of line: Range<Int>, in bytes: Span<UInt8>, atMost count: Int) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    var start = line.lowerBound
    while fields.count < count - 1,
      let colon = bytes.firstIndex(of: UInt8(ascii: ":"), from: start, to: line.upperBound)
    {
      fields.append(start..<colon)
      start = colon + 1
    }
    fields.append(start..<line.upperBound)
    return fields
  }

  /// The number that fills a field.
  static func id(_ field: Range<Int>, in bytes: Span<UInt8>) -> UInt32? {
    var cursor = ByteCursor(field)
    guard let id = cursor.decimal(bytes, as: UInt32.self), cursor.isAtEnd else { return nil }
    return id
  }
}
