/// How an alert is written for a receiver. Pure; any thread may call it.
public protocol AlertFormat: Sendable {
  /// The name in the configuration.
  static var name: String { get }
  /// Appends the alert, without a line end, in at most `limit` bytes: what does not fit is left out in an
  /// order that the format declares, never half a token, and the alert then carries a mark.
  /// - Returns: whether something was left out.
  func encode(_ entry: JournalEntry, limit: Int, into bytes: inout [UInt8]) -> Bool
}
