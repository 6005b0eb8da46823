/// The alerts that a sink was handed and has not settled, and what may be acknowledged of all that was read.
struct UnsettledAlerts {
  private struct Handed {
    let sequence: UInt64
    /// The first of the alerts that an announcement stands for.
    let firstMissed: UInt64?
  }

  private var handed: [Handed] = []
  private var readThrough: UInt64 = 0
  private var highestRead: UInt64 = 0

  var isEmpty: Bool { handed.isEmpty }

  /// Notes that an alert was read, whether or not it passes the filter.
  /// - Returns: whether it was read for the first time.
  mutating func read(_ sequence: UInt64) -> Bool {
    readThrough = sequence
    defer { highestRead = max(highestRead, sequence) }
    return sequence > highestRead
  }

  /// Notes that an alert goes to the sink.
  mutating func handOver(_ sequence: UInt64) {
    handed.append(Handed(sequence: sequence, firstMissed: nil))
  }

  /// Notes that the announcement of missed alerts goes to the sink.
  mutating func handOver(announcementOf missed: ClosedRange<UInt64>) {
    readThrough = missed.upperBound
    handed.append(Handed(sequence: missed.upperBound, firstMissed: missed.lowerBound))
  }

  /// Forgets what is settled up to this number.
  /// - Returns: how many alerts that were, announcements apart.
  mutating func settle(through sequence: UInt64) -> UInt64 {
    let end = handed.firstIndex { $0.sequence > sequence } ?? handed.endIndex
    let count = handed[..<end].count { $0.firstMissed == nil }
    handed.removeSubrange(..<end)
    return UInt64(count)
  }

  /// The number up to which all that was read is settled or kept from the sink by its filter.
  var acknowledged: UInt64 { handed.first.map { ($0.firstMissed ?? $0.sequence) - 1 } ?? readThrough }

  /// Forgets what was handed over, since it will be read again.
  mutating func forget() {
    handed = []
    readThrough = 0
  }
}
