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
  /// How the body is written.
  var bodyFormat: any AlertFormat {
    switch body {
    case .text: MessageFormat()
    case .json: JSONFormat(options: json)
    case .cef: CEFFormat()
    case .leef: LEEFFormat()
    case .ecs: ECSFormat()
    case .ocsf: OCSFFormat()
    }
  }
}

extension SyslogOptions.Body {
  /// The least that a message must be allowed to be, so that a body which is not text fits behind every header and its
  /// structured data: the bytes that RFC 5424 §6.1 wants receivers to take.
  public var smallestMessageLimit: Int { self == .text ? 480 : 2048 }

  /// Whether it begins with a word that receivers look for where RFC 3164 has the program's name.
  var standsForTag: Bool { self == .cef || self == .leef }
}

/// The alert's message alone; what is too long is cut between two characters and ends with `…`.
struct MessageFormat: AlertFormat {
  static let name = "message"

  func encode(_ entry: JournalEntry, limit: Int, into bytes: inout [UInt8]) -> Bool {
    let alert = entry.alert
    return EscapedText.append(alert.message.span, limit: limit, to: &bytes)
  }
}
