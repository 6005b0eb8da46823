/// The ways in which something that happened is not known in full; each has a counter that the summary shows.
public enum LossReason: UInt8, CaseIterable, Sendable {
  /// A source's ring was full: the record is gone.
  case ringFull
  /// The kernel's socket buffer was full (ENOBUFS).
  case socketOverflow
  /// Messages of the connector are missing between two sequence numbers of one CPU.
  case sequenceGap
  /// The reader was above its CPU budget and took the bare record.
  case shed
  /// The process had gone, or had replaced its program again, before its details were read.
  case vanished
  /// Reading a process's memory did not return in time; another reader took over.
  case readerStuck
  /// A reader that came back too late dropped its work.
  case staleReader
  /// The process table was full; the oldest row went.
  case tableEvicted
  /// A file could be read but not understood.
  case unreadable
  /// A file was there, but reading it was refused.
  case denied
  /// Arguments were not read: their process had held a reader before, or no other reader stood ready.
  case notRisked
  /// The process had replaced its program again before the arguments were read: they are the successor's.
  case superseded
  /// A sweep that a loss had asked for waited, since sweeps had used up their share of a core.
  case sweepBudget
  /// There was more to watch than a source watches at once: what is beyond is not seen.
  case unwatched
  /// The queue of a watch was full (inotify): what happened is not known, but for what a look at everything finds.
  case watchOverflow
  /// What a container is was not found out in time: its events were judged without name, image and the like.
  case metadataTimeout
  /// The kernel killed a process for want of memory, and no cgroup told of it: it had gone before it was read, or is not
  /// followed.
  case unattributed
  /// More was asked of a source at once than it keeps in mind: nobody looks into these containers for now.
  case requestDropped
  /// The kernel's messages came no more, or their socket was broken: another subscription takes over, if one can be had.
  case readerEnded

  /// The counter's name in the summary and in JSON.
  public var name: String {
    switch self {
    case .ringFull: "ring_full"
    case .socketOverflow: "socket_overflow"
    case .sequenceGap: "sequence_gap"
    case .shed: "shed"
    case .vanished: "vanished"
    case .readerStuck: "reader_stuck"
    case .staleReader: "stale_reader"
    case .tableEvicted: "table_evicted"
    case .unreadable: "unreadable"
    case .denied: "denied"
    case .notRisked: "not_risked"
    case .superseded: "argv_superseded"
    case .sweepBudget: "sweep_budget"
    case .unwatched: "unwatched"
    case .watchOverflow: "watch_overflow"
    case .metadataTimeout: "metadata_timeout"
    case .unattributed: "unattributed"
    case .requestDropped: "request_dropped"
    case .readerEnded: "reader_ended"
    }
  }

  /// Whether a whole happening may be unknown, and not only some of its details: such a loss orders a sweep.
  public var ordersSweep: Bool {
    switch self {
    case .ringFull, .socketOverflow, .sequenceGap, .tableEvicted, .readerEnded: true
    default: false
    }
  }

  /// Whether rules were blind, so that an alert must say so. What a process loses by its own short life is not among
  /// them: its event is judged, and says that it is incomplete.
  public var isBlinding: Bool {
    switch self {
    case .ringFull, .socketOverflow, .sequenceGap, .tableEvicted, .shed, .readerStuck, .notRisked,
      .sweepBudget, .unwatched, .watchOverflow, .metadataTimeout, .unattributed, .requestDropped,
      .readerEnded:
      true
    case .vanished, .superseded, .staleReader, .unreadable, .denied: false
    }
  }
}
