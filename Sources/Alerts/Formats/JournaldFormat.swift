import Events

/// An entry of the systemd journal in its native form: `NAME=value` and a line feed for each field, or, where the value holds a line
/// feed, the name, the value's length in eight bytes and the value. See systemd.io/JOURNAL_NATIVE_PROTOCOL.
///
/// Journald shows `MESSAGE`, so it is escaped as in the text format; all other values are the bytes that the host gave, and
/// those of lists are fields of one name. docs/formats.md has the table.
public struct JournaldFormat: MappingFormat {
  public static let name = "journald"
  static let mark = MappedAlert.Item("WINDHOVER_TRUNCATED", "true", .essential)

  /// What all alerts have in common: `journalctl MESSAGE_ID=b5b6c3c0a8f24f0d9a3c6f0f3a4e7d21`.
  public static let messageID = "b5b6c3c0a8f24f0d9a3c6f0f3a4e7d21"

  private let facility: SyslogFacility
  private let identity: String

  public init(facility: SyslogFacility = .user, identity: String = "windhover") {
    self.facility = facility
    self.identity = identity
  }

  func map(_ entry: JournalEntry) -> MappedAlert {
    let alert = entry.alert
    var mapped = MappedAlert(entry)
    mapped.items = [
      .init("MESSAGE", .text(alert.message), .message),
      .init("PRIORITY", alert.rule.priority.rawValue, .essential),
      .init("SYSLOG_FACILITY", facility.rawValue, .essential),
      .init("SYSLOG_IDENTIFIER", identity, .essential),
      .init("MESSAGE_ID", Self.messageID, .essential),
      .init("WINDHOVER_RULE", alert.rule.name, .name),
      .init("WINDHOVER_SOURCE", alert.rule.source, .mapped),
      .init("WINDHOVER_UUID", entry.uuid.description, .essential),
      .init("WINDHOVER_SEQUENCE", entry.sequence, .essential),
      .init("WINDHOVER_TIME", .text(FieldForm.dateTime(alert.timeNanoseconds)), .essential),
      .init("WINDHOVER_HOSTNAME", alert.hostname, .name),
    ]
    if !alert.rule.tags.isEmpty {
      mapped.items.append(.init("WINDHOVER_TAG", .words(alert.rule.tags), .tags))
    }
    var names = Set(mapped.items.map(\.path[0])).union([Self.mark.path[0], "WINDHOVER_TAG"])
    for (name, value) in AlertFields(alert).rest {
      let base = Self.fieldName(name)
      var key = base
      var number = 2
      while !names.insert(key).inserted {
        key = "\(base.prefix(56))_\(number)"
        number += 1
      }
      let content = FieldForm.list.content(of: value) ?? .text(FieldForm.text(of: value))
      mapped.items.append(.init([key], content, .carried))
    }
    return mapped
  }

  func write(_ alert: MappedAlert, into bytes: inout [UInt8]) -> Bool {
    var isCut = false
    for item in alert.items { isCut = write(item, limit: alert.limit(of: item), into: &bytes) || isCut }
    return isCut
  }

  func write(_ item: MappedAlert.Item, limit: Int, into bytes: inout [UInt8]) -> Bool {
    switch item.content {
    case .literal(let word): append(item.path[0], word, to: &bytes)
    case .list(let values): for value in values { append(item.path[0], value, to: &bytes) }
    case .text(let text) where item.rank == .message || item.rank == .name:
      var value: [UInt8] = []
      let isCut = EscapedText.append(text.span, limit: limit, to: &value)
      append(item.path[0], value, to: &bytes)
      return isCut
    case .text(let text): append(item.path[0], text, to: &bytes)
    }
    return false
  }

  private func append(_ name: String, _ value: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(contentsOf: name.utf8)
    if value.contains(UInt8(ascii: "\n")) {
      bytes.append(UInt8(ascii: "\n"))
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: UInt64(value.count) >> UInt64(shift)))
      }
    } else {
      bytes.append(UInt8(ascii: "="))
    }
    bytes.append(contentsOf: value)
    bytes.append(UInt8(ascii: "\n"))
  }

  /// `WINDHOVER_PROC_ANAME_2` of `proc.aname[2]`; journald drops fields with names of more than 64 bytes.
  static func fieldName(_ name: String) -> String {
    String(("WINDHOVER_" + FieldName.underscored(name).uppercased()).prefix(64))
  }
}
