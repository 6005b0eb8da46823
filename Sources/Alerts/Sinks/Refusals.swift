/// Alerts that a receiver refused for good, each on its own account.
public struct Refusals: Equatable, Sendable {
  public var count = UInt64(0)
  /// The receiver's words about the last of them.
  public var lastReason: String?

  public init() {}
}

/// Decides how often an alert that its receiver refuses is offered again. Lives on one sink's thread.
///
/// An alert that is refused for ever must not keep all others from being delivered. It is offered several times, with
/// the usual pauses between; so a receiver that for some time refuses everything costs few alerts, and all are counted.
final class RefusalTally {
  private(set) var total = Refusals()
  private var sequence: UInt64 = 0
  private var times = 0

  /// With pauses of a tenth of a second and twice the one before each, that is after one to three seconds.
  static let limit = 6

  /// Notes that an alert was refused.
  /// - Returns: whether that was for good.
  func isFinal(_ sequence: UInt64, reason: String) -> Bool {
    times = sequence == self.sequence ? times + 1 : 1
    self.sequence = sequence
    guard times >= Self.limit else { return false }
    total.count += 1
    total.lastReason = reason
    times = 0
    return true
  }
}
