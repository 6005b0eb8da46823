import Synchronization

/// How much the journal keeps; above that the oldest alerts are dropped, counted and announced.
public struct JournalLimits: Equatable, Sendable {
  public var entries: Int
  public var bytes: Int

  public init(entries: Int = 16_384, bytes: Int = 8 << 20) {
    self.entries = max(1, entries)
    self.bytes = max(1, bytes)
  }
}

/// The one line that all alerts stand in: the engine appends, each sink reads at its own pace.
///
/// Any thread may call it. `append` holds a lock for the time of an array access and never waits for a sink
/// or a disk.
public final class Journal: Sendable {
  private let state: Mutex<State>

  public init(limits: JournalLimits = JournalLimits()) {
    state = Mutex(State(window: EntryWindow(firstSequence: 1, limits: limits)))
  }

  /// Numbers the alert, keeps it and wakes the cursors that wait.
  /// - Returns: the alert's number.
  @discardableResult
  public func append(_ alert: Alert) -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    let uuid = UUID(timeNanoseconds: alert.timeNanoseconds, using: &generator)
    let (sequence, sleepers) = state.withLock { state in
      let entry = JournalEntry(sequence: state.window.nextSequence, uuid: uuid, alert: alert)
      state.dropped += UInt64(state.window.append(entry))
      return (entry.sequence, state.takeSleepers())
    }
    for sleeper in sleepers { sleeper.signal() }
    return sequence
  }

  /// A new reader that begins with the oldest alert that is still there.
  /// - Throws: `noDescriptor` when no eventfd is to be had.
  public func makeCursor(named name: String) throws(JournalError) -> JournalCursor {
    let bell = try Bell()
    let id = state.withLock { state in
      defer { state.nextCursor += 1 }
      state.cursors[state.nextCursor] = CursorState(name: name, bell: bell, start: state.window.firstSequence)
      return state.nextCursor
    }
    return JournalCursor(named: name, journal: self, id: id, bell: bell)
  }

  /// The journal and its cursors as they stand.
  public var status: JournalStatus {
    state.withLock { state in
      JournalStatus(
        entries: state.window.count, bytes: state.window.byteCount,
        lastSequence: state.window.nextSequence - 1,
        dropped: state.dropped,
        cursors: state.cursors.sorted { $0.key < $1.key }.map { $0.value.status(over: state.window) })
    }
  }

  /// The newest alerts, oldest of them first.
  public func last(_ count: Int) -> [JournalEntry] {
    state.withLock { state in
      let from = max(Int64(state.window.nextSequence) - Int64(max(0, count)), 0)
      return state.window.entries(from: UInt64(from), limit: count)
    }
  }

  func withState<R>(_ body: (inout State) -> sending R) -> sending R { state.withLock { body(&$0) } }

  func removeCursor(_ id: Int) { state.withLock { _ = $0.cursors.removeValue(forKey: id) } }

  struct State {
    var window: EntryWindow
    var cursors: [Int: CursorState] = [:]
    var nextCursor = 0
    var dropped: UInt64 = 0

    /// The bells of the cursors that wait, which then count as awake.
    mutating func takeSleepers() -> [Bell] {
      var sleepers: [Bell] = []
      for id in cursors.keys where cursors[id]?.isWaiting == true {
        cursors[id]?.isWaiting = false
        if let bell = cursors[id]?.bell { sleepers.append(bell) }
      }
      return sleepers
    }
  }
}

/// What can go wrong in the journal.
public enum JournalError: Error, Equatable, Sendable {
  /// No descriptor for a cursor's bell is to be had; the errno says why.
  case noDescriptor(Int32)
}

/// The journal as it stands, for `status` and the summary.
public struct JournalStatus: Equatable, Sendable {
  public var entries: Int
  public var bytes: Int
  public var lastSequence: UInt64
  /// Alerts that left the journal since it was opened to make room.
  public var dropped: UInt64
  public var cursors: [CursorStatus]
}

/// A reader of the journal as it stands.
public struct CursorStatus: Equatable, Sendable {
  public var name: String
  /// The number up to which everything has been delivered.
  public var acknowledged: UInt64
  /// Alerts that are not delivered yet.
  public var lag: UInt64
  /// Alerts that were dropped before this reader could deliver them.
  public var missed: UInt64
}
