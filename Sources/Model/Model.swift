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
    /// From where on a cgroup is short of something.
    public var cgroupThresholds = CgroupThresholds()
    /// The capabilities that anything on this host can have at most.
    public var hostCapabilities = UInt64.max

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
  /// Records of cgroups for which there was no room.
  public internal(set) var unfollowedCgroups: UInt64 = 0
  /// Rows whose text was cut to keep within its limit.
  public internal(set) var clippedRows: UInt64 = 0
  var containers = Containers()
  var kernel = KernelState()
  /// The cgroups that are there, as far as their source tells.
  public internal(set) var cgroups = CgroupTable()
  /// Whether a listing of /proc has been told whole.
  var hasListed = false

  public init(settings: Settings, clock: ClockOffsets) {
    self.settings = settings
    self.clock = clock
    table = ProcessTable(limit: settings.processLimit)
  }

  /// Takes a record over and appends the events that follow from it, none or several.
  public mutating func apply(_ record: borrowing RecordView, into events: inout [Event]) {
    guard let kind = record.kind, kind != .padding else { return }
    let first = events.count
    defer { appendContainerNews(record, at: first, into: &events) }
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
    case .setting: applySetting(record, into: &events)
    case .module, .moduleGone: applyModule(kind, record, into: &events)
    case .mount, .mountGone: applyMount(kind, record, into: &events)
    case .cgroupCreated, .cgroupRemoved, .cgroupState: applyCgroup(kind, record, into: &events)
    }
  }

  /// Whether the namespaces are the host's; `nil` while the number is not known.
  public func isHost(_ type: NamespaceType, of row: ProcessRow) -> Bool? {
    let own = row.namespaces[type]
    let host = settings.hostNamespaces[type]
    return own == 0 || host == 0 ? nil : own == host
  }

  /// What stands for a container; `nil` for the host.
  public func reference(of container: Container?) -> ContainerReference? {
    container.flatMap { containers.reference($0.id) }
  }

  // MARK: - What every kind of record shares

  /// Makes an event of a record.
  func event(
    _ kind: EventKind, _ record: borrowing RecordView, _ row: ProcessRow?, _ change: Event.Change = .none,
    container: Container? = nil
  ) -> Event {
    Event(
      kind: kind, time: clock.wallTime(record.stamp), stamp: record.stamp, source: record.source,
      isIncomplete: record.flags.contains(.incomplete), process: row, change: change, container: container)
  }

  /// The living process that a record of the connector is about. A process that was never met (its fork was lost)
  /// gets a row; one whose start disagrees has taken over the pid of another whose end was lost. One whose end was told
  /// lives after all when only its first thread had ended, or when another thread replaced the program.
  mutating func livingRow(_ record: borrowing RecordView, into events: inout [Event]) -> ProcessRow {
    if let row = table.row(record.pid) {
      if row.agrees(withStartTicks: record.startTicks) { return row }
      end(row, record, status: nil, into: &events)
    } else if let row = table.lastEnded(record.pid), row.agrees(withStartTicks: record.startTicks) {
      row.hasEnded = false
      row.exitStatus = nil
      add(row)
      return row
    }
    let row = ProcessRow(
      pid: record.pid, startTicks: record.startTicks == 0 ? clock.ticks(record.stamp) : record.startTicks,
      stamp: record.stamp)
    row.startIsExact = record.startTicks != 0
    add(row)
    return row
  }

  /// Puts a row into the table, and ends what had to go for it.
  mutating func add(_ row: ProcessRow) {
    for victim in table.insert(row) {
      victim.hasEnded = true
      if let container = victim.container { containers.leave(container.id) }
    }
    if let container = row.container { containers.enter(container, row) }
  }

  /// Takes the record's parameters over into the row and links the creator of a row that has none.
  mutating func absorb(_ record: borrowing RecordView, into row: ProcessRow) {
    var isWhole = true
    let allowance = TextAllowance.among(processes: table.count)
    record.forEachParameter { parameter, value in
      isWhole = row.absorb(parameter, value, allowance) && isWhole
    }
    if !isWhole || record.flags.contains(.clipped) { clippedRows += 1 }
    if row.ancestors.isEmpty, row.parentPID > 0, let parent = table.row(row.parentPID), parent !== row {
      row.adopt(creator: parent)
      inheritPlace(row, from: parent)
    }
  }

  /// A process whose cgroup could not be read is where its parent is.
  private mutating func inheritPlace(_ row: ProcessRow, from parent: ProcessRow) {
    guard row.cgroup == nil, row.container == nil else { return }
    row.cgroup = parent.cgroup
    row.claim = parent.claim
    row.namespaces = row.namespaces.filled(from: parent.namespaces)
    row.container = parent.container
    if let container = row.container { containers.enter(container, row) }
  }

  /// Settles which container the process is in after its claim or its namespaces may have changed.
  mutating func settleContainer(of row: ProcessRow) {
    let settled = row.claim.flatMap { claim -> Container? in
      guard claim.standing != .forged else { return nil }
      // What namespaces have vouched for once stays true: a process that leaves them is the container's still.
      let isKnown = claim.id == row.container?.id
      let isElsewhere = isHost(.mnt, of: row) == false || isHost(.pid, of: row) == false
      return claim.standing == .vouched || isKnown || isElsewhere ? claim : nil
    }
    guard settled?.id != row.container?.id else {
      row.container = settled
      return
    }
    if let old = row.container { containers.leave(old.id) }
    row.container = settled
    if let settled { containers.enter(settled, row) }
  }
}
