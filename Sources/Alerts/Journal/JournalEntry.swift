import Events

/// An alert with the number and the identifier that the journal gave it. Immutable; shared by all sinks.
public final class JournalEntry: Sendable {
  /// Counts up by one from the journal's first alert on; a gap at a receiver is a loss.
  public let sequence: UInt64
  /// Names this alert for ever, also when it is delivered twice.
  public let uuid: UUID
  public let alert: Alert
  /// What this takes in memory, about.
  public let byteCount: Int

  public init(sequence: UInt64, uuid: UUID, alert: Alert) {
    self.sequence = sequence
    self.uuid = uuid
    self.alert = alert
    byteCount = alert.byteCount
  }
}

extension Alert {
  /// What this takes in memory, about: the texts, and 64 bytes for each field.
  var byteCount: Int {
    (outputFields + context).reduce(256 + message.count) { $0 + 64 + ($1.value?.byteCount ?? 0) }
  }
}

extension FieldValue {
  /// What this takes in memory beside the value itself, about.
  fileprivate var byteCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .list(let values): values.reduce(0) { $0 + 32 + $1.byteCount }
    case .bool, .signed, .unsigned, .double: 0
    }
  }
}
