import Events
import Model

/// What is done with events: judging them by rules, or printing them. The engine's thread alone calls it.
protocol EventHandler {
  /// One event, with the model as it is right after it.
  mutating func handle(_ event: Event, model: borrowing Model)
  /// About once a second, and once at the end.
  mutating func tick(model: borrowing Model)
}
