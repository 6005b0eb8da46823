import Events
import System

/// ArcSight's Common Event Format: `CEF:0|Windhover|Windhover|0.1.0|rule|rule|5|rt=… msg=… sproc=…`.
///
/// Keys are those of its dictionary where it has one; every other field has a key of our own, `WindhoverProcTty` of `proc.tty`.
/// What is cut at the dictionary's lengths ends with `…`, and the alert carries `WindhoverTruncated=true`. docs/formats.md has
/// the table. See Implementing ArcSight Common Event Format (CEF), version 26.
public struct CEFFormat: MappingFormat {
  public static let name = "cef"
  static let mark = MappedAlert.Item("WindhoverTruncated", .literal(Array("true".utf8)), .essential)

  /// Where fields go; the most bytes are the dictionary's.
  static let dictionary: [FieldMapping] = [
    FieldMapping("spid", "proc.pid", as: .number),
    FieldMapping("sproc", "proc.name", limit: 1023),
    FieldMapping("suid", "user.uid", limit: 1023),
    FieldMapping("suser", "user.name", limit: 1023),
    FieldMapping("src", "fd.cip"),
    FieldMapping("spt", "fd.cport", as: .number),
    FieldMapping("dst", "fd.sip"),
    FieldMapping("dpt", "fd.sport", as: .number),
    FieldMapping("proto", "fd.l4proto", limit: 31),
    FieldMapping("filePath", "fs.path.name", "proc.exepath", limit: 1023),
    FieldMapping("fileHash", "proc.exe_sha256", limit: 255),
    FieldMapping("cs1", "proc.cmdline", limit: 4000, label: "CommandLine"),
    FieldMapping("cs2", "container.full_id", "container.id", limit: 4000, label: "ContainerId"),
    FieldMapping(
      "cs3", "container.image", "container.image.repository", limit: 4000, label: "ContainerImage"),
    FieldMapping("cs4", "proc.pcmdline", "proc.pname", limit: 4000, label: "ParentProcess"),
    FieldMapping("cs5", "proc.lineage", "proc.aname", limit: 4000, label: "ProcessLineage"),
    FieldMapping("cs6", "proc.id", limit: 4000, label: "ProcessEntityId"),
    FieldMapping("cn1", "proc.ppid", as: .number, label: "ParentProcessId"),
    FieldMapping("cn2", "user.loginuid", as: .number, label: "LoginUserId"),
    FieldMapping("flexString1", "evt.type", limit: 1023, label: "EventType"),
    FieldMapping("flexString2", "container.name", limit: 1023, label: "ContainerName"),
  ]

  /// The most bytes of a value whose key is not in the dictionary.
  private static let customLimit = 4000

  public init() {}

  func map(_ entry: JournalEntry) -> MappedAlert {
    var alert = MappedAlert(entry)
    var fields = AlertFields(entry.alert)
    alert.items = [
      .init("rt", entry.alert.timeNanoseconds / 1_000_000, .essential),
      .init("dvchost", entry.alert.hostname, .name, limit: 100),
      .init("deviceExternalId", entry.alert.hostname, .mapped, limit: 255),
      .init("externalId", entry.uuid.description, .essential),
      .init("msg", .text(entry.alert.message), .message, limit: 1023),
    ]
    if !entry.alert.rule.tags.isEmpty {
      alert.items.append(.init("cat", entry.alert.rule.tags.joined(separator: ","), .tags, limit: 1023))
    }
    alert.items.append(
      .init(["cn3"], .literal(FieldForm.digits(entry.sequence)), .mapped, label: "Sequence"))
    alert.add(Self.dictionary, from: &fields)
    // Keys have letters and digits only.
    let carriage = MappedAlert.Carriage(
      taken: [Self.mark.path[0]], filling: "x", limit: Self.customLimit
    ) { "Windhover" + FieldName.camelCase($0) }
    alert.carry(fields, carriage)
    return alert
  }

  func write(_ alert: MappedAlert, into bytes: inout [UInt8]) -> Bool {
    let rule = alert.entry.alert.rule
    bytes.append(contentsOf: "CEF:0|\(Product.vendor)|\(Product.name)|\(Product.version)|".utf8)
    // The name tells a kind of alert from all others, so it is its signature too.
    var isCut = append(header: rule.name, limit: min(1023, alert.nameLimit), to: &bytes)
    bytes.append(UInt8(ascii: "|"))
    isCut = append(header: rule.name, limit: min(512, alert.nameLimit), to: &bytes) || isCut
    bytes.append(UInt8(ascii: "|"))
    bytes.append(decimal: Self.severity(rule.priority))
    bytes.append(UInt8(ascii: "|"))
    for (index, item) in alert.items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: " ")) }
      isCut = write(item, limit: alert.limit(of: item), into: &bytes) || isCut
    }
    return isCut
  }

  func write(_ item: MappedAlert.Item, limit: Int, into bytes: inout [UInt8]) -> Bool {
    let key = item.path[0]
    if let label = item.label { bytes.append(contentsOf: "\(key)Label=\(label) ".utf8) }
    bytes.append(contentsOf: key.utf8)
    bytes.append(UInt8(ascii: "="))
    return item.content.append(to: &bytes) { append(value: $0, limit: limit, to: &$1) }
  }

  /// From 0 to 10; from 7 on receivers call it high, from 9 on very high.
  static func severity(_ priority: Priority) -> UInt8 {
    switch priority {
    case .emergency: 10
    case .alert: 9
    case .critical: 8
    case .error: 7
    case .warning: 5
    case .notice: 3
    case .informational: 1
    case .debug: 0
    }
  }

  // MARK: - Escapes

  /// In the header `|` and `\` have a backslash before them, and a line break is a blank.
  private func append(header text: String, limit: Int, to bytes: inout [UInt8]) -> Bool {
    CutText.append(text.utf8.span, limit: limit, to: &bytes) { scalar, encoded, bytes in
      switch encoded[0] {
      case UInt8(ascii: "|"), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), encoded[0]]
      case 0x0A, 0x0D: bytes.append(UInt8(ascii: " "))
      default: Self.append(scalar, encoded, to: &bytes)
      }
    }
  }

  /// In a value `=` and `\` have a backslash before them, and line breaks are `\n` and `\r`.
  private func append(value: Span<UInt8>, limit: Int, to bytes: inout [UInt8]) -> Bool {
    CutText.append(value, limit: limit, to: &bytes) { scalar, encoded, bytes in
      switch encoded[0] {
      case UInt8(ascii: "="), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), encoded[0]]
      case 0x0A: bytes += "\\n".utf8
      case 0x0D: bytes += "\\r".utf8
      default: Self.append(scalar, encoded, to: &bytes)
      }
    }
  }

  /// All else that is not safe to print is told in the words of `SafeText`, whose backslash CEF then doubles.
  private static func append(_ scalar: UInt32?, _ encoded: Span<UInt8>, to bytes: inout [UInt8]) {
    let start = bytes.count
    SafeText.append(encoded, to: &bytes)
    if encoded.count != bytes.count - start, bytes[start] == UInt8(ascii: "\\") {
      bytes.insert(UInt8(ascii: "\\"), at: start)
    }
  }
}
