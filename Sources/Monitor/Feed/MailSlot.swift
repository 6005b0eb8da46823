import Synchronization

/// Room for one value that is larger than a record; a new one replaces the one that nobody took.
///
/// A source puts, the engine takes after the notice in the ring; any thread may do either.
final class MailSlot<Value: Sendable>: Sendable {
  private let slot = Mutex<Value?>(nil)

  func put(_ value: Value) { slot.withLock { $0 = value } }

  func take() -> Value? {
    slot.withLock { value in
      defer { value = nil }
      return value
    }
  }
}
