import System

/// What the journal's lock guards.
struct JournalState {
  private(set) var window: EntryWindow
  var cursors: [Int: CursorState] = [:]
  private var nextCursor = 0
  /// Of those who wait for the next alert that can be read; each is rung once.
  var watches: [Bell] = []
  private(set) var dropped: UInt64 = 0
  /// Where new readers begin.
  private let openingSequence: UInt64

  // What follows stays as it is in a journal without a directory.

  let isStored: Bool
  /// The number of the oldest entry on disk.
  var oldestStored: UInt64?
  /// The number up to which entries are on disk, or left memory before they could be.
  private(set) var storedThrough: UInt64
  private(set) var neverStored: UInt64 = 0
  /// Why nothing can be written, while that is so.
  var problem: String?
  /// When the oldest entry that waits to be written was appended; monotonic.
  private var waitingSince: UInt64 = 0
  private var writerSleeps = false
  /// Whether a cursor has moved since the writer looked.
  var hasNewAcknowledgements = false

  /// After so long sinks no longer wait for the disk.
  static let patienceNanoseconds: UInt64 = 1_000_000_000

  init(firstSequence: UInt64, limits: JournalLimits, isStored: Bool) {
    window = EntryWindow(firstSequence: firstSequence, limits: limits)
    openingSequence = firstSequence
    storedThrough = firstSequence - 1
    self.isStored = isStored
  }

  /// Who has something to do after an entry was added.
  struct Sleepers {
    var cursors: [Bell]
    var writer: Bool
  }

  /// Adds the entry.
  mutating func append(_ entry: JournalEntry) -> Sleepers {
    defer { writerSleeps = false }
    if isStored, storedThrough + 1 == window.nextSequence { waitingSince = Clock.monotonicNanoseconds }
    let removed = window.append(entry)
    if !isStored { dropped += UInt64(removed) }
    let canBeRead = readableThrough + 1 == window.nextSequence
    return Sleepers(cursors: canBeRead ? takeSleepers() : [], writer: writerSleeps)
  }

  /// The number up to which cursors may read: what is on disk, or everything when the disk is no help.
  var readableThrough: UInt64 {
    let last = window.nextSequence - 1
    guard isStored, problem == nil, storedThrough < last else { return last }
    let isPatient = Clock.monotonicNanoseconds < waitingSince + Self.patienceNanoseconds
    return isPatient ? storedThrough : last
  }

  /// The number of the oldest entry that can be read.
  var oldestReadable: UInt64 { min(oldestStored ?? window.firstSequence, window.firstSequence) }

  /// Whether there are entries that cursors must not read yet.
  var hasUnreadable: Bool { readableThrough + 1 < window.nextSequence }

  /// How long a cursor with nothing to read may sleep that would for so many milliseconds (-1: for ever): not beyond the
  /// moment from which it waits for the disk no longer.
  func sleep(atMost milliseconds: Int32) -> Int32 {
    guard hasUnreadable else { return milliseconds }
    let end = waitingSince + Self.patienceNanoseconds
    let left = Int32(clamping: (end - min(end, Clock.monotonicNanoseconds)) / 1_000_000 + 1)
    return milliseconds < 0 ? left : min(milliseconds, left)
  }

  /// The next entries to write, oldest first; when there are none, the writer counts as asleep.
  mutating func takeUnstored(limit: Int) -> [JournalEntry] {
    if window.firstSequence > storedThrough + 1 {
      neverStored += window.firstSequence - (storedThrough + 1)
      storedThrough = window.firstSequence - 1
    }
    let entries = window.entries(from: storedThrough + 1, limit: limit)
    writerSleeps = entries.isEmpty
    return entries
  }

  /// After the disk has taken something again.
  mutating func clearProblemIfAllIsStored() {
    if storedThrough + 1 == window.nextSequence { problem = nil }
  }

  /// Notes that entries are on disk.
  /// - Returns: the bells of cursors that have something to read now.
  mutating func store(through sequence: UInt64, oldest: UInt64?) -> [Bell] {
    storedThrough = sequence
    oldestStored = oldest
    problem = nil
    waitingSince = Clock.monotonicNanoseconds
    return takeSleepers()
  }

  /// Notes that entries on disk were removed.
  mutating func retire(before oldest: UInt64?) {
    let before = oldestReadable
    oldestStored = oldest
    dropped += max(oldestReadable, before) - before
  }

  mutating func addCursor(named name: String, bell: Bell, acknowledged: UInt64?) -> Int {
    defer { nextCursor += 1 }
    // A file from a journal that was removed since may be ahead of this one.
    let start = min(acknowledged.map { $0 + 1 } ?? openingSequence, window.nextSequence)
    cursors[nextCursor] = CursorState(name: name, bell: bell, start: start)
    return nextCursor
  }

  /// The bells of the cursors and watches that wait, which then count as awake.
  mutating func takeSleepers() -> [Bell] {
    let sleepers = takeCursors { _ in true } + watches
    watches.removeAll(keepingCapacity: true)
    return sleepers
  }

  /// The bells of the cursors that sleep while there is something for them that the disk has not taken; they then count as
  /// awake. None was rung when it came: most of the time the disk has it a moment later.
  mutating func takeOversleepers() -> [Bell] {
    guard isStored, storedThrough + 1 < window.nextSequence else { return [] }
    let next = window.nextSequence
    return takeCursors { $0.position < next }
  }

  private mutating func takeCursors(where isMeant: (CursorState) -> Bool) -> [Bell] {
    var bells: [Bell] = []
    for id in cursors.keys {
      guard let cursor = cursors[id], cursor.isWaiting, isMeant(cursor) else { continue }
      cursors[id]?.isWaiting = false
      bells.append(cursor.bell)
    }
    return bells
  }

  var status: JournalStatus {
    JournalStatus(
      entries: window.count, bytes: window.byteCount, lastSequence: window.nextSequence - 1, dropped: dropped,
      cursors: cursors.sorted { $0.key < $1.key }.map { status(of: $0.value) },
      storage: isStored
        ? StorageStatus(
          segments: 0, bytes: 0, storedThrough: storedThrough, neverStored: neverStored, problem: problem)
        : nil)
  }

  func status(of cursor: CursorState) -> CursorStatus {
    cursor.status(oldest: oldestReadable, next: window.nextSequence)
  }
}
