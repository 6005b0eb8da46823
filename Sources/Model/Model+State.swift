import Events

// What the sweep says: presence, and what /proc showed at the moment of the read.
extension Model {
  mutating func applyState(_ record: borrowing RecordView, into events: inout [Event]) {
    var row = table.row(record.pid)
    if let known = row, !known.agrees(withStartTicks: record.startTicks) {
      // The read may be older than the fork that the connector told of: then it speaks of the process before.
      guard known.bornStamp < record.stamp else {
        lateRecords += 1
        return
      }
      end(known, record, status: nil, into: &events)
      row = nil
    }
    if let row {
      guard row.changedStamp <= record.stamp else {
        lateRecords += 1
        return
      }
      // A glance at one that is known: the whole reading follows it, and is compared.
      guard record.flags.contains(.filled) || !row.isFilled else { return }
      update(row, record, into: &events)
    } else if table.row(ProcessKey(pid: record.pid, startTicks: record.startTicks)) != nil {
      lateRecords += 1
    } else {
      meet(record, into: &events)
    }
  }

  /// A process that no record told of before.
  private mutating func meet(_ record: borrowing RecordView, into events: inout [Event]) {
    let row = ProcessRow(pid: record.pid, startTicks: record.startTicks, stamp: record.stamp)
    row.startIsExact = true
    row.wasMetBySweep = true
    add(row)
    update(row, record, into: &events)
  }

  private mutating func update(
    _ row: ProcessRow, _ record: borrowing RecordView, into events: inout [Event]
  ) {
    let before = ProcessState(row)
    absorb(record, into: row)
    if row.container != nil || !isRuntimeInit(row) { settleContainer(of: row) }
    guard record.flags.contains(.filled) else { return }
    let isFirst = !row.isFilled
    row.isFilled = true
    if let container = row.container { containers.complete(container.id, from: row) }
    if isFirst, row.wasMetBySweep {
      events.append(event(kindOfFirstSight(row), record, row))
    } else {
      appendChanges(from: before, of: row, record, into: &events)
    }
  }

  /// A process that the sweep alone saw: older than the agent, or else its fork and exec were missed. Such a process
  /// that runs its creator's program only forked.
  private func kindOfFirstSight(_ row: ProcessRow) -> EventKind {
    guard row.startTicks >= clock.ticks(settings.startStamp), !row.isKernelThread else { return .firstSeen }
    row.hasExecuted = true
    if let creator = row.ancestors.first, creator.exePath != nil, creator.exePath == row.exePath,
      creator.arguments == row.arguments
    {
      row.hasExecuted = false
      return .forked
    }
    return .executed
  }

  private func appendChanges(
    from before: ProcessState, of row: ProcessRow, _ record: borrowing RecordView, into events: inout [Event]
  ) {
    let isExec = row.exePath != nil && before.exePath?.isProgram(row.exePath) == false
    if isExec {
      events.append(event(.executed, record, row))
    } else if row.name != before.name, !before.name.isEmpty, !row.name.isEmpty, !row.isKernelThread {
      // A worker of the kernel has the name of what it works on.
      events.append(event(.nameChanged, record, row, .name(before: before.name)))
    }
    if let old = before.users, let new = row.users, old != new {
      events.append(event(.userChanged, record, row, .users(before: old, after: new)))
    }
    if let old = before.groups, let new = row.groups, old != new {
      events.append(event(.groupChanged, record, row, .groups(before: old, after: new)))
    }
    if let old = before.capabilities, let new = row.capabilities, old != new, before.users == row.users {
      events.append(event(.capabilitiesChanged, record, row, .capabilities(before: old, after: new)))
    }
    if before.container != nil || row.container == nil,
      !before.namespaces.differences(from: row.namespaces).isEmpty
    {
      events.append(
        event(
          .namespacesChanged, record, row, .namespaces(before: before.namespaces, after: row.namespaces),
          container: before.container))
    }
    if let new = row.tracerPID, new > 0, new != before.tracerPID {
      events.append(
        event(.traced, record, row, .tracer(pid: new, row: table.row(new), before: before.tracerPID)))
    }
    appendAttributes(from: before.attributes, of: row, record, acrossExec: isExec, into: &events)
  }

  /// The events of what else has changed.
  func appendAttributes(
    from before: ProcessAttributes, of row: ProcessRow, _ record: borrowing RecordView,
    acrossExec isExec: Bool = false, into events: inout [Event]
  ) {
    for change in before.changes(to: ProcessAttributes(row), acrossExec: isExec) {
      events.append(event(.attributeChanged, record, row, .attribute(change)))
    }
  }

  mutating func applyPresence(_ record: borrowing RecordView) {
    let listing = record.pid
    record.forEachParameter { parameter, value in
      guard parameter == .presence else { return }
      for entry in 0..<value.count / 16 {
        guard let pid = value.integer(Int32.self, at: entry * 4), let row = table.row(pid),
          let start = value.integer(UInt64.self, at: entry * 2 + 1), row.agrees(withStartTicks: start)
        else { continue }
        row.lastListing = listing
        row.missedListings = 0
      }
    }
  }

  /// A row that was absent from two whole listings, both begun after it was last heard of, has ended unseen.
  mutating func applyListingEnd(_ record: borrowing RecordView, into events: inout [Event]) {
    let listing = record.pid
    hasListed = true
    table.forgetEnded(now: record.stamp)
    containers.forgetEnded(now: record.stamp)
    var gone: [ProcessRow] = []
    for row in table.rows where row.lastListing != listing && row.bornStamp < record.stamp {
      row.missedListings += 1
      if row.missedListings >= 2 { gone.append(row) }
    }
    for row in gone { end(row, record, status: nil, into: &events) }
  }
}

/// What the sweep compares, as it was before a record.
private struct ProcessState {
  let name: [UInt8]
  let exePath: [UInt8]?
  let users: IDSet?
  let groups: IDSet?
  let capabilities: CapabilitySets?
  let namespaces: NamespaceSet
  let tracerPID: Int32?
  let container: Container?
  let attributes: ProcessAttributes

  init(_ row: ProcessRow) {
    name = row.name
    attributes = ProcessAttributes(row)
    exePath = row.exePath
    users = row.users
    groups = row.groups
    capabilities = row.capabilities
    namespaces = row.namespaces
    tracerPID = row.tracerPID
    container = row.container
  }
}
