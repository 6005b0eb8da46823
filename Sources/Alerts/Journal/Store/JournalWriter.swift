import Synchronization
import System
import SystemPackage

/// The thread that brings the journal to its directory: alerts as they come, where the readers stand once a second.
///
/// A disk that refuses is tried again each second; meanwhile sinks are served from memory.
final class JournalWriter: Sendable {
  private let store: SegmentStore
  private let limits: StorageLimits
  private let bell: Bell
  private let isClosing = Atomic(false)
  private let thread = Mutex<NamedThread?>(nil)
  /// By the names of the readers.
  private let cursorFiles = Mutex<[String: CursorFile]>([:])
  private let life: Mutex<LifeFile>
  /// How the agent before this one ended.
  let previousRun: PreviousRun?
  private let clock = SteadyClock()

  private static let batchLimit = 512

  init(store: SegmentStore, limits: StorageLimits) throws(JournalError) {
    self.store = store
    self.limits = limits
    bell = try Bell()
    let path = store.directory.appending(LifeFile.fileName)
    do {
      let file = try LifeFile(path)
      previousRun = file.previous
      life = Mutex(file)
    } catch {
      throw .unusable(path: path.string, reason: "\(error)")
    }
  }

  func start(for journal: Journal) throws(JournalError) {
    // If the disk refuses, the thread tries again, and says so.
    try? life.withLock { file throws(Errno) in try file.note(at: clock.nanoseconds, isEnd: false) }
    do {
      try thread.withLock { slot throws(Errno) in
        slot = try NamedThread("journal") { [self] in
          SignalMask.blockAll()
          run(journal)
        }
      }
    } catch {
      throw .noThread(error.rawValue)
    }
  }

  func wake() { bell.signal() }

  func close() {
    // Released here and acquired by the loop, which then sees all that was appended before.
    isClosing.store(true, ordering: .releasing)
    bell.signal()
    thread.withLock { $0.take() }?.join()
    store.unlock()
  }

  /// Opens the file in which the place of this reader is kept.
  /// - Returns: the number that it had acknowledged; for a reader that is new, all that the journal was opened with.
  func openCursorFile(named name: String) throws(JournalError) -> UInt64 {
    let path = store.directory.appending(CursorFile.fileName(of: name))
    do {
      return try cursorFiles.withLock { files throws(Errno) in
        let file = try CursorFile(path)
        let acknowledged = file.acknowledged ?? store.lastSequence
        try file.write(acknowledged)
        files[name] = file
        return acknowledged
      }
    } catch {
      throw .unusable(path: path.string, reason: "\(error)")
    }
  }

  private func run(_ journal: Journal) {
    var appender = SegmentAppender(store: store, limits: limits)
    var nextUpkeep = clock.nanoseconds
    var isDirty = false
    while true {
      // Read before the entries: what comes after it is followed by another round.
      let isLastRound = isClosing.load(ordering: .acquiring)
      let hasWritten = write(journal, &appender)
      isDirty = isDirty || hasWritten || journal.withState { $0.hasNewAcknowledgements }
      if isLastRound || clock.nanoseconds >= nextUpkeep {
        keepUp(journal, &appender, isEnd: isLastRound)
        isDirty = false
        nextUpkeep = clock.nanoseconds + 1_000_000_000
      }
      if isLastRound { return }
      let mustRetry = journal.withState { $0.problem != nil }
      bell.wait(milliseconds: isDirty || mustRetry ? 1000 : 60_000)
    }
  }

  /// Writes all that is in memory and not on disk.
  private func write(_ journal: Journal, _ appender: inout SegmentAppender) -> Bool {
    var hasWritten = false
    while true {
      let entries = journal.withState { $0.takeUnstored(limit: Self.batchLimit) }
      guard let last = entries.last else { return hasWritten }
      do throws(Errno) {
        try appender.append(entries, nowNanoseconds: clock.nanoseconds)
      } catch {
        report(error, to: journal)
        return hasWritten
      }
      hasWritten = true
      let oldest = store.oldestSequence
      let sleepers = journal.withState { $0.store(through: last.sequence, oldest: oldest) }
      for sleeper in sleepers { sleeper.signal() }
    }
  }

  /// Retention, the readers' places, the sign of life, and the disk's own cache.
  private func keepUp(_ journal: Journal, _ appender: inout SegmentAppender, isEnd: Bool) {
    if appender.retire(nowNanoseconds: clock.nanoseconds) {
      let oldest = store.oldestSequence
      journal.withState { $0.retire(before: oldest) }
    }
    let places = journal.withState { state in
      state.hasNewAcknowledgements = false
      return state.cursors.values.map { (name: $0.name, acknowledged: $0.acknowledged) }
    }
    do throws(Errno) {
      try cursorFiles.withLock { files throws(Errno) in
        for place in places { try files[place.name]?.write(place.acknowledged) }
      }
      try life.withLock { file throws(Errno) in try file.note(at: clock.nanoseconds, isEnd: isEnd) }
      if limits.sync != .never { try appender.synchronize() }
      journal.withState { $0.clearProblemIfAllIsStored() }
    } catch {
      report(error, to: journal)
    }
  }

  private func report(_ error: Errno, to journal: Journal) {
    let problem = "\(store.directory): \(error)"
    let sleepers = journal.withState { state in
      state.problem = problem
      return state.takeSleepers()
    }
    for sleeper in sleepers { sleeper.signal() }
  }
}

/// The time of day at the start, and the time since: a clock that is set does not make alerts old.
struct SteadyClock: Sendable {
  private let startRealtime = Clock.realtimeNanoseconds
  private let startBoot = Clock.bootNanoseconds

  /// Nanoseconds since 1970 UTC.
  var nanoseconds: UInt64 { startRealtime + (Clock.bootNanoseconds - startBoot) }
}
