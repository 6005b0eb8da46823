public import Rules

/// What is done with events: judging them by rules, or printing them. The engine's thread alone calls it.
public protocol EventHandler: ~Copyable {
  /// One event, with the model as it is right after the record that the event came from.
  mutating func handle(_ facts: borrowing LiveFacts)
  /// About once a second, and once at the end.
  /// - Parameters:
  ///   - time: nanoseconds since 1970 UTC.
  ///   - isLast: the engine ends.
  mutating func tick(time: UInt64, isLast: Bool)
}
