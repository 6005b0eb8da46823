import Events
import Model

/// Events of containers that nobody knows yet, kept back before they are judged: judged at once, `image not in (allowed)`
/// would be true while the image is unknown.
///
/// Events of one container keep their order; those of others, and of the host, are not delayed. What is kept is as it was:
/// rows change while they wait, so each event keeps a copy of its own. The engine's thread only.
struct ParkingLot {
  /// How long an event waits at most.
  static let patienceNanoseconds: UInt64 = 500_000_000
  /// Events that wait at most; beyond, the container that waits longest is judged without.
  static let limit = 10_000

  private struct Line {
    var events: [Event] = []
    /// CLOCK_MONOTONIC nanoseconds at which the first was parked.
    let since: UInt64
  }

  private var lines: [[UInt8]: Line] = [:]
  /// Ids in the order in which their first event came.
  private var order: [[UInt8]] = []
  private var count = 0
  /// Copies of rows that have not changed since, by pid.
  private var copies: [Int32: (original: ProcessRow, copy: ProcessRow)] = [:]
  private var ancestorCopies: [Int32: (original: ProcessRow, copy: ProcessRow)] = [:]

  var isEmpty: Bool { lines.isEmpty }

  /// Whether events of this container wait.
  func holds(_ id: [UInt8]) -> Bool { !lines.isEmpty && lines[id] != nil }

  /// Puts an event of a container behind those that wait.
  /// - Returns: whether it is the first.
  mutating func park(_ event: Event, of id: [UInt8], now: UInt64) -> Bool {
    let isFirst = lines[id] == nil
    if isFirst { order.append(id) }
    lines[id, default: Line(since: now)].events.append(event.keeping(event.process.map { copy(of: $0) }))
    count += 1
    return isFirst
  }

  /// A record has changed this process: copies that are made from now on are other than those made before.
  mutating func noteChange(of pid: Int32) {
    copies[pid] = nil
    ancestorCopies[pid] = nil
  }

  /// Any process may have changed.
  mutating func noteChanges() {
    copies.removeAll()
    ancestorCopies.removeAll()
  }

  /// The events of a container, in order; they wait no longer.
  mutating func release(_ id: [UInt8]) -> [Event] {
    guard let line = lines.removeValue(forKey: id) else { return [] }
    order.removeAll { $0 == id }
    count -= line.events.count
    if lines.isEmpty { noteChanges() }
    return line.events
  }

  /// The containers that wait, the one that waits longest first.
  var waiting: [[UInt8]] { order }

  /// The container whose events have waited too long, or must make room.
  func overdue(now: UInt64) -> [UInt8]? {
    guard let first = order.first, let line = lines[first] else { return nil }
    return count > Self.limit || now >= line.since + Self.patienceNanoseconds ? first : nil
  }

  private mutating func copy(of row: ProcessRow) -> ProcessRow {
    if let known = copies[row.pid], known.original === row { return known.copy }
    let copy = row.snapshot(ancestors: row.ancestors.map { ancestorCopy(of: $0) })
    copies[row.pid] = (row, copy)
    return copy
  }

  /// Of an ancestor nobody asks for its own ancestors.
  private mutating func ancestorCopy(of row: ProcessRow) -> ProcessRow {
    if let known = ancestorCopies[row.pid], known.original === row { return known.copy }
    let copy = row.snapshot(ancestors: [])
    ancestorCopies[row.pid] = (row, copy)
    return copy
  }
}
