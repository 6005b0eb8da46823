public import Model

/// What is done with events: judging them by rules, or printing them. The engine's thread alone calls it.
public protocol EventHandler: ~Copyable {
  /// One event, with the model as it is right after it.
  mutating func handle(_ event: Event, model: borrowing Model)
  /// About once a second, and once at the end.
  /// - Parameters:
  ///   - time: nanoseconds since 1970 UTC.
  ///   - isLast: the engine ends.
  mutating func tick(time: UInt64, isLast: Bool)
}
