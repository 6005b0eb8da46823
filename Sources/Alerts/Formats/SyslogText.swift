/// Text as syslog headers allow it.
extension [UInt8] {
  /// Appends the printable ASCII of `text` without spaces, at most `limit` bytes; `-` when nothing is left. What is not
  /// allowed becomes `_`. See RFC 5424 §6.
  mutating func append(headerText text: String, limit: Int, except forbidden: String = "") {
    guard !text.isEmpty else { return append(UInt8(ascii: "-")) }
    for byte in text.utf8.prefix(limit) {
      let isAllowed = byte > 0x20 && byte < 0x7F && !forbidden.utf8.contains(byte)
      append(isAllowed ? byte : UInt8(ascii: "_"))
    }
  }

  /// Appends `<13>`.
  mutating func append(syslogPriority value: UInt8) {
    append(UInt8(ascii: "<"))
    append(decimal: value)
    append(UInt8(ascii: ">"))
  }
}

extension SyslogOptions {
  /// Appends the body in at most `limit` bytes.
  /// - Returns: whether it was shortened.
  func appendBody(_ entry: JournalEntry, limit: Int, to bytes: inout [UInt8]) -> Bool {
    switch body {
    case .text:
      let alert = entry.alert
      return EscapedText.append(alert.message.span, limit: limit, to: &bytes)
    case .json: return JSONFormat(options: json).encode(entry, limit: limit, into: &bytes)
    }
  }
}
