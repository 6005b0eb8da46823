/// A sink as it stands, for `status` and the summary. Counts are since the start.
public struct SinkStatus: Equatable, Sendable {
  public enum State: Equatable, Sendable {
    case starting, open, waiting, stopped
  }

  /// What is known of an alert that went out.
  public enum Receipt: String, Sendable {
    /// The receiver has said that it has it; a file, or a program on this host, has taken it.
    case acknowledged
    /// The connection held for the resend window after it.
    case connection
    /// Nothing: it was sent.
    case nothing
  }

  /// What tells this sink from the others, such as `file` or `syslog.2`.
  public var name = ""
  public var state = State.starting
  /// Alerts that need never be sent again.
  public var delivered = UInt64(0)
  /// The number up to which every alert that is for this sink has gone out, whether or not it may come again.
  public var sentThrough = UInt64(0)
  /// Alerts that the receiver refused again and again, and that were then given up.
  public var refused = UInt64(0)
  /// The receiver's words about the last of them.
  public var lastRefusal: String?
  /// Alerts that this sink's minimum priority, or the rules that it is for, keep from it.
  public var filtered = UInt64(0)
  /// Times that opening or delivering failed.
  public var failures = UInt64(0)
  /// Alerts that may have reached the receiver and were sent once more, each counted once.
  public var retried = UInt64(0)
  /// Alerts that left the journal before they could be delivered.
  public var missed = UInt64(0)
  /// Alerts that lost fields, or the end of their text, to the receiver's limit.
  public var shortened = UInt64(0)
  /// Alerts that are not delivered yet.
  public var lag = UInt64(0)
  /// Of these, those that went out, and that are kept until nothing can make it necessary to send them again.
  public var kept = UInt64(0)
  /// Of `lag`, how much was read: it went out, or is not for this sink.
  var readAhead = UInt64(0)
  /// Of `lag`, what has still to go out.
  public var unsent: UInt64 { lag - min(lag, readAhead) }
  /// What is known of an alert that counts as delivered.
  public var receipt = Receipt.acknowledged
  /// Why the sink's thread could not be confined to the files and ports that it needs; `nil` when it is, or need not be.
  public var unconfined: String?
  /// Directories of certificates with more links than its thread, which is confined, follows; empty when there are none.
  public var unfollowedLinks: [String] = []
  /// Why the sink waits, while it does.
  public var lastError: String?
  /// Why opening or delivering failed last, also when the sink is open again.
  var lastFailure: String?

  public init() {}
}

/// Everything there is to say about delivery, for `status` and the summary.
public struct DeliveryStatus: Equatable, Sendable {
  public var throttle: ThrottleStatus
  public var journal: JournalStatus
  public var sinks: [SinkStatus]

  public init(throttle: ThrottleStatus, journal: JournalStatus, sinks: [SinkStatus]) {
    self.throttle = throttle
    self.journal = journal
    self.sinks = sinks
  }
}
