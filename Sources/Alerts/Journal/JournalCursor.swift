import Synchronization

/// Alerts for one reader, in order.
public struct JournalBatch: Sendable {
  public var entries: [JournalEntry] = []
  /// Numbers of alerts that were dropped before this reader came to them; it must say so.
  public var missed: ClosedRange<UInt64>?

  public var isEmpty: Bool { entries.isEmpty && missed == nil }
}

/// One reader of the journal: it reads ahead, and acknowledges what need not be sent again.
///
/// One thread reads; any thread may call `wake`.
public final class JournalCursor: Sendable {
  public let name: String
  private let journal: Journal
  private let id: Int
  private let bell: Bell
  /// Only the reading thread takes this lock.
  private let disk: Mutex<DiskReader?>

  init(named name: String, journal: Journal, id: Int, bell: Bell) {
    self.name = name
    self.journal = journal
    self.id = id
    self.bell = bell
    disk = Mutex(journal.store.map { DiskReader(store: $0) })
  }

  deinit { journal.withState { _ = $0.cursors.removeValue(forKey: id) } }

  /// The next alerts, at most `limit`; waits for one at most `waitMilliseconds` (-1: for ever).
  ///
  /// Reading moves the place of reading, not the acknowledgement. Empty after the wait, or after `wake`.
  public func next(limit: Int, waitMilliseconds: Int32) -> JournalBatch {
    let batch = read(limit: limit, sleepsIfEmpty: waitMilliseconds != 0)
    guard batch.isEmpty, waitMilliseconds != 0 else { return batch }
    // Nobody rings while the disk stands still. Who sleeps already when an alert comes is woken by `Journal.tick`.
    bell.wait(milliseconds: journal.withState { $0.sleep(atMost: waitMilliseconds) })
    return read(limit: limit, sleepsIfEmpty: false)
  }

  /// Everything up to this number is delivered, and is never read again.
  public func acknowledge(through sequence: UInt64) {
    let isFirst = journal.withState { state in
      let before = state.cursors[id]?.acknowledged
      state.cursors[id]?.acknowledge(through: min(sequence, state.window.nextSequence - 1))
      guard state.isStored, !state.hasNewAcknowledgements, state.cursors[id]?.acknowledged != before else {
        return false
      }
      state.hasNewAcknowledgements = true
      return true
    }
    if isFirst { journal.wakeWriter() }
  }

  /// Goes back to the first alert that is not acknowledged.
  public func rewind() { journal.withState { $0.cursors[id]?.rewind() } }

  /// Whether there are alerts that were not read, be it that the disk has still to take them.
  public var hasUnread: Bool {
    journal.withState { state in state.cursors[id].map { $0.position < state.window.nextSequence } ?? false }
  }

  /// Ends a wait at once, or lets the next one return at once.
  public func wake() { bell.signal() }

  /// Sleeps until `wake` or a time has passed, whatever alerts come.
  public func pause(milliseconds: Int32) { bell.wait(milliseconds: milliseconds) }

  public var status: CursorStatus {
    journal.withState { state in
      state.cursors[id].map { state.status(of: $0) }
        ?? CursorStatus(name: name, acknowledged: 0, lag: 0, missed: 0)
    }
  }

  /// Where the next alerts are.
  private enum Place {
    case memory(JournalBatch)
    case disk(ClosedRange<UInt64>, missed: ClosedRange<UInt64>?)
  }

  private func read(limit: Int, sleepsIfEmpty: Bool) -> JournalBatch {
    switch place(limit: limit, sleepsIfEmpty: sleepsIfEmpty) {
    case .memory(let batch): return batch
    case .disk(let range, let missed):
      let entries = disk.withLock { $0?.entries(in: range, limit: limit, bytes: .max) ?? [] }
      return take(entries, from: range, missed: missed)
    }
  }

  private func place(limit: Int, sleepsIfEmpty: Bool) -> Place {
    journal.withState { state in
      guard var cursor = state.cursors[id] else { return .memory(JournalBatch()) }
      defer { state.cursors[id] = cursor }
      let missed = cursor.skip(to: state.oldestReadable)
      let memoryStart = state.window.firstSequence
      if cursor.position < memoryStart {
        return .disk(cursor.position...memoryStart - 1, missed: missed)
      }
      let readable = min(
        limit, Int(state.readableThrough + 1 - min(cursor.position, state.readableThrough + 1)))
      let entries = state.window.entries(from: cursor.position, limit: readable)
      cursor.advance(by: entries.count)
      cursor.isWaiting = entries.isEmpty && missed == nil && sleepsIfEmpty
      return .memory(JournalBatch(entries: entries, missed: missed))
    }
  }

  /// Moves on behind what was read from disk, up to the first gap.
  private func take(
    _ entries: [JournalEntry], from range: ClosedRange<UInt64>, missed: ClosedRange<UInt64>?
  ) -> JournalBatch {
    journal.withState { state in
      guard var cursor = state.cursors[id] else { return JournalBatch() }
      defer { state.cursors[id] = cursor }
      let gap = cursor.skip(to: entries.first?.sequence ?? range.upperBound + 1)
      let contiguous = zip(entries, cursor.position...).prefix { $0.sequence == $1 }.map(\.0)
      cursor.advance(by: contiguous.count)
      let start = missed?.lowerBound ?? gap?.lowerBound
      let end = gap?.upperBound ?? missed?.upperBound
      return JournalBatch(entries: contiguous, missed: start.flatMap { start in end.map { start...$0 } })
    }
  }
}
