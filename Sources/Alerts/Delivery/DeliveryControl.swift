import Synchronization
import System

/// What a sink's thread and the others tell each other. Any thread may call it.
final class DeliveryControl: Sendable {
  private struct State {
    var status = SinkStatus()
    var stopDeadline: UInt64?
    var mustReopen = false
    var mustLook = false
    var life = Life.running
    var progress = DeliveryProgress()
  }

  private enum Life {
    case running
    /// The thread has ended, and another is to go on.
    case outdated
    case ended
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

  /// Has the loop look whether files that it is confined to were replaced.
  /// - Returns: whether it must be woken for that: one that has no open sink looks by itself.
  func requestLook() -> Bool {
    state.withLock { state in
      state.mustLook = state.status.state == .open
      return state.mustLook
    }
  }

  /// Whether a look was asked for since the last call.
  func takeLook() -> Bool {
    state.withLock { state in
      defer { state.mustLook = false }
      return state.mustLook
    }
  }

  var hasEnded: Bool { state.withLock { $0.life != .running } }

  func end() {
    state.withLock { state in
      state.life = .ended
      state.status.state = .stopped
    }
  }

  /// The thread ends, and has another go on from here.
  /// - Returns: `false` once the end was asked for: whoever did so may have looked for such threads already.
  func handOver(_ progress: DeliveryProgress) -> Bool {
    state.withLock { state in
      guard state.stopDeadline == nil else { return false }
      state.life = .outdated
      state.progress = progress
      state.status.state = .waiting
      return true
    }
  }

  /// Where the thread begins.
  var progress: DeliveryProgress { state.withLock { $0.progress } }

  /// Whether another thread is to go on.
  var isOutdated: Bool { state.withLock { $0.life == .outdated } }

  /// Another thread goes on.
  func resume() {
    state.withLock { state in
      state.life = .running
      state.mustLook = false
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

/// What a loop that goes on on another thread must know, so that nothing is counted twice.
struct DeliveryProgress: Sendable {
  var unsettled = UnsettledAlerts()
  var counted = CountedAlerts()
}

/// Up to which number alerts were counted for what happened to them.
struct CountedAlerts: Sendable {
  var shortened: UInt64 = 0
  /// May have reached the receiver.
  var attempted: UInt64 = 0
  /// Were sent once more.
  var resent: UInt64 = 0
}
