import System
import SystemPackage

/// Asks the sweep to look at once, after something was lost. Any thread may ask; the sweep waits.
final class SweepRequest: Sendable {
  private let bell: EventDescriptor

  init() throws(Errno) { bell = try EventDescriptor() }

  /// The sweep begins its next pass now.
  func request() { bell.signal() }

  /// Sleeps until a pass is asked for or `milliseconds` have passed.
  /// - Returns: whether one was asked for.
  func wait(milliseconds: Int32) -> Bool { bell.wait(milliseconds: milliseconds) }
}
