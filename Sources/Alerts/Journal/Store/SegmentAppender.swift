import System
import SystemPackage

/// Adds entries to the newest segment, begins new ones, and removes those that are too many or too old. The journal's
/// writer thread only.
struct SegmentAppender: ~Copyable {
  private let store: SegmentStore
  private let limits: StorageLimits
  private var active: SegmentWriter?
  private var nextSequence: UInt64 = 0

  init(store: SegmentStore, limits: StorageLimits) {
    self.store = store
    self.limits = limits
  }

  /// Writes the entries, whose numbers follow each other; after an error none of them counts as written.
  mutating func append(_ entries: [JournalEntry], nowNanoseconds: UInt64) throws(Errno) {
    guard let first = entries.first, let last = entries.last else { return }
    try prepare(for: first.sequence, nowNanoseconds: nowNanoseconds)
    var bytes: [UInt8] = []
    for entry in entries { SegmentFormat.append(entry, to: &bytes) }
    try active?.append(bytes)
    store.setByteCountOfLast(active?.byteCount ?? 0)
    nextSequence = last.sequence + 1
    if limits.sync == .always { try active?.synchronize() }
  }

  mutating func synchronize() throws(Errno) { try active?.synchronize() }

  /// Removes segments until the limits hold; the newest stays.
  /// - Returns: whether any was removed.
  mutating func retire(nowNanoseconds: UInt64) -> Bool {
    var removed = false
    while let first = store.all.first, let second = store.segment(after: first.firstSequence) {
      // All of a segment's entries are older than the segment after it.
      let isOld = nowNanoseconds > second.madeNanoseconds + limits.maximumAgeSeconds * 1_000_000_000
      guard isOld || store.byteCount > limits.maximumBytes, store.removeFirst() else { return removed }
      removed = true
    }
    return removed
  }

  /// Has a segment ready: the newest if it has room and its numbers go on with this one, else a new one.
  private mutating func prepare(for sequence: UInt64, nowNanoseconds: UInt64) throws(Errno) {
    if active == nil, let last = store.all.last, sequence == store.lastSequence + 1 {
      active = try SegmentWriter(continuing: store.path(of: last.firstSequence), byteCount: last.byteCount)
      nextSequence = sequence
    }
    if let byteCount = active?.byteCount, byteCount < limits.segmentBytes, sequence == nextSequence { return }
    if limits.sync != .never { try active?.synchronize() }
    let header = SegmentFormat.Header(firstSequence: sequence, madeNanoseconds: nowNanoseconds)
    let made = try SegmentWriter(making: store.path(of: sequence), header)
    if limits.sync != .never {
      // A file is there after a power failure only if its directory is on the disk too.
      let directory = try OpenFile(store.directory, .readOnly)
      try directory.synchronize()
    }
    active = consume made
    store.add(
      SegmentStore.Segment(
        firstSequence: sequence, madeNanoseconds: nowNanoseconds, byteCount: active?.byteCount ?? 0))
    nextSequence = sequence
  }
}
