import Synchronization
import System
import SystemPackage

/// Processes through which a source can look into containers: the engine names one of each, the source takes them.
///
/// Any thread may call any method.
final class Witnesses: Sendable {
  /// More than these at once are dropped: the source finds them at its next look at all processes.
  private static let limit = 1024

  /// Rung when there are some.
  let bell: EventDescriptor
  private let waiting = Mutex<[Int32]>([])

  init() throws(Errno) { bell = try EventDescriptor() }

  /// Names a process.
  func post(_ pid: Int32) {
    waiting.withLock { if $0.count < Self.limit { $0.append(pid) } }
    bell.signal()
  }

  /// Those that were named since the last call.
  func take() -> [Int32] {
    bell.wait(milliseconds: 0)
    return waiting.withLock { pids in
      defer { pids.removeAll(keepingCapacity: true) }
      return pids
    }
  }
}
