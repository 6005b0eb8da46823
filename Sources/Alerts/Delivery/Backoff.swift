/// The pauses between attempts: each up to twice the one before, a random part of it, so that many agents do not
/// come back to a receiver in the same moment.
struct Backoff {
  private var ceiling: Int32
  private let initial: Int32
  private let maximum: Int32

  init(initialMilliseconds: Int32, maximumMilliseconds: Int32) {
    initial = max(1, initialMilliseconds)
    maximum = max(initial, maximumMilliseconds)
    ceiling = initial
  }

  /// Milliseconds until the next attempt: between half the ceiling and the ceiling, which then doubles.
  mutating func next(using generator: inout some RandomNumberGenerator) -> Int32 {
    let pause = Int32.random(in: max(1, ceiling / 2)...ceiling, using: &generator)
    ceiling = ceiling > maximum / 2 ? maximum : ceiling * 2
    return pause
  }

  /// After a success the pauses begin anew.
  mutating func reset() { ceiling = initial }
}
