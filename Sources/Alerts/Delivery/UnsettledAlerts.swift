/// The alerts that a sink was handed and has not settled, and what may be acknowledged of all that was read.
struct UnsettledAlerts: Sendable {
  /// Alerts whose numbers follow each other; or the announcement that stands for such alerts.
  private struct Run {
    var numbers: ClosedRange<UInt64>
    let isAnnouncement: Bool
  }

  /// A window of half a minute may hold a hundred thousand alerts: as runs they take a few bytes.
  private var runs: [Run] = []
  private var readThrough: UInt64 = 0
  private var highestRead: UInt64 = 0

  var isEmpty: Bool { runs.isEmpty }

  /// Notes that an alert was read, whether or not it passes the filter.
  /// - Returns: whether it was read for the first time.
  mutating func read(_ sequence: UInt64) -> Bool {
    readThrough = sequence
    defer { highestRead = max(highestRead, sequence) }
    return sequence > highestRead
  }

  /// Notes that an alert goes to the sink.
  mutating func handOver(_ sequence: UInt64) {
    if let last = runs.last, !last.isAnnouncement, last.numbers.upperBound + 1 == sequence {
      runs[runs.count - 1].numbers = last.numbers.lowerBound...sequence
    } else {
      runs.append(Run(numbers: sequence...sequence, isAnnouncement: false))
    }
  }

  /// Notes that the announcement of missed alerts goes to the sink.
  mutating func handOver(announcementOf missed: ClosedRange<UInt64>) {
    readThrough = missed.upperBound
    runs.append(Run(numbers: missed, isAnnouncement: true))
  }

  /// Forgets what is settled up to this number.
  /// - Returns: how many alerts that were, announcements apart.
  mutating func settle(through sequence: UInt64) -> UInt64 {
    let end = runs.firstIndex { $0.numbers.upperBound > sequence } ?? runs.endIndex
    var count = runs[..<end].reduce(UInt64(0)) { $0 + ($1.isAnnouncement ? 0 : UInt64($1.numbers.count)) }
    runs.removeSubrange(..<end)
    if let first = runs.first, !first.isAnnouncement, first.numbers.lowerBound <= sequence {
      count += sequence - first.numbers.lowerBound + 1
      runs[0].numbers = sequence + 1...first.numbers.upperBound
    }
    return count
  }

  /// The number up to which all that was read is settled or kept from the sink by its filter.
  var acknowledged: UInt64 { runs.first.map { $0.numbers.lowerBound - 1 } ?? readThrough }

  /// Alerts that were handed over and are not settled, announcements apart.
  var count: UInt64 { runs.reduce(0) { $0 + ($1.isAnnouncement ? 0 : UInt64($1.numbers.count)) } }

  /// How many numbers, of all that were read, cannot be acknowledged yet.
  var unacknowledged: UInt64 { readThrough - min(readThrough, acknowledged) }

  /// Forgets what was handed over, since it will be read again.
  mutating func forget() {
    runs = []
    readThrough = 0
  }
}
