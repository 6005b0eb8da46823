/// The journal's newest entries in memory: numbers without a gap, bounded by count and bytes, the oldest
/// dropped first. Not for more than one thread at a time.
struct EntryWindow {
  /// The number of the oldest entry, or of the next one when there is none.
  private(set) var firstSequence: UInt64
  private(set) var count = 0
  private(set) var byteCount = 0
  /// A circle that grows to its limit, so that an idle journal is small.
  private var slots: [JournalEntry?] = []
  private var head = 0

  let limits: JournalLimits

  init(firstSequence: UInt64, limits: JournalLimits) {
    self.firstSequence = firstSequence
    self.limits = limits
  }

  /// The number that the next entry must have.
  var nextSequence: UInt64 { firstSequence + UInt64(count) }

  /// Adds the next entry, and drops the oldest until the limits hold again; the newest is always kept.
  /// - Returns: how many were dropped.
  mutating func append(_ entry: JournalEntry) -> Int {
    precondition(entry.sequence == nextSequence)
    if count == slots.count { grow() }
    slots[(head + count) % slots.count] = entry
    count += 1
    byteCount += entry.byteCount
    var dropped = 0
    while count > limits.entries || byteCount > limits.bytes, count > 1 {
      dropFirst()
      dropped += 1
    }
    return dropped
  }

  /// At most `limit` entries from number `sequence` on, or from the oldest if that one is gone.
  func entries(from sequence: UInt64, limit: Int) -> [JournalEntry] {
    let start = max(sequence, firstSequence)
    guard start < nextSequence else { return [] }
    let available = min(limit, Int(nextSequence - start))
    let offset = Int(start - firstSequence)
    return (0..<available).compactMap { slots[(head + offset + $0) % slots.count] }
  }

  private mutating func dropFirst() {
    guard let entry = slots[head] else { return }
    slots[head] = nil
    head = (head + 1) % slots.count
    firstSequence += 1
    count -= 1
    byteCount -= entry.byteCount
  }

  private mutating func grow() {
    let ordered = (0..<count).map { slots[(head + $0) % slots.count] }
    let capacity = min(max(16, slots.count * 2), limits.entries + 1)
    slots = ordered + Array(repeating: nil, count: capacity - count)
    head = 0
  }
}
