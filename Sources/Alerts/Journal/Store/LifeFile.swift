import System
import SystemPackage

/// How the run before this one ended, as the journal's directory tells.
public struct PreviousRun: Equatable, Sendable {
  /// When it is known to have run last, in nanoseconds since 1970 UTC: its end, or of one that was killed a sign of life
  /// from up to a minute before.
  public var lastSeenNanoseconds: UInt64
  /// Whether it ended by itself, as when it was asked to.
  public var endedInOrder: Bool

  public init(lastSeenNanoseconds: UInt64, endedInOrder: Bool) {
    self.lastSeenNanoseconds = lastSeenNanoseconds
    self.endedInOrder = endedInOrder
  }
}

/// Until when an agent ran: a file that it writes once a minute, twice while alerts come, and at its end.
///
/// One thread at a time.
final class LifeFile {
  /// `nil` when there was none before, or what is there is no agent's.
  let previous: PreviousRun?
  private let file: NumberFile
  private var next: UInt64 = 0

  static let fileName = "life"
  private static let running = Array("WHALIVE1".utf8)
  private static let ended = Array("WHENDED1".utf8)
  private static let intervalNanoseconds: UInt64 = 30_000_000_000

  init(_ path: FilePath) throws(Errno) {
    file = try NumberFile(path)
    previous =
      switch try file.read() {
      case .number(let moment, Self.running): PreviousRun(lastSeenNanoseconds: moment, endedInOrder: false)
      case .number(let moment, Self.ended): PreviousRun(lastSeenNanoseconds: moment, endedInOrder: true)
      case .nothing, .number, .damaged: nil
      }
  }

  /// Writes that the agent runs now, or ends.
  /// - Parameters:
  ///   - nanoseconds: on any clock that nobody sets.
  ///   - time: the time of day now: the next run compares it with its own.
  func note(at nanoseconds: UInt64, time: UInt64 = Clock.realtimeNanoseconds, isEnd: Bool) throws(Errno) {
    guard isEnd || nanoseconds >= next else { return }
    try file.write(time, kind: isEnd ? Self.ended : Self.running)
    next = nanoseconds + Self.intervalNanoseconds
  }
}
