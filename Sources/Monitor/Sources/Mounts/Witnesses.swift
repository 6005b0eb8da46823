import Events
import Synchronization
import System
import SystemPackage

/// Processes through which a source can look into containers: the engine names one of each, the source takes them.
///
/// Any thread may call any method.
final class Witnesses: Sendable {
  /// More than these at once are dropped and counted: the source finds them at its next look at all processes.
  static let limit = 1024

  private struct State {
    var waiting: [Witness] = []
    /// Where what is dropped is counted; there is a source that takes them then.
    var losses: LossCounters?
  }

  /// Rung when there are some.
  let bell: EventDescriptor
  private let state = Mutex(State())

  init() throws(Errno) { bell = try EventDescriptor() }

  /// Names a process.
  /// - Parameter container: the id of the container that it is in.
  func post(_ pid: Int32, of container: [UInt8] = []) {
    state.withLock { state in
      if state.waiting.count < Self.limit {
        state.waiting.append(Witness(pid: pid, container: container))
      } else {
        state.losses?.count(.requestDropped)
      }
    }
    bell.signal()
  }

  /// Those that were named since the last call.
  func take() -> [Witness] {
    bell.wait(milliseconds: 0)
    return state.withLock { state in
      defer { state.waiting.removeAll(keepingCapacity: true) }
      return state.waiting
    }
  }

  /// Those that are dropped are counted from now on. Before the source's threads run.
  func beginService(losses: LossCounters) { state.withLock { $0.losses = losses } }
}

/// A process that shows what its container sees.
struct Witness: Sendable, Equatable {
  let pid: Int32
  let container: [UInt8]
}
