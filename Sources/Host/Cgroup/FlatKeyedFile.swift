/// The form of many cgroup files: a word and a number on each line. See cgroups(7), "Format".
enum FlatKeyedFile {
  /// Calls `body` with each key and number, in the file's order. A line that is of another form is passed over: newer
  /// kernels add keys, and a key that we ask for and that is missing shows by itself.
  /// - Returns: whether the bytes are whole lines, and at least one of them has the form.
  static func forEach(in bytes: Span<UInt8>, _ body: (_ key: Range<Int>, _ value: UInt64) -> Void) -> Bool {
    var start = 0
    var isAny = false
    while start < bytes.count {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return false }
      if let blank = bytes.firstIndex(of: UInt8(ascii: " "), from: start, to: end), blank > start {
        var cursor = ByteCursor(blank + 1, end)
        if let value = cursor.decimal(bytes, as: UInt64.self), cursor.isAtEnd {
          body(start..<blank, value)
          isAny = true
        }
      }
      start = end + 1
    }
    return isAny
  }

  /// The number of one key; `nil` when it is not there, or the bytes are torn.
  static func value(of wanted: StaticString, in bytes: Span<UInt8>) -> UInt64? {
    var found: UInt64?
    let isWhole = forEach(in: bytes) { key, value in
      if bytes.has(wanted, as: key) { found = value }
    }
    return isWhole ? found : nil
  }
}
