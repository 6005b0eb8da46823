public import Events
import System

/// Something that an operator must hear of an output, or of the journal, at once: it changed, not how it is.
public enum OutputNotice: Equatable, Sendable {
  /// Nothing gets through, and that has stood for a while.
  /// - since: nanoseconds since 1970 UTC.
  case failing(output: String, since: UInt64, reason: String)
  /// It was said to fail, and something gets through again.
  /// - waiting: alerts that it has still to send.
  case works(output: String, waiting: UInt64)
  /// Alerts left the journal before they were delivered: so many since it was last told, and in all since the start.
  case lost(output: String, count: UInt64, total: UInt64)
  /// The journal's directory takes nothing, and that has stood for a while; outputs get alerts from memory.
  case journalFailing(since: UInt64, reason: String)
  /// That was said, and alerts are written again.
  /// - neverStored: those since the start that left memory before they could be.
  case journalWorks(neverStored: UInt64)
}

extension OutputNotice: CustomStringConvertible {
  /// One line for the log.
  public var description: String {
    switch self {
    case .failing(let output, let since, let reason):
      "output \(output): failing since \(CivilTime(local: since).clock): \(reason)"
    case .works(let output, let waiting): "output \(output): works again, \(waiting) waiting"
    case .lost(let output, let count, let total):
      "output \(output): \(count.of("alert")) left the journal before delivery, "
        + "\(total) in all"
    case .journalFailing(let since, let reason):
      "journal: nothing can be written since \(CivilTime(local: since).clock): \(reason); outputs get alerts from memory"
    case .journalWorks(let neverStored):
      "journal: written to again; \(neverStored.of("alert")) never reached the disk"
    }
  }

  /// How urgent it is.
  public var priority: Priority {
    switch self {
    case .failing, .lost, .journalFailing: .warning
    case .works, .journalWorks: .notice
    }
  }
}

/// What is told of one output: that it fails once it has done so for a while, and that it works again.
struct OutputWatch {
  private struct Trouble {
    let sinceMonotonic: UInt64
    let since: UInt64
    var last: UInt64
    /// What was settled then.
    var settled: UInt64
    var reason: String
    var isTold = false
  }

  /// What shows that an output gets on.
  private struct Signs: Equatable {
    let state: SinkStatus.State
    let settled: UInt64
    let sentThrough: UInt64
    let filtered: UInt64
    let failures: UInt64
  }

  /// An output that has something to send, and shows no sign of that.
  private struct Standstill {
    let signs: Signs
    let since: Throttle.Moment
    var looked: UInt64
  }

  private let standing: String
  private var failures: UInt64 = 0
  private var trouble: Trouble?
  private var standstill: Standstill?

  /// So long an output may fail, as one does whose receiver starts anew, before that is told; and so long nothing may
  /// fail before one that has nothing to send is said to work.
  static let patienceNanoseconds: UInt64 = 5_000_000_000

  /// So long an output may stand in a call that neither ends nor fails. Longer than most time limits of their own.
  static let callNanoseconds: UInt64 = 30_000_000_000

  /// - Parameter standing: what is said of one that stands in a call.
  init(standing: String = "no answer: its receiver or disk hangs, or is very slow") {
    self.standing = standing
  }

  /// - Returns: what is to be told, if anything is.
  mutating func note(_ status: SinkStatus, at moment: Throttle.Moment) -> OutputNotice? {
    let now = moment.monotonicNanoseconds
    let settled = status.delivered + status.refused
    if status.failures > failures {
      failures = status.failures
      noteFailure(status.lastFailure, settled: settled, at: moment)
    }
    noteStandstill(status, settled: settled, at: moment)
    guard let current = trouble else { return nil }
    let isQuiet = status.unsent == 0 && now >= current.last + Self.patienceNanoseconds
    if status.state == .open, settled > current.settled || isQuiet {
      trouble = nil
      return current.isTold ? .works(output: status.name, waiting: status.unsent) : nil
    }
    guard !current.isTold, now >= current.sinceMonotonic + Self.patienceNanoseconds else { return nil }
    trouble?.isTold = true
    return .failing(output: status.name, since: current.since, reason: current.reason)
  }

  private mutating func noteFailure(_ error: String?, settled: UInt64, at moment: Throttle.Moment) {
    let now = moment.monotonicNanoseconds
    var current =
      trouble
      ?? Trouble(
        sinceMonotonic: now, since: moment.realtimeNanoseconds, last: now, settled: settled,
        reason: "unknown")
    (current.last, current.settled, current.reason) = (now, settled, error ?? current.reason)
    trouble = current
  }

  /// One that stands in a call, as before a disk that hangs, neither fails nor says anything.
  private mutating func noteStandstill(_ status: SinkStatus, settled: UInt64, at moment: Throttle.Moment) {
    let now = moment.monotonicNanoseconds
    guard status.unsent > 0, status.state == .open || status.state == .starting else {
      standstill = nil
      return
    }
    let signs = Signs(
      state: status.state, settled: settled, sentThrough: status.sentThrough, filtered: status.filtered,
      failures: status.failures)
    // A look that comes late says that the agent itself was stopped.
    guard var current = standstill, current.signs == signs, now < current.looked + Self.patienceNanoseconds
    else {
      standstill = Standstill(signs: signs, since: moment, looked: now)
      return
    }
    current.looked = now
    standstill = current
    let since = current.since
    guard trouble == nil, now >= since.monotonicNanoseconds + Self.callNanoseconds else { return }
    trouble = Trouble(
      sinceMonotonic: since.monotonicNanoseconds, since: since.realtimeNanoseconds, last: now,
      settled: settled,
      reason: standing)
  }
}
