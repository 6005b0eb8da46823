/// What is told of the journal's directory: that nothing can be written there once that has stood for a while, and that
/// it is written to again. It is watched as an output is, whose alerts are those that must get to the disk.
struct StorageWatch {
  private var watch = OutputWatch(standing: "the disk does not answer")
  /// How often it was seen that it refuses: the journal tries again each second.
  private var failures: UInt64 = 0

  /// - Returns: what is to be told, if anything is; nothing of a journal in memory.
  mutating func note(_ journal: JournalStatus, at moment: Throttle.Moment) -> OutputNotice? {
    guard let storage = journal.storage else { return nil }
    if storage.problem != nil { failures += 1 }
    var status = SinkStatus()
    status.state = storage.problem == nil ? .open : .waiting
    // Those that never were stored count in both.
    status.delivered = storage.storedThrough - min(storage.storedThrough, storage.neverStored)
    status.lag = journal.lastSequence - min(journal.lastSequence, storage.storedThrough)
    (status.failures, status.lastFailure) = (failures, storage.problem)
    switch watch.note(status, at: moment) {
    case .failing(_, let since, let reason): return .journalFailing(since: since, reason: reason)
    case .works: return .journalWorks(neverStored: storage.neverStored)
    default: return nil
    }
  }
}
