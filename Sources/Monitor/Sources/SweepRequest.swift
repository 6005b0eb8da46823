import Synchronization
import System
import SystemPackage

/// Asks the sweep to look at once, after something was lost, and tells how far it is. Any thread may ask; the sweep waits.
final class SweepRequest: Sendable {
  private let bell: EventDescriptor
  private let firstPass = Atomic<Bool>(false)

  init() throws(Errno) { bell = try EventDescriptor() }

  /// Whether the first pass is over: what every process has inherited from older ones is known from then on.
  var firstPassIsOver: Bool { firstPass.load(ordering: .relaxed) }

  func endFirstPass() { firstPass.store(true, ordering: .relaxed) }

  /// The sweep begins its next pass now.
  func request() { bell.signal() }

  /// Sleeps until a pass is asked for or `milliseconds` have passed.
  /// - Returns: whether one was asked for.
  func wait(milliseconds: Int32) -> Bool { bell.wait(milliseconds: milliseconds) }
}
