import SystemPackage

/// Entries that are no longer in memory, for one cursor; one thread at a time.
struct DiskReader: ~Copyable {
  private let store: SegmentStore
  private var reader: SegmentReader?
  /// The number that the reader's next record has at least.
  private var next: UInt64 = 0

  init(store: SegmentStore) { self.store = store }

  /// Entries with numbers in `range`, in order, at most `limit`; those that are gone or damaged are left out.
  mutating func entries(in range: ClosedRange<UInt64>, limit: Int) -> [JournalEntry] {
    if reader == nil || next != range.lowerBound { open(store.segment(for: range.lowerBound)) }
    var entries: [JournalEntry] = []
    while entries.count < limit, let first = reader?.header.firstSequence {
      guard let payload = reader?.next(), let sequence = EntryCoding.sequence(of: payload) else {
        // Its end, or damage, behind which records cannot be found.
        let following = store.segment(after: first)
        guard let following, following.firstSequence <= range.upperBound else { break }
        open(following)
        continue
      }
      guard sequence >= range.lowerBound else { continue }
      guard sequence <= range.upperBound else {
        reader = nil
        break
      }
      if let entry = EntryCoding.entry(from: payload) { entries.append(entry) }
      next = sequence + 1
    }
    return entries
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
