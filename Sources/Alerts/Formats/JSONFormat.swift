import Events

/// Falco's JSON object, keys sorted: a receiver made for Falco reads it.
///
/// An alert that is too large for its receiver loses, in this order, until it fits: `message` and `context`; what
/// of `output` goes beyond half the limit; output fields, the largest first; tags; the rest of `output` as far as need be; the
/// ends of the names of rule, host and source. It then carries `"alert.truncated":true` among its output fields, where forwarders keep it.
public struct JSONFormat: AlertFormat {
  public static let name = "json"
  private let options: JSONOptions
  private let prefix: AlertPrefix

  public init(options: JSONOptions = JSONOptions()) {
    self.options = options
    prefix = AlertPrefix(usesISO8601: options.usesISO8601)
  }

  public func encode(_ entry: JournalEntry, limit: Int, into bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    let fields = sortedFields(of: entry.alert)
    write(entry, fields, Shape(options), into: &bytes)
    guard bytes.count - start > limit else { return false }
    shorten(entry, fields, limit: limit, from: start, in: &bytes)
    return true
  }

  /// What of an alert is written.
  private struct Shape {
    var includesMessage: Bool
    var includesContext: Bool
    var includesTags: Bool
    var outputLimit = Int.max
    /// Names are cut last, and with them everything fits in 480 bytes.
    var cutsNames = false
    var isShortened = false

    init(_ options: JSONOptions) {
      includesMessage = options.includesMessage
      includesContext = options.includesContext
      includesTags = options.includesTags
    }
  }

  private func shorten(
    _ entry: JournalEntry, _ fields: [AlertField], limit: Int, from start: Int, in bytes: inout [UInt8]
  ) {
    var shape = Shape(options)
    var fields = fields
    /// Writes anew, and tells how many bytes are still too many.
    func excess() -> Int {
      bytes.removeSubrange(start...)
      write(entry, fields, shape, into: &bytes)
      return bytes.count - start - limit
    }
    shape.isShortened = true
    shape.includesMessage = false
    shape.includesContext = false
    shape.outputLimit = limit / 2
    var tooMany = excess()
    if tooMany > 0 {
      dropLargest(of: &fields, atLeast: tooMany)
      tooMany = excess()
    }
    if tooMany > 0 {
      shape.includesTags = false
      tooMany = excess()
    }
    if tooMany > 0 {
      shape.outputLimit = max(0, shape.outputLimit - tooMany)
      tooMany = excess()
    }
    if tooMany > 0 {
      shape.cutsNames = true
      _ = excess()
    }
  }

  private func dropLargest(of fields: inout [AlertField], atLeast bytes: Int) {
    let sizes = fields.map { field in
      var scratch: [UInt8] = []
      JSONValue.append(field.value, to: &scratch)
      return scratch.count + field.name.utf8.count + 4
    }
    var dropped: Set<Int> = []
    var saved = 0
    for index in fields.indices.sorted(by: { sizes[$0] > sizes[$1] }) where saved < bytes {
      guard fields[index].name != prefix.timeFieldName else { continue }
      dropped.insert(index)
      saved += sizes[index]
    }
    fields = fields.indices.filter { !dropped.contains($0) }.map { fields[$0] }
  }

  private func write(
    _ entry: JournalEntry, _ fields: [AlertField], _ shape: Shape, into bytes: inout [UInt8]
  ) {
    let alert = entry.alert
    var object = JSONObject(into: &bytes)
    if shape.includesContext {
      let context = alert.context.filter { field in !fields.contains { $0.name == field.name } }
      object.member("context", in: &bytes) { append(context, isShortened: false, to: &$0) }
    }
    object.member("hostname", alert.hostname, limit: shape.cutsNames ? 32 : .max, in: &bytes)
    if shape.includesMessage {
      object.member("message", in: &bytes) { JSONValue.append(alert.message.span, to: &$0) }
    }
    if options.includesOutput {
      object.member("output", in: &bytes) { appendOutput(alert, limit: shape.outputLimit, to: &$0) }
    }
    if options.includesOutputFields {
      object.member("output_fields", in: &bytes) {
        append(fields, isShortened: shape.isShortened, to: &$0)
      }
    }
    object.member("priority", alert.rule.priority.name, in: &bytes)
    object.member("rule", alert.rule.name, limit: shape.cutsNames ? 64 : .max, in: &bytes)
    if options.includesSequence {
      object.member("sequence", in: &bytes) { $0.append(decimal: entry.sequence) }
    }
    object.member("source", alert.rule.source, limit: shape.cutsNames ? 16 : .max, in: &bytes)
    if shape.includesTags && alert.rule.source != AlertRule.internal {
      object.member("tags", in: &bytes) { bytes in
        JSONValue.append(list: alert.rule.tags, to: &bytes) { JSONValue.append($0.utf8.span, to: &$1) }
      }
    }
    object.member("time", in: &bytes) { bytes in
      bytes.append(UInt8(ascii: "\""))
      CivilTime(utc: alert.timeNanoseconds).appendDateAndTime(fractionDigits: 9, to: &bytes)
      bytes.append(contentsOf: "Z\"".utf8)
    }
    if options.includesUUID {
      object.member("uuid", in: &bytes) { bytes in
        bytes.append(UInt8(ascii: "\""))
        entry.uuid.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
      }
    }
    object.end(in: &bytes)
  }

  private func appendOutput(_ alert: Alert, limit: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    prefix.append(alert, to: &bytes)
    _ = EscapedText.append(alert.message.span, limit: limit, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  private func append(_ fields: [AlertField], isShortened: Bool, to bytes: inout [UInt8]) {
    var object = JSONObject(into: &bytes)
    // The mark sorts before every field of an event.
    if isShortened { object.member("alert.truncated", in: &bytes) { JSONValue.append(.bool(true), to: &$0) } }
    for field in fields {
      object.member(field.name, in: &bytes) { JSONValue.append(field.value, to: &$0) }
    }
    object.end(in: &bytes)
  }

  /// The output fields in the order of their names, each once, and the time that the prefix shows: falcosidekick
  /// refuses an alert without any.
  private func sortedFields(of alert: Alert) -> [AlertField] {
    var fields = alert.outputFields
    if !fields.contains(where: { $0.name == prefix.timeFieldName }) {
      fields.append(AlertField(prefix.timeFieldName, timeValue(alert.timeNanoseconds)))
    }
    fields.sort { $0.name < $1.name }
    var unique: [AlertField] = []
    unique.reserveCapacity(fields.count)
    for field in fields where unique.last?.name != field.name { unique.append(field) }
    return unique
  }

  private func timeValue(_ timeNanoseconds: UInt64) -> FieldValue {
    guard prefix.usesISO8601 else { return .unsigned(timeNanoseconds) }
    var text: [UInt8] = []
    prefix.appendTime(timeNanoseconds, to: &text)
    return .bytes(text)
  }
}
