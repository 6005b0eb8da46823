import Synchronization
import System

/// What a sink's thread and the others tell each other. Any thread may call it.
final class DeliveryControl: Sendable {
  private struct State {
    var status = SinkStatus()
    var stopDeadline: UInt64?
    var mustReopen = false
    var hasEnded = false
  }

  private let state = Mutex(State())

  /// Has the loop end when all is delivered, or at this time of `Clock.monotonicNanoseconds`.
  func stop(deadline: UInt64) { state.withLock { $0.stopDeadline = deadline } }

  /// When the loop must end at the latest; `nil` while nobody has asked it to.
  var stopDeadline: UInt64? { state.withLock { $0.stopDeadline } }

  func requestReopening() { state.withLock { $0.mustReopen = true } }

  /// Whether reopening was asked for since the last call.
  func takeReopening() -> Bool {
    state.withLock { state in
      defer { state.mustReopen = false }
      return state.mustReopen
    }
  }

  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  func end() {
    state.withLock { state in
      state.hasEnded = true
      state.status.state = .stopped
    }
  }

  var status: SinkStatus { state.withLock { $0.status } }

  /// Adds the counts of `changes` to those of the status.
  func add(_ changes: SinkStatus) {
    state.withLock { state in
      state.status.delivered += changes.delivered
      state.status.refused += changes.refused
      state.status.filtered += changes.filtered
      state.status.retried += changes.retried
      state.status.shortened += changes.shortened
    }
  }

  func update(_ change: (inout SinkStatus) -> Void) { state.withLock { change(&$0.status) } }
}
