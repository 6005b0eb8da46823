public import Events

/// What is known now, and the events that follow when a source states something new.
///
/// Only the engine's thread uses it. Sources state what they saw; here alone it is compared with what was known.
/// The connector is right about history, the sweep about presence.
public struct Model {
  /// What the model must know of the machine and of its own start.
  public struct Settings: Sendable {
    /// CLOCK_MONOTONIC nanoseconds at which the agent began to listen: older processes raise no exec event.
    public var startStamp: UInt64
    /// The namespaces that count as the host's.
    public var hostNamespaces: NamespaceSet
    /// Living processes that the table holds at most.
    public var processLimit: Int
    /// The agent's own pid, which never raises an event.
    public var ownPID: Int32

    public init(
      startStamp: UInt64, hostNamespaces: NamespaceSet, processLimit: Int = 131_072, ownPID: Int32 = 0
    ) {
      self.startStamp = startStamp
      self.hostNamespaces = hostNamespaces
      self.processLimit = processLimit
      self.ownPID = ownPID
    }
  }

  public internal(set) var table: ProcessTable
  /// Users and groups of the host; replaced by the engine when a new value came.
  public var accounts = Accounts.none
  public var clock: ClockOffsets
  public let settings: Settings
  /// Records that said something which was already known to be over.
  public internal(set) var lateRecords: UInt64 = 0
  /// Rows whose text was cut to keep within its limit.
  public internal(set) var clippedRows: UInt64 = 0
  var containers = Containers()

  public init(settings: Settings, clock: ClockOffsets) {
    self.settings = settings
    self.clock = clock
    table = ProcessTable(limit: settings.processLimit)
  }

  /// Takes a record over and appends the events that follow from it, none or several.
  public mutating func apply(_ record: borrowing RecordView, into events: inout [Event]) {
    guard let kind = record.kind, kind != .padding else { return }
    switch kind {
    case .padding, .notice: break
    case .forked: applyFork(record, into: &events)
    case .executed: applyExec(record, into: &events)
    case .exited: applyExit(record, into: &events)
    case .userChanged, .groupChanged, .sessionChanged, .nameChanged: applyChange(kind, record, into: &events)
    case .traced: applyTrace(record, into: &events)
    case .coreDumped: applyCoreDump(record, into: &events)
    case .state: applyState(record, into: &events)
    case .present: applyPresence(record)
    case .listingEnded: applyListingEnd(record, into: &events)
    case .tampering: applyTampering(record, into: &events)
    }
  }

  /// Whether the namespaces are the host's; `nil` while the number is not known.
  public func isHost(_ type: NamespaceType, of row: ProcessRow) -> Bool? {
    let own = row.namespaces[type]
    let host = settings.hostNamespaces[type]
    return own == 0 || host == 0 ? nil : own == host
  }

  /// The process that stands for the container of `row`; `nil` for the host's processes.
  public func containerReference(of row: ProcessRow) -> ProcessRow? {
    row.container.flatMap { containers.reference($0.id) }
  }

  // MARK: - What every kind of record shares

  /// Makes an event of a record.
  func event(
    _ kind: EventKind, _ record: borrowing RecordView, _ row: ProcessRow?, _ change: Event.Change = .none
  ) -> Event {
    Event(
      kind: kind, time: clock.wallTime(record.stamp), stamp: record.stamp, source: record.source,
      isIncomplete: record.flags.contains(.incomplete), process: row, change: change)
  }

  /// The living process that a record of the connector is about. A process that was never met (its fork was lost)
  /// gets a row; one whose start disagrees has taken over the pid of another whose end was lost.
  mutating func livingRow(_ record: borrowing RecordView, into events: inout [Event]) -> ProcessRow {
    if let row = table.row(record.pid) {
      if row.agrees(withStartTicks: record.startTicks) { return row }
      end(row, record, status: nil, into: &events)
    }
    let row = ProcessRow(
      pid: record.pid, startTicks: record.startTicks == 0 ? clock.ticks(record.stamp) : record.startTicks,
      stamp: record.stamp)
    row.startIsExact = record.startTicks != 0
    table.insert(row)
    return row
  }

  /// Takes the record's parameters over into the row and links the creator of a row that has none.
  mutating func absorb(_ record: borrowing RecordView, into row: ProcessRow) {
    var isWhole = true
    record.forEachParameter { parameter, value in
      isWhole = row.absorb(parameter, value) && isWhole
    }
    if !isWhole || record.flags.contains(.clipped) { clippedRows += 1 }
    if row.ancestors.isEmpty, row.parentPID > 0, let parent = table.row(row.parentPID), parent !== row {
      row.adopt(creator: parent)
    }
  }

  /// Settles which container the process is in after its claim or its namespaces may have changed.
  mutating func settleContainer(of row: ProcessRow) {
    let settled = row.claim.flatMap { claim -> Container? in
      let isElsewhere = isHost(.mnt, of: row) == false || isHost(.pid, of: row) == false
      return claim.standing == .vouched || (isElsewhere && claim.standing != .forged) ? claim : nil
    }
    guard settled?.id != row.container?.id else {
      row.container = settled
      return
    }
    if let old = row.container { containers.leave(old.id) }
    row.container = settled
    if let settled { containers.enter(settled.id, row) }
  }
}
