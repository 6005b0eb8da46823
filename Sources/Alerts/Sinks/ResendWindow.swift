/// Which of the alerts that went out on a connection need never be sent again: those that have been out so long that the
/// connection would have failed if they had not arrived.
struct ResendWindow {
  private struct Mark {
    var sequence: UInt64
    /// When the first of its alerts went out, and the last.
    let openedNanoseconds: UInt64
    var sentNanoseconds: UInt64
  }

  /// The number up to which all is settled.
  private(set) var settled: UInt64 = 0
  private var marks: [Mark] = []
  private let windowNanoseconds: UInt64
  /// Alerts that went out within so long share a mark, so that a busy window is a short list.
  private static let grainNanoseconds: UInt64 = 100_000_000

  init(seconds: UInt64) { windowNanoseconds = seconds * 1_000_000_000 }

  var isEmpty: Bool { marks.isEmpty }

  /// Notes that everything up to this number went out.
  mutating func sent(_ sequence: UInt64, nowNanoseconds: UInt64) {
    if let last = marks.last, nowNanoseconds < last.openedNanoseconds + Self.grainNanoseconds {
      marks[marks.count - 1].sequence = sequence
      marks[marks.count - 1].sentNanoseconds = nowNanoseconds
    } else {
      marks.append(
        Mark(sequence: sequence, openedNanoseconds: nowNanoseconds, sentNanoseconds: nowNanoseconds))
    }
  }

  /// Settles what has left the window.
  mutating func advance(nowNanoseconds: UInt64) {
    let end = marks.firstIndex { nowNanoseconds < $0.sentNanoseconds + windowNanoseconds } ?? marks.endIndex
    if end > 0 { settled = marks[end - 1].sequence }
    marks.removeSubrange(..<end)
  }

  /// Settles everything, since the other end has all of it.
  mutating func settleAll() {
    settled = marks.last?.sequence ?? settled
    marks = []
  }

  /// The connection broke: nothing that is in the window is settled, and all of it will be sent again.
  mutating func reset() { marks = [] }
}
