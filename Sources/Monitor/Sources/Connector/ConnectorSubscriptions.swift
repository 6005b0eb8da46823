import Host
import Synchronization

/// The subscription to the kernel's process events that is at work, and one that stands by. Any thread may ask; the
/// reader that holds the lease replaces.
///
/// A subscription can end without the agent's doing, and without an error: who may trace the agent can take its socket
/// out of the group, put a filter before it, or close it. Another one cannot be had then without CAP_NET_ADMIN before
/// Linux 6.6, nor one with as large a buffer later. So the second one is made with the first, while the privilege is there, and
/// takes in nothing until it is wanted.
final class ConnectorSubscriptions: Sendable {
  private struct State {
    var current: ProcessConnector
    var reserve: ProcessConnector?
    var replacements = 0
    var isOff = false
  }

  private let state: Mutex<State>
  private let subscribe: @Sendable () throws(HostError) -> ProcessConnector

  /// - Parameter subscribe: makes a subscription, with what privileges there are.
  init(_ subscribe: @escaping @Sendable () throws(HostError) -> ProcessConnector) throws(HostError) {
    self.subscribe = subscribe
    let current = try subscribe()
    let reserve = try? subscribe()
    state = Mutex(State(current: current, reserve: reserve?.standBy() == true ? reserve : nil))
  }

  /// The one at work.
  var current: ProcessConnector { state.withLock { $0.current } }

  /// How often another one took over and heard what the kernel tells.
  var replacements: Int { state.withLock { $0.replacements } }

  /// Whether none is at work that hears anything.
  var isOff: Bool { state.withLock { $0.isOff } }

  /// Puts another in the place of the one at work: the reserve, or one that is made now.
  /// - Returns: what it has heard already, or `nil` when there is none.
  func replace() -> [ConnectorMessage]? {
    let reserve = state.withLock { $0.reserve.take() }
    if let reserve, reserve.wake() {
      state.withLock { $0.current = reserve }
      return []
    }
    guard let new = try? subscribe() else { return nil }
    state.withLock { $0.current = new }
    return new.earlyMessages
  }

  /// Takes note of what came of it.
  func settle(isHeard: Bool) {
    state.withLock { state in
      state.isOff = !isHeard
      if isHeard { state.replacements += 1 }
    }
  }
}
