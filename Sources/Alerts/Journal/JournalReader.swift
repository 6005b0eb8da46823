/// A reader that leaves no trace: where it stands is kept nowhere, and the journal waits for it no more than for a
/// cursor. One thread at a time.
public struct JournalReader: ~Copyable {
  private let journal: Journal
  private var disk: DiskReader?
  /// The number that is read next.
  public private(set) var position: UInt64

  init(_ journal: Journal, from sequence: UInt64) {
    self.journal = journal
    disk = journal.store.map { DiskReader(store: $0) }
    position = sequence
  }

  /// The next alerts that can be read now; it never waits for one, but may read the disk.
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - bytes: what they may take in memory together, about; the first one may take more.
  public mutating func next(limit: Int, bytes: Int) -> JournalBatch {
    switch place(limit: limit) {
    case .memory(let entries, let first): return take(entries, from: first, bytes: bytes)
    case .disk(let range):
      let entries = disk?.entries(in: range, limit: limit, bytes: bytes) ?? []
      return take(entries, from: entries.first?.sequence ?? range.upperBound + 1, bytes: bytes)
    }
  }

  /// Where the next alerts are.
  private enum Place {
    case memory([JournalEntry], first: UInt64)
    case disk(ClosedRange<UInt64>)
  }

  private func place(limit: Int) -> Place {
    let start = position
    return journal.withState { state in
      let first = max(start, state.oldestReadable)
      let memoryStart = state.window.firstSequence
      guard first >= memoryStart else { return .disk(first...memoryStart - 1) }
      let end = max(first, state.readableThrough + 1)
      let count = min(UInt64(max(0, limit)), end - first)
      return .memory(state.window.entries(from: first, limit: Int(count)), first: first)
    }
  }

  /// Moves on behind the entries, up to the first gap among them or what is too much.
  private mutating func take(_ entries: [JournalEntry], from first: UInt64, bytes: Int) -> JournalBatch {
    let missed = position < first ? position...first - 1 : nil
    var room = bytes
    let contiguous = zip(entries, first...).prefix { entry, sequence in
      defer { room -= entry.byteCount }
      return entry.sequence == sequence && (sequence == first || room >= entry.byteCount)
    }.map(\.0)
    position = first + UInt64(contiguous.count)
    return JournalBatch(entries: contiguous, missed: missed)
  }
}

extension Journal {
  /// A reader whose next alert is the one of this number, or the oldest that there is after it.
  public func makeReader(from sequence: UInt64) -> JournalReader { JournalReader(self, from: sequence) }

  /// The numbers of the alerts that can be read now. The upper bound is the next alert's, also when there is none.
  public var readable: Range<UInt64> {
    withState { state in
      let oldest = state.oldestReadable
      return oldest..<max(oldest, state.readableThrough + 1)
    }
  }

  /// Whether it outlives the agent.
  public var isStored: Bool { store != nil }

  /// The number of an alert that is there, before which none is younger than this moment (since 1970 UTC); some older ones
  /// may come behind it.
  public func sequence(before timeNanoseconds: UInt64) -> UInt64 {
    let segment = store?.all.last { $0.madeNanoseconds <= timeNanoseconds }
    return max(segment?.firstSequence ?? 0, readable.lowerBound)
  }
}
