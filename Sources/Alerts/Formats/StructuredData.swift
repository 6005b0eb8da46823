import Events
import System

/// The element of structured data that tells an alert field by field: `[windhover@32473 rule="…" proc.name="sh"]`.
/// See RFC 5424 §6.3.
struct StructuredData {
  private struct Parameter {
    let name: [UInt8]
    let value: [UInt8]

    /// ` name="value"`
    var byteCount: Int { name.count + value.count + 4 }
  }

  private let identifier: [UInt8]
  /// Rule, priority, source, uuid: they stay whatever the limit.
  private var essential: [Parameter] = []
  private var tags: Parameter?
  private var fields: [Parameter] = []

  init(_ alert: Alert, uuid: UUID, enterpriseNumber: UInt32) {
    identifier = Array("windhover@\(enterpriseNumber)".utf8)
    essential = [
      Self.parameter("rule", .text(alert.rule.name)),
      Self.parameter("priority", .text(alert.rule.priority.name)),
      Self.parameter("source", .text(alert.rule.source)),
      Self.parameter("uuid", .text(uuid.description)),
    ]
    if !alert.rule.tags.isEmpty {
      tags = Self.parameter("tags", .text(alert.rule.tags.joined(separator: ",")))
    }
    var names: Set<[UInt8]> = Set(essential.map(\.name)).union([Array("tags".utf8), Array("truncated".utf8)])
    for field in alert.outputFields + alert.context {
      guard let value = field.value, !AlertFields.isUnset(field.name, value) else { continue }
      let parameter = Self.parameter(field.name, value)
      if names.insert(parameter.name).inserted { fields.append(parameter) }
    }
  }

  /// Leaves out fields, the largest first, then tags, until the element takes at most `limit` bytes; marks it.
  /// - Returns: whether it fits now.
  mutating func shorten(to limit: Int) -> Bool {
    essential.append(Self.parameter("truncated", .text("true")))
    var excess = byteCount - limit
    var dropped: Set<Int> = []
    for index in fields.indices.sorted(by: { fields[$0].byteCount > fields[$1].byteCount }) where excess > 0 {
      dropped.insert(index)
      excess -= fields[index].byteCount
    }
    fields = fields.indices.filter { !dropped.contains($0) }.map { fields[$0] }
    if excess > 0 { tags = nil }
    return byteCount <= limit
  }

  func append(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    bytes.append(contentsOf: identifier)
    for parameter in parameters {
      bytes.append(UInt8(ascii: " "))
      bytes.append(contentsOf: parameter.name)
      bytes.append(contentsOf: "=\"".utf8)
      bytes.append(contentsOf: parameter.value)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private var parameters: [Parameter] { essential + (tags.map { [$0] } ?? []) + fields }

  private var byteCount: Int { parameters.reduce(identifier.count + 2) { $0 + $1.byteCount } }

  /// `proc.apid.1` of `proc.apid[1]`: a bracket has no place in a name of the RFC's.
  private static func parameterName(_ name: String) -> String {
    var result: [UInt8] = []
    for byte in name.utf8 where byte != UInt8(ascii: "]") {
      result.append(byte == UInt8(ascii: "[") ? UInt8(ascii: ".") : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func parameter(_ name: String, _ value: FieldValue) -> Parameter {
    var nameBytes: [UInt8] = []
    nameBytes.append(headerText: Self.parameterName(name), limit: 32, except: "=]\"")
    var text: [UInt8] = []
    switch value {
    case .bytes(let bytes): SafeText.append(bytes.span, to: &text)
    // As in JSON, whose lists and numbers a receiver can read back.
    default: JSONValue.append(value, to: &text)
    }
    var escaped: [UInt8] = []
    for byte in text {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "]") {
        escaped.append(UInt8(ascii: "\\"))
      }
      escaped.append(byte)
    }
    return Parameter(name: nameBytes, value: escaped)
  }
}
