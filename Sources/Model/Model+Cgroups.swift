import Events

// What the cgroup source says: cgroups that come and go, and the figures of those that are there.
extension Model {
  mutating func applyCgroup(_ kind: RecordKind, _ record: borrowing RecordView, into events: inout [Event]) {
    let said = CgroupStatement(record)
    guard !said.path.isEmpty else { return }
    switch kind {
    case .cgroupCreated:
      guard let row = cgroups.insert(said.path, wasSeenMade: true) else {
        unfollowedCgroups += 1
        return
      }
      settle(row, said)
      events.append(event(.cgroupCreated, record, row))
    case .cgroupRemoved:
      guard let row = cgroups.remove(said.path) else {
        lateRecords += 1
        return
      }
      events.append(event(.cgroupRemoved, record, row))
    default:
      guard let row = cgroups.row(said.path) ?? cgroups.insert(said.path, wasSeenMade: false) else {
        unfollowedCgroups += 1
        return
      }
      settle(row, said)
      update(row, said.figures, record, into: &events)
    }
  }

  private mutating func update(
    _ row: CgroupRow, _ read: [(CgroupFigure, UInt64)], _ record: borrowing RecordView,
    into events: inout [Event]
  ) {
    let before = row.figures
    let percents = CgroupThreshold.allCases.map(row.percent)
    for (figure, value) in read { row.figures[figure] = value }
    if read.contains(where: { CgroupRates.areTold(by: $0.0) }) {
      row.rates.update(row.figures, now: record.stamp)
    }
    if !read.isEmpty { row.wasRead = true }

    for (figure, kind) in [(CgroupFigure.oomKills, EventKind.oomKilled), (.pidsLimitHits, .pidsLimitReached)]
    {
      guard let after = row.figures[figure],
        let before = before[figure] ?? (row.wasSeenMade ? 0 : nil), after > before
      else { continue }
      events.append(event(kind, record, row, .count(before: before, after: after)))
    }
    if let after = row.figures[.isFrozen], let before = before[.isFrozen] ?? (row.wasSeenMade ? 0 : nil),
      after != before
    {
      events.append(event(after == 0 ? .cgroupThawed : .cgroupFrozen, record, row))
    }
    for crossing in row.crossings(settings.cgroupThresholds, before: percents) {
      events.append(event(crossing.threshold.eventKind, record, row, .crossing(crossing)))
    }
  }

  /// Settles which container the cgroup is of. A claim counts as that of a process does; but a cgroup has no namespaces,
  /// so where no file vouches, the processes in it must have.
  private func settle(_ row: CgroupRow, _ said: CgroupStatement) {
    if said.hasClaim { row.claim = said.claim }
    guard let claim = row.claim, claim.standing != .forged else {
      row.container = nil
      return
    }
    let isKnown = claim.id == row.container?.id
    if claim.standing == .vouched || isKnown || isHome(row.path, of: claim) { row.container = claim }
  }

  /// Whether the processes of a container that is known are in this cgroup or above it.
  private func isHome(_ path: [UInt8], of claim: Container) -> Bool {
    guard let home = containers.reference(claim.id)?.cgroup else { return false }
    return path.starts(with: home) && (path.count == home.count || path[home.count] == UInt8(ascii: "/"))
  }

  private func event(
    _ kind: EventKind, _ record: borrowing RecordView, _ row: CgroupRow, _ change: Event.Change = .none
  ) -> Event {
    Event(
      kind: kind, time: clock.wallTime(record.stamp), stamp: record.stamp, source: record.source,
      isIncomplete: record.flags.contains(.incomplete), process: nil, change: change,
      container: row.container, cgroup: row)
  }
}

/// What a record says of a cgroup.
private struct CgroupStatement {
  var path: [UInt8] = []
  var claim: Container?
  /// Whether the record says anything of a claim.
  var hasClaim = false
  var figures: [(CgroupFigure, UInt64)] = []

  init(_ record: borrowing RecordView) {
    var (path, id, type, standing) = (
      [UInt8](), [UInt8]?.none, ContainerType.unknown, Container.Standing.unvouched
    )
    var figures: [(CgroupFigure, UInt64)] = []
    record.forEachParameter { parameter, value in
      switch parameter {
      case .cgroup: path = (0..<value.count).map { value[$0] }
      case .containerID: id = (0..<value.count).map { value[$0] }
      case .containerType: type = value.integer(UInt8.self).flatMap(ContainerType.init) ?? .unknown
      case .containerVouched:
        standing = value.integer(UInt8.self).flatMap(Container.Standing.init) ?? .unvouched
      case .figures:
        for pair in 0..<value.count / 16 {
          guard let number = value.integer(UInt64.self, at: 2 * pair),
            let figure = CgroupFigure(rawValue: number),
            let reading = value.integer(UInt64.self, at: 2 * pair + 1)
          else { continue }
          figures.append((figure, reading))
        }
      default: break
      }
    }
    self.path = path
    self.figures = figures
    hasClaim = id != nil
    if let id, !id.isEmpty { claim = Container(id: id, type: type, standing: standing) }
  }
}

extension CgroupThreshold {
  /// The kind of event that tells that it was reached.
  var eventKind: EventKind {
    switch self {
    case .throttling: .cpuThrottled
    case .cpuPressure, .memoryPressure, .ioPressure: .pressureRisen
    case .memoryUse: .memoryNearLimit
    }
  }
}
