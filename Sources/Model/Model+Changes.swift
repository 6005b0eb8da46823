import Events

// What a living process changed of itself, as the connector tells it.
extension Model {
  mutating func applyChange(_ kind: RecordKind, _ record: borrowing RecordView, into events: inout [Event]) {
    let row = livingRow(record, into: &events)
    let users = row.users
    let groups = row.groups
    let name = row.name
    let attributes = ProcessAttributes(row)
    let isMixture: Bool
    if kind == .userChanged || kind == .groupChanged {
      isMixture = absorbIdentity(record, into: row)
    } else {
      isMixture = false
      absorb(record, into: row)
    }
    row.changedStamp = record.stamp
    let first = events.count
    defer {
      if isMixture { for index in first..<events.count { events[index] = events[index].incomplete } }
    }
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

  /// Takes over who a process is now. A set-uid exec's new ids are told of before the exec itself: then the record shows
  /// another program than the row has, and nothing of the old one may stay beside it.
  ///
  /// Of a program that stays, the arguments are those of its exec: what it wrote over them since does not count.
  /// - Returns: whether something of the new program is not known that was known of the old one.
  private mutating func absorbIdentity(_ record: borrowing RecordView, into row: ProcessRow) -> Bool {
    let (name, arguments, exePath) = (row.name, row.arguments, row.exePath)
    let hadDetails = row.details?.isAboutProgram == true
    row.arguments = nil
    absorb(record, into: row)
    let isSameFile = row.exePath.map { exePath?.isProgram($0) ?? true } ?? true
    guard row.name != name || !isSameFile, !name.isEmpty else {
      row.arguments = arguments ?? row.arguments
      return false
    }
    if exePath != nil, !tells(.exePath, record) { row.exePath = nil }
    if hadDetails { row.ownDetails().forgetProgram() }
    return (arguments != nil && row.arguments == nil) || (exePath != nil && row.exePath == nil)
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
