import Events
import System

/// QRadar's Log Event Extended Format, with tabs between attributes: `LEEF:2.0|Windhover|Windhover|0.1.0|rule|x09|devTime=…`.
///
/// Attributes are the predefined ones where there are any; every other field has its own name, with `_` for what a name may not
/// hold. LEEF has no escapes, so values are written as `SafeText` has it: no tab and no line break is left in them, and a
/// backslash is doubled. An alert of which something is missing carries `truncated=true`. docs/formats.md has the table. See
/// Log Event Extended Format (LEEF), version 2.
public struct LEEFFormat: MappingFormat {
  public static let name = "leef"
  static let mark = MappedAlert.Item("truncated", .literal(Array("true".utf8)), .essential)

  /// Where fields go.
  static let attributes: [FieldMapping] = [
    FieldMapping("usrName", "user.name", "user.uid", limit: 255),
    FieldMapping("src", "fd.cip"),
    FieldMapping("srcPort", "fd.cport", as: .number),
    FieldMapping("dst", "fd.sip"),
    FieldMapping("dstPort", "fd.sport", as: .number),
    FieldMapping("proto", "fd.l4proto"),
    FieldMapping("resource", "fs.path.name", "proc.exepath", limit: 255),
  ]

  private static let tab = UInt8(ascii: "\t")

  public init() {}

  func map(_ entry: JournalEntry) -> MappedAlert {
    var alert = MappedAlert(entry)
    var fields = AlertFields(entry.alert)
    let rule = entry.alert.rule
    alert.items = [
      .init("devTime", entry.alert.timeNanoseconds / 1_000_000, .essential),
      .init("sev", Self.severity(rule.priority), .essential),
      .init("identHostName", entry.alert.hostname, .name, limit: 255),
      .init("policy", rule.name, .mapped, limit: 255),
      .init("uuid", entry.uuid.description, .essential),
      .init("sequence", entry.sequence, .mapped),
      .init("msg", .text(entry.alert.message), .message),
    ]
    if !rule.tags.isEmpty { alert.items.append(.init("cat", rule.tags.joined(separator: ","), .tags)) }
    alert.add(Self.attributes, from: &fields)
    var names = Set(alert.items.map(\.path[0])).union(Self.attributes.map(\.path[0]))
    names.formUnion([Self.mark.path[0], "cat", "devTimeFormat"])
    alert.carry(fields, .init(taken: names, key: FieldName.underscored))
    return alert
  }

  func write(_ alert: MappedAlert, into bytes: inout [UInt8]) -> Bool {
    bytes.append(contentsOf: "LEEF:2.0|\(Product.vendor)|\(Product.name)|\(Product.version)|".utf8)
    let name = alert.entry.alert.rule.name.utf8.span
    var isCut = CutText.append(name, limit: min(255, alert.nameLimit), to: &bytes) { _, encoded, bytes in
      // Nothing escapes a bar in a header.
      if encoded[0] == UInt8(ascii: "|") { return bytes.append(UInt8(ascii: "/")) }
      SafeText.append(encoded, to: &bytes)
    }
    bytes.append(contentsOf: "|x09|".utf8)
    for (index, item) in alert.items.enumerated() {
      if index > 0 { bytes.append(Self.tab) }
      isCut = write(item, limit: alert.limit(of: item), into: &bytes) || isCut
    }
    return isCut
  }

  func write(_ item: MappedAlert.Item, limit: Int, into bytes: inout [UInt8]) -> Bool {
    bytes.append(contentsOf: item.path[0].utf8)
    bytes.append(UInt8(ascii: "="))
    return item.content.append(to: &bytes) { value, bytes in
      CutText.append(value, limit: limit, to: &bytes) { SafeText.append($1, to: &$2) }
    }
  }

  /// From 1 to 10.
  static func severity(_ priority: Priority) -> UInt8 { max(1, CEFFormat.severity(priority)) }
}
