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
  private let waiting = Mutex<[Witness]>([])

  init() throws(Errno) { bell = try EventDescriptor() }

  /// Names a process.
  /// - Parameter container: the id of the container that it is in.
  func post(_ pid: Int32, of container: [UInt8] = []) {
    waiting.withLock {
      if $0.count < Self.limit { $0.append(Witness(pid: pid, container: container)) }
    }
    bell.signal()
  }

  /// Those that were named since the last call.
  func take() -> [Witness] {
    bell.wait(milliseconds: 0)
    return waiting.withLock { witnesses in
      defer { witnesses.removeAll(keepingCapacity: true) }
      return witnesses
    }
  }
}

/// A process that shows what its container sees.
struct Witness: Sendable, Equatable {
  let pid: Int32
  let container: [UInt8]
}
