import Events
import Host
import Synchronization
import System
import SystemPackage

/// One container of which more is to be known.
struct ContainerRequest: Sendable, Hashable {
  /// Its id, as the cgroup's path claims it; `nil` for what the path claims innermost.
  var id: [UInt8]?
  /// The path of its cgroup, from the root of the hierarchy.
  var cgroup: [UInt8]
  /// Whether an answer is waited for, be it that nothing is known; otherwise a container that is known is passed over.
  var mustAnswer: Bool
}

/// A process of a runtime's, whose arguments say where its daemon keeps its files. Only what root runs on the host
/// itself may be one.
struct RuntimeProcess: Sendable {
  var pid: Int32
  var arguments: [UInt8]
}

/// What readers and the engine want to know of containers: any thread asks, the source of container metadata answers.
///
/// Bounded: a request beyond the limit is dropped and counted, and whoever waits for its answer waits in vain for a while.
final class ContainerRequests: Sendable {
  static let limit = 4096
  private static let processLimit = 256

  private struct State {
    var requests: [ContainerRequest] = []
    /// The same, to see at once whether one is there: who asks has no time.
    var asked: Set<ContainerRequest> = []
    var processes: [RuntimeProcess] = []
    var places: [StatePlace] = []
    /// Where what is dropped is counted; there is somebody who answers then.
    var losses: LossCounters?
  }

  private let state = Mutex(State())
  /// Whether somebody answers.
  private let isServed = Atomic<Bool>(false)
  private let placesVersion = Atomic<Int>(0)
  private let bell: EventDescriptor

  init() throws(Errno) { bell = try EventDescriptor() }

  // MARK: - Asking

  /// Asks for what is known of a container; costs a load when nobody answers.
  func request(_ request: ContainerRequest) {
    guard isServed.load(ordering: .relaxed) else { return }
    let isNew = state.withLock { state in
      guard state.requests.count < Self.limit else {
        if !state.asked.contains(request) { state.losses?.count(.requestDropped) }
        return false
      }
      guard state.asked.insert(request).inserted else { return false }
      state.requests.append(request)
      return true
    }
    if isNew { bell.signal() }
  }

  /// Tells of a process that may know other places.
  func note(_ process: RuntimeProcess) {
    guard isServed.load(ordering: .relaxed) else { return }
    state.withLock { state in
      if state.processes.count < Self.processLimit {
        state.processes.append(process)
      } else {
        state.losses?.count(.requestDropped)
      }
    }
    bell.signal()
  }

  /// The places of state files beside the standard ones; `nil` when there are no others than in `version`.
  func places(since version: inout Int) -> [StatePlace]? {
    // acquire: the partner of `publish`; its places are behind the lock anyway.
    let now = placesVersion.load(ordering: .acquiring)
    guard now != version else { return nil }
    version = now
    return state.withLock { $0.places }
  }

  // MARK: - Answering

  /// From now on requests are kept. Before the source's threads run.
  /// - Parameter losses: counts those that are dropped.
  func beginService(losses: LossCounters) {
    state.withLock { $0.losses = losses }
    isServed.store(true, ordering: .relaxed)
  }

  /// Takes what was asked for since the last call.
  func take() -> (requests: [ContainerRequest], processes: [RuntimeProcess]) {
    state.withLock { state in
      defer { (state.requests, state.asked, state.processes) = ([], [], []) }
      return (state.requests, state.processes)
    }
  }

  /// Tells readers where else state files may lie.
  func publish(_ places: [StatePlace]) {
    state.withLock { $0.places = places }
    placesVersion.add(1, ordering: .releasing)
  }

  /// Sleeps until something is asked for or `milliseconds` have passed.
  func wait(milliseconds: Int32) { bell.wait(milliseconds: milliseconds) }

  /// Ends the wait.
  func wake() { bell.signal() }
}
