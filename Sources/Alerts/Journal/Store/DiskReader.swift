import SystemPackage

/// Entries that are no longer in memory, for one cursor; one thread at a time.
struct DiskReader: ~Copyable {
  private let store: SegmentStore
  private var reader: SegmentReader?
  /// The number that is read next, at least.
  private var next: UInt64 = 0
  /// What was read and found too much for its batch: the first of the next one, or the whole segment were read again.
  private var ahead: JournalEntry?

  init(store: SegmentStore) { self.store = store }

  /// Entries with numbers in `range`, in order; those that are gone or damaged are left out.
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - bytes: what they may take in memory together, about; the first one may take more.
  mutating func entries(in range: ClosedRange<UInt64>, limit: Int, bytes: Int) -> [JournalEntry] {
    if reader == nil && ahead == nil || next != range.lowerBound {
      ahead = nil
      open(store.segment(for: range.lowerBound))
    }
    var entries: [JournalEntry] = []
    var room = bytes
    while entries.count < limit, let entry = ahead.take() ?? read(in: range) {
      guard entries.isEmpty || entry.byteCount <= room else {
        ahead = entry
        next = entry.sequence
        break
      }
      room -= entry.byteCount
      next = entry.sequence + 1
      entries.append(entry)
    }
    return entries
  }

  /// The next entry in the range.
  private mutating func read(in range: ClosedRange<UInt64>) -> JournalEntry? {
    while let first = reader?.header.firstSequence {
      guard let payload = reader?.next(), let sequence = EntryCoding.sequence(of: payload) else {
        // Its end, or damage, behind which records cannot be found.
        let following = store.segment(after: first)
        guard let following, following.firstSequence <= range.upperBound else { return nil }
        open(following)
        continue
      }
      guard sequence >= range.lowerBound else { continue }
      guard sequence <= range.upperBound else {
        reader = nil
        return nil
      }
      next = sequence + 1
      if let entry = EntryCoding.entry(from: payload) { return entry }
    }
    return nil
  }

  /// Opens the segment, or the first behind it that is there and whole: retention may have been quicker.
  private mutating func open(_ segment: SegmentStore.Segment?) {
    reader = nil
    var candidate = segment
    while let segment = candidate {
      if let opened = try? SegmentReader(store.path(of: segment.firstSequence)) {
        reader = consume opened
        return
      }
      candidate = store.segment(after: segment.firstSequence)
    }
  }
}
