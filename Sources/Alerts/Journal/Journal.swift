import Synchronization
import SystemPackage

/// How much of the journal is kept in memory; above that the oldest alerts leave it. Without a directory they are then
/// gone, counted and announced.
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
/// Any thread may call it. `append` holds a lock for the time of an array access and never waits for a sink or a disk:
/// with a directory, a thread of the journal's own writes the alerts there, and sinks see them as soon as they are
/// written, so that a number that was seen outlives the agent. When the disk fails or stands still for a second, sinks see
/// alerts without that, as long as somebody calls `tick`; if the agent is killed just then, their numbers are given again.
/// A uuid never is.
public final class Journal: Sendable {
  /// What was wrong with the directory when it was opened.
  public let recovery: JournalRecovery
  /// How the agent before this one ended; `nil` in memory, and when there was none.
  public var previousRun: PreviousRun? { writer?.previousRun }
  let store: SegmentStore?
  private let state: Mutex<JournalState>
  private let writer: JournalWriter?

  /// A journal in memory.
  public init(limits: JournalLimits = JournalLimits()) {
    state = Mutex(JournalState(firstSequence: 1, limits: limits, isStored: false))
    recovery = JournalRecovery()
    store = nil
    writer = nil
  }

  /// A journal that outlives the agent. `start` it, and `close` it at the end.
  ///
  /// Everything in the directory must belong to the user that the agent is once it has given up its privileges.
  /// - Throws: `unusable` or `inUse` when the directory cannot serve.
  public init(storage: JournalStorage, limits: JournalLimits = JournalLimits()) throws(JournalError) {
    let store = try SegmentStore(directory: FilePath(storage.directory))
    self.store = store
    recovery = store.recovery
    var initial = JournalState(firstSequence: store.lastSequence + 1, limits: limits, isStored: true)
    initial.oldestStored = store.oldestSequence
    state = Mutex(initial)
    writer = try JournalWriter(store: store, limits: storage.limits)
  }

  /// Where it is kept; `nil` in memory.
  var directory: FilePath? { store?.directory }

  /// Starts the thread that writes to the directory, if there is one. Alerts may have been appended before.
  /// - Throws: `noThread` when a thread is not to be had.
  public func start() throws(JournalError) { try writer?.start(for: self) }

  /// Numbers the alert, keeps it and wakes the cursors that wait.
  /// - Returns: the alert's number.
  @discardableResult
  public func append(_ alert: Alert) -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    let uuid = UUID(timeNanoseconds: alert.timeNanoseconds, using: &generator)
    let (sequence, sleepers) = state.withLock { state in
      let entry = JournalEntry(sequence: state.window.nextSequence, uuid: uuid, alert: alert)
      return (entry.sequence, state.append(entry))
    }
    if sleepers.writer { writer?.wake() }
    for sleeper in sleepers.cursors { sleeper.signal() }
    return sequence
  }

  /// Wakes cursors that went to sleep before alerts came that the disk has not taken: they then wait for it a second from
  /// the first of these on, no longer. To be called about once a second; wakes nobody while the disk is quick or nothing
  /// comes.
  public func tick() {
    for sleeper in state.withLock({ $0.takeOversleepers() }) { sleeper.signal() }
  }

  /// A reader of this name. It begins where a reader of this name ended before the restart, else with the alerts that
  /// were appended since the journal was opened.
  /// - Throws: `noDescriptor` when no eventfd is to be had, `unusable` when its file cannot be opened.
  public func makeCursor(named name: String) throws(JournalError) -> JournalCursor {
    let bell = try Bell()
    let acknowledged = try writer?.openCursorFile(named: name)
    let id = state.withLock { $0.addCursor(named: name, bell: bell, acknowledged: acknowledged) }
    return JournalCursor(named: name, journal: self, id: id, bell: bell)
  }

  /// Writes what is in memory and where the readers stand, as far as the disk takes it, and ends the journal's thread.
  /// For once the sinks have ended; nothing is appended after it.
  public func close() { writer?.close() }

  /// The journal and its cursors as they stand.
  public var status: JournalStatus {
    var status = state.withLock { $0.status }
    guard let store else { return status }
    status.storage?.segments = store.all.count
    status.storage?.bytes = store.byteCount
    return status
  }

  /// The newest alerts that are in memory, oldest of them first.
  public func last(_ count: Int) -> [JournalEntry] {
    state.withLock { state in
      let from = max(Int64(state.window.nextSequence) - Int64(max(0, count)), 0)
      return state.window.entries(from: UInt64(from), limit: count)
    }
  }

  func withState<R>(_ body: (inout JournalState) -> sending R) -> sending R {
    state.withLock { body(&$0) }
  }

  func wakeWriter() { writer?.wake() }
}

/// What can go wrong in the journal.
public enum JournalError: Error, Equatable, Sendable {
  /// No descriptor is to be had; the errno says why.
  case noDescriptor(Int32)
  /// No thread is to be had; the errno says why.
  case noThread(Int32)
  /// The directory, or a file in it, cannot be used.
  case unusable(path: String, reason: String)
  /// Another process has the directory.
  case inUse(path: String)
}

extension JournalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noDescriptor(let code): "journal: no descriptor: \(Errno(rawValue: code))"
    case .noThread(let code): "journal: no thread: \(Errno(rawValue: code))"
    case .unusable(let path, let reason): "journal: \(path): \(reason)"
    case .inUse(let path): "journal: \(path): in use by another process"
    }
  }
}

/// The journal as it stands, for `status` and the summary.
public struct JournalStatus: Equatable, Sendable {
  /// What is in memory.
  public var entries: Int
  public var bytes: Int
  public var lastSequence: UInt64
  /// Alerts that were removed since the journal was opened, to make room: from memory, or from disk if it has one.
  public var dropped: UInt64
  public var cursors: [CursorStatus]
  /// `nil` for a journal in memory.
  public var storage: StorageStatus?
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
