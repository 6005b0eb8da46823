public import Events

/// What a source could get of the machine, in words for an operator.
public struct SourceStatus: Sendable, Equatable {
  public let source: SourceID
  /// Whether it delivers.
  public let isActive: Bool
  /// What is missing and what that costs; empty when nothing is.
  public let shortcomings: [String]
  /// How it reads: priority reached, size of the buffer, and so on.
  public let details: [String]

  public init(source: SourceID, isActive: Bool, shortcomings: [String], details: [String] = []) {
    self.source = source
    self.isActive = isActive
    self.shortcomings = shortcomings
    self.details = details
  }
}

/// A place that records come from. It states what it saw and derives nothing: the model compares.
///
/// Made on the main thread before privileges are dropped, so that it can open what needs them; `start` is called
/// after the drop, and its threads inherit the caller's scheduling.
protocol Source: Sendable {
  var status: SourceStatus { get }
  var feed: RecordFeed { get }
  /// What was passed over on purpose, by name: no loss, but to be seen.
  var passedOver: [String: UInt64] { get }
  /// Starts the source's own threads.
  func start() throws(SourceError)
  /// Ends them, and waits at most `milliseconds` for it.
  func stop(milliseconds: Int)
}

/// Why a source cannot be had.
public enum SourceError: Error, Equatable, CustomStringConvertible {
  /// The kernel or the privileges do not allow it; the text says what is missing.
  case unavailable(SourceID, String)
  /// A thread could not be started.
  case noThread(SourceID, String)

  public var description: String {
    switch self {
    case .unavailable(let source, _), .noThread(let source, _): "source \(source.name): \(reason)"
    }
  }

  /// The text without the source's name.
  var reason: String {
    switch self {
    case .unavailable(_, let reason): reason
    case .noThread(_, let reason): "cannot start a thread: \(reason)"
    }
  }
}
