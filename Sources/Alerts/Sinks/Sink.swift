public import Events

/// A place alerts go. Made and called on the sink's own thread only; it may block.
public protocol Sink {
  static var name: String { get }

  /// The most bytes that the receiver takes for one alert; may change with every call.
  var messageLimit: Int { get }

  /// The number up to which no alert need ever be sent again: acknowledged (RELP, HTTP), older than the resend
  /// window (TCP, TLS), written (file, UDP, local syslog). Read after `deliver`, also after it threw.
  var settled: UInt64 { get }

  /// The number up to which every alert has gone out, whether or not it is settled; that of `settled` where nothing is
  /// kept to be sent again. Read after `deliver`.
  var sent: UInt64 { get }

  /// The number up to which alerts may have reached the receiver, also those of which it said nothing; that of `sent` unless
  /// it is more. Never goes back. Read after `deliver`, also after it threw.
  var attempted: UInt64 { get }

  /// What is wrong though alerts are delivered, for the status; `nil` when nothing is. Read after `deliver`.
  var complaint: String? { get }

  /// What the receiver refused for good, since the start; such alerts count as settled.
  var refusals: Refusals { get }

  /// After so many milliseconds without an alert `deliver` is called with none, so that acknowledgements and the end of
  /// a connection are noticed; -1: never.
  var idleMilliseconds: Int32 { get }

  /// Connects. Called again, after a pause, whenever `deliver` threw.
  mutating func open() throws(SinkError)

  /// Sends the alerts in order, or none. They follow those of the call before; after `open` they begin again with the
  /// first that is not settled.
  mutating func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError)

  /// Called once at the end, when all is sent and something is not settled: waits for that, at most until this time of
  /// `Clock.monotonicNanoseconds`.
  mutating func finish(deadline: UInt64)

  /// Lets go of what `open` took. Called before it is opened again, and at the end.
  mutating func close()
}

/// An alert as a sink sends it.
public struct EncodedAlert: Sendable {
  public let sequence: UInt64
  public let priority: Priority
  /// When the event happened: nanoseconds since 1970 UTC.
  public let timeNanoseconds: UInt64
  /// In the sink's format; no line end.
  public let bytes: [UInt8]

  public init(sequence: UInt64, priority: Priority, timeNanoseconds: UInt64, bytes: [UInt8]) {
    self.sequence = sequence
    self.priority = priority
    self.timeNanoseconds = timeNanoseconds
    self.bytes = bytes
  }
}

/// Why a sink could not deliver.
public enum SinkError: Error, Equatable, Sendable {
  /// The receiver is away; it is tried again after a pause. The text says what failed.
  case unavailable(String)
  /// An alert was too large; `messageLimit` is smaller now, and it is tried again at once.
  case tooLarge
  /// Whoever read has gone for good, as at the end of `windhover run | head`: a success that ends the program.
  case readerGone
}

extension SinkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unavailable(let reason): reason
    case .tooLarge: "an alert is larger than the receiver takes"
    case .readerGone: "the reader has closed its end"
    }
  }
}

extension Sink {
  public var messageLimit: Int { .max }
  public var refusals: Refusals { Refusals() }
  public var idleMilliseconds: Int32 { -1 }
  public var complaint: String? { nil }
  public var sent: UInt64 { settled }
  public var attempted: UInt64 { sent }
  public mutating func finish(deadline: UInt64) {}
}
