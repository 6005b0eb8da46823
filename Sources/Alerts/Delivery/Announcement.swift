import Events
import System

extension JournalEntry {
  /// The alert that stands, in one sink, for those that left the journal before they could be delivered there. It has
  /// the number of the last of them.
  static func announcement(of missed: ClosedRange<UInt64>, by sink: String, on host: String) -> JournalEntry {
    let count = missed.upperBound - missed.lowerBound + 1
    let message = "Alerts lost to \(sink): \(count) left the journal before they were delivered"
    let now = Clock.realtimeNanoseconds
    var generator = SystemRandomNumberGenerator()
    let alert = Alert(
      rule: .alertsLost, timeNanoseconds: now, hostname: host, message: Array(message.utf8),
      outputFields: [
        AlertField("alerts.lost.count", .unsigned(count)),
        AlertField("alerts.lost.first", .unsigned(missed.lowerBound)),
        AlertField("alerts.lost.last", .unsigned(missed.upperBound)),
        AlertField("sink.name", .text(sink)),
      ])
    return JournalEntry(
      sequence: missed.upperBound, uuid: UUID(timeNanoseconds: now, using: &generator), alert: alert)
  }
}
