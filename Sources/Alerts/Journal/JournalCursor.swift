/// Alerts for one reader, in order.
public struct JournalBatch: Sendable {
  public var entries: [JournalEntry]
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

  init(named name: String, journal: Journal, id: Int, bell: Bell) {
    self.name = name
    self.journal = journal
    self.id = id
    self.bell = bell
  }

  deinit { journal.removeCursor(id) }

  /// The next alerts, at most `limit`; waits for one at most `waitMilliseconds` (-1: for ever).
  ///
  /// Reading moves the place of reading, not the acknowledgement. Empty after the wait, or after `wake`.
  public func next(limit: Int, waitMilliseconds: Int32) -> JournalBatch {
    let batch = read(limit: limit, sleepsIfEmpty: waitMilliseconds != 0)
    guard batch.isEmpty, waitMilliseconds != 0 else { return batch }
    bell.wait(milliseconds: waitMilliseconds)
    return read(limit: limit, sleepsIfEmpty: false)
  }

  /// Everything up to this number is delivered, and is never read again.
  public func acknowledge(through sequence: UInt64) {
    journal.withState { state in
      let last = state.window.nextSequence - 1
      state.cursors[id]?.acknowledge(through: min(sequence, last))
    }
  }

  /// Goes back to the first alert that is not acknowledged.
  public func rewind() {
    journal.withState { $0.cursors[id]?.rewind() }
  }

  /// Ends a wait at once, or lets the next one return at once.
  public func wake() { bell.signal() }

  /// Sleeps until `wake` or a time has passed, whatever alerts come.
  public func pause(milliseconds: Int32) { bell.wait(milliseconds: milliseconds) }

  public var status: CursorStatus {
    journal.withState { state in
      state.cursors[id]?.status(over: state.window)
        ?? CursorStatus(name: "", acknowledged: 0, lag: 0, missed: 0)
    }
  }

  private func read(limit: Int, sleepsIfEmpty: Bool) -> JournalBatch {
    journal.withState { state in
      guard var cursor = state.cursors[id] else { return JournalBatch(entries: [], missed: nil) }
      let missed = cursor.skip(to: state.window.firstSequence)
      let entries = state.window.entries(from: cursor.position, limit: limit)
      cursor.advance(by: entries.count)
      cursor.isWaiting = entries.isEmpty && missed == nil && sleepsIfEmpty
      state.cursors[id] = cursor
      return JournalBatch(entries: entries, missed: missed)
    }
  }
}
