/// How many alerts may leave: off unless a limit is set. What is held back is told, never silently lost.
public struct ThrottleOptions: Equatable, Sendable {
  /// Of each rule that has no limit of its own; `nil`: none.
  public var rule: ThrottleLimit?
  /// Of single rules, by name; `nil` takes the rule from every limit.
  public var rules: [String: ThrottleLimit?] = [:]
  /// Of each rule and each combination of some fields' values.
  public var key: ThrottleKey?
  /// An alert that says the same as one of the same rule within so many seconds is held back; 0: none is.
  public var foldSeconds: UInt64 = 0
  /// Combinations of values, and messages, that are remembered; alerts beyond them are held to their rule's limit only.
  public var maximumKeys = 4096

  public init() {}

  var isOff: Bool {
    rule == nil && key == nil && foldSeconds == 0 && rules.values.allSatisfy { $0 == nil }
  }
}

/// A token bucket: so many at once, and so many a second in the long run.
public struct ThrottleLimit: Equatable, Sendable {
  public var perSecond: Double
  public var burst: Double

  /// - Parameters:
  ///   - perSecond: more than 0.
  ///   - burst: 1 or more.
  public init(perSecond: Double, burst: Double) {
    self.perSecond = max(perSecond, .leastNonzeroMagnitude)
    self.burst = max(burst, 1)
  }
}

/// A limit for each combination of some fields' values, such as `container.id` and `proc.name`.
public struct ThrottleKey: Equatable, Sendable {
  public var fields: [String]
  public var limit: ThrottleLimit

  public init(fields: [String], limit: ThrottleLimit) {
    self.fields = fields
    self.limit = limit
  }
}

/// The throttle as it stands. Counts are since the start.
public struct ThrottleStatus: Equatable, Sendable {
  /// Alerts that were held back.
  public var held: UInt64 = 0
  /// Of these, how many a summary has told.
  public var told: UInt64 = 0
  /// Alerts whose combination of values was not remembered, for want of room.
  public var unremembered: UInt64 = 0

  public init() {}
}
