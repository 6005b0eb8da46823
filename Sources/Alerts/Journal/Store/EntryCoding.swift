import Events

/// An entry as bytes of a segment, and back. What is read may be damaged: then there is no entry.
enum EntryCoding {
  /// Appends the entry; its sequence number comes first.
  static func append(_ entry: JournalEntry, to bytes: inout [UInt8]) {
    let alert = entry.alert
    bytes.append(littleEndian: entry.sequence)
    bytes.append(littleEndian: entry.uuid.high)
    bytes.append(littleEndian: entry.uuid.low)
    bytes.append(littleEndian: alert.timeNanoseconds)
    bytes.append(alert.rule.priority.rawValue)
    bytes.append(withCount: alert.rule.name.utf8)
    bytes.append(withCount: alert.rule.source.utf8)
    bytes.append(littleEndian: UInt32(alert.rule.tags.count))
    for tag in alert.rule.tags { bytes.append(withCount: tag.utf8) }
    bytes.append(withCount: alert.hostname.utf8)
    bytes.append(withCount: alert.message)
    append(alert.outputFields, to: &bytes)
    append(alert.context, to: &bytes)
  }

  /// The sequence number of an entry, without the rest.
  static func sequence(of bytes: ArraySlice<UInt8>) -> UInt64? {
    var reader = ByteReader(bytes)
    return reader.integer(UInt64.self)
  }

  /// The entry, if `bytes` are one, whole, and nothing else.
  static func entry(from bytes: ArraySlice<UInt8>) -> JournalEntry? {
    var reader = ByteReader(bytes)
    guard let sequence = reader.integer(UInt64.self), let high = reader.integer(UInt64.self),
      let low = reader.integer(UInt64.self), let time = reader.integer(UInt64.self),
      let rule = rule(from: &reader), let hostname = reader.text(), let message = reader.bytesWithCount(),
      let outputFields = fields(from: &reader), let context = fields(from: &reader), reader.isAtEnd
    else { return nil }
    let alert = Alert(
      rule: rule, timeNanoseconds: time, hostname: hostname, message: Array(message),
      outputFields: outputFields, context: context)
    return JournalEntry(sequence: sequence, uuid: UUID(high: high, low: low), alert: alert)
  }

  private static func rule(from reader: inout ByteReader) -> AlertRule? {
    guard let priority = reader.integer(UInt8.self).flatMap(Priority.init(rawValue:)),
      let name = reader.text(),
      let source = reader.text(), let tagCount = reader.integer(UInt32.self)
    else { return nil }
    var tags: [String] = []
    for _ in 0..<tagCount {
      guard let tag = reader.text() else { return nil }
      tags.append(tag)
    }
    return AlertRule(name: name, priority: priority, source: source, tags: tags)
  }

  private static func append(_ fields: [AlertField], to bytes: inout [UInt8]) {
    bytes.append(littleEndian: UInt32(fields.count))
    for field in fields {
      bytes.append(withCount: field.name.utf8)
      append(field.value, to: &bytes)
    }
  }

  private static func fields(from reader: inout ByteReader) -> [AlertField]? {
    guard let count = reader.integer(UInt32.self) else { return nil }
    var fields: [AlertField] = []
    for _ in 0..<count {
      guard let name = reader.text(), let value = value(from: &reader, depth: 0) else { return nil }
      fields.append(AlertField(name, value.field))
    }
    return fields
  }

  private enum Kind: UInt8 { case absent, no, yes, signed, unsigned, double, bytes, list }

  private static func append(_ value: FieldValue?, to bytes: inout [UInt8]) {
    switch value {
    case nil: bytes.append(Kind.absent.rawValue)
    case .bool(let flag): bytes.append((flag ? Kind.yes : Kind.no).rawValue)
    case .signed(let number):
      bytes.append(Kind.signed.rawValue)
      bytes.append(littleEndian: UInt64(bitPattern: number))
    case .unsigned(let number):
      bytes.append(Kind.unsigned.rawValue)
      bytes.append(littleEndian: number)
    case .double(let number):
      bytes.append(Kind.double.rawValue)
      bytes.append(littleEndian: number.bitPattern)
    case .bytes(let text):
      bytes.append(Kind.bytes.rawValue)
      bytes.append(withCount: text)
    case .list(let values):
      bytes.append(Kind.list.rawValue)
      bytes.append(littleEndian: UInt32(values.count))
      for value in values { append(value, to: &bytes) }
    }
  }

  /// A value that may be absent: an optional of an optional would be too easy to misread.
  private struct Value { let field: FieldValue? }

  private static func value(from reader: inout ByteReader, depth: Int) -> Value? {
    guard depth < 8, let kind = reader.integer(UInt8.self).flatMap(Kind.init(rawValue:)) else { return nil }
    switch kind {
    case .absent: return Value(field: nil)
    case .no: return Value(field: .bool(false))
    case .yes: return Value(field: .bool(true))
    case .signed: return reader.integer(UInt64.self).map { Value(field: .signed(Int64(bitPattern: $0))) }
    case .unsigned: return reader.integer(UInt64.self).map { Value(field: .unsigned($0)) }
    case .double: return reader.integer(UInt64.self).map { Value(field: .double(Double(bitPattern: $0))) }
    case .bytes: return reader.bytesWithCount().map { Value(field: .bytes(Array($0))) }
    case .list:
      guard let count = reader.integer(UInt32.self) else { return nil }
      var values: [FieldValue] = []
      for _ in 0..<count {
        guard let element = value(from: &reader, depth: depth + 1)?.field else { return nil }
        values.append(element)
      }
      return Value(field: .list(values))
    }
  }
}
