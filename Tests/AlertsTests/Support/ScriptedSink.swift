import Alerts
import Glibc
import Synchronization

/// A sink that fails when its script says so, and keeps what was delivered.
struct ScriptedSink: Sink {
  static let name = "scripted"

  /// What the sink meets, one for each call of `open` and of `deliver`; all goes well after the last.
  enum Step: Equatable {
    case fine
    case fail
    /// Settles so many of the alerts, then fails.
    case failAfter(Int)
    /// Gives up the first alert, since it was refused again and again, and takes the others.
    case refuseFirst
    /// Takes all, and settles nothing.
    case keep
    /// The same with whatever comes until it is opened again.
    case hold
    case tooLarge
    case readerGone
    /// Stands in the call for so long.
    case hang(microseconds: UInt32)
  }

  final class Record: Sendable {
    struct State {
      var opens = 0
      var closes = 0
      var delivered: [EncodedAlert] = []
      var script: [Step] = []
      var limit = Int.max
    }
    let state = Mutex(State())

    init(_ script: [Step]) { state.withLock { $0.script = script } }

    var texts: [String] { state.withLock { $0.delivered.map { String(decoding: $0.bytes, as: UTF8.self) } } }
    var sequences: [UInt64] { state.withLock { $0.delivered.map(\.sequence) } }
  }

  let record: Record
  var settled: UInt64 = 0
  var refusals = Refusals()
  private var kept: UInt64 = 0
  private var isHolding = false

  init(_ record: Record) { self.record = record }

  var messageLimit: Int { record.state.withLock { $0.limit } }
  var attempted: UInt64 { max(kept, settled) }
  var idleMilliseconds: Int32 { kept > settled ? 10 : -1 }

  mutating func open() throws(SinkError) {
    record.state.withLock { $0.opens += 1 }
    isHolding = false
    try perform(step(), [])
  }

  mutating func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    try perform(isHolding ? .hold : step(), alerts)
  }

  mutating func close() { record.state.withLock { $0.closes += 1 } }

  private func step() -> Step {
    record.state.withLock { $0.script.isEmpty ? .fine : $0.script.removeFirst() }
  }

  private mutating func perform(_ step: Step, _ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    switch step {
    case .fine: take(alerts)
    case .fail: throw .unavailable("scripted")
    case .failAfter(let count):
      take(alerts.prefix(count))
      throw .unavailable("scripted")
    case .keep, .hold:
      isHolding = step == .hold
      record.state.withLock { $0.delivered += alerts }
      kept = alerts.last?.sequence ?? kept
    case .refuseFirst:
      refusals.count += 1
      refusals.lastReason = "scripted"
      take(alerts.dropFirst())
      settled = max(settled, alerts.first?.sequence ?? 0)
    case .tooLarge:
      record.state.withLock { $0.limit = 60 }
      throw .tooLarge
    case .readerGone: throw .readerGone
    case .hang(let microseconds): usleep(microseconds)
    }
  }

  private mutating func take(_ alerts: ArraySlice<EncodedAlert>) {
    record.state.withLock { $0.delivered += alerts }
    settled = max(settled, kept, alerts.last?.sequence ?? 0)
  }
}
