import Events

// What a living process changed of itself, as the connector tells it.
extension Model {
  mutating func applyChange(_ kind: RecordKind, _ record: borrowing RecordView, into events: inout [Event]) {
    let row = livingRow(record, into: &events)
    let users = row.users
    let groups = row.groups
    let name = row.name
    let attributes = ProcessAttributes(row)
    absorb(record, into: row)
    row.changedStamp = record.stamp
    switch kind {
    case .userChanged, .groupChanged:
      // Who asks late finds the other ids changed as well, and their own message will bring nothing new.
      if let after = row.groups, after != groups, groups != nil || kind == .groupChanged {
        events.append(event(.groupChanged, record, row, .groups(before: groups, after: after)))
      }
      if let after = row.users, after != users, users != nil || kind == .userChanged {
        events.append(event(.userChanged, record, row, .users(before: users, after: after)))
      }
      appendAttributes(from: attributes, of: row, record, into: &events)
    case .nameChanged:
      guard row.name != name else { return }
      events.append(event(.nameChanged, record, row, .name(before: name)))
    default:
      row.session = row.pid
      row.processGroup = row.pid
      row.terminal = 0
      let session = attributes.changes(to: ProcessAttributes(row)).first { $0.attribute == .session }
      events.append(
        event(.sessionChanged, record, row, session.map { Event.Change.attribute($0) } ?? .none))
    }
  }

  mutating func applyTrace(_ record: borrowing RecordView, into events: inout [Event]) {
    let row = livingRow(record, into: &events)
    let before = row.tracerPID
    absorb(record, into: row)
    row.changedStamp = record.stamp
    guard let tracer = row.tracerPID, tracer > 0 else { return }
    let change = Event.Change.tracer(pid: tracer, row: table.row(tracer), before: before)
    events.append(event(.traced, record, row, change))
  }

  mutating func applyCoreDump(_ record: borrowing RecordView, into events: inout [Event]) {
    events.append(event(.coreDumped, record, livingRow(record, into: &events)))
  }

  mutating func applyTampering(_ record: borrowing RecordView, into events: inout [Event]) {
    let row = livingRow(record, into: &events)
    events.append(event(.tampered, record, row))
  }
}
