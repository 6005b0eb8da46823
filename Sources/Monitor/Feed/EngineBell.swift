import Synchronization
import System
import SystemPackage

/// Wakes the engine when it sleeps, and costs a source one load when it does not.
///
/// A wake-up costs 30 µs on a virtual machine, so the engine sleeps only when it is not needed more than once a
/// millisecond. Sources call `ring`, the engine's thread `sleep`.
final class EngineBell: Sendable {
  private let isAsleep = Atomic<Bool>(false)
  private let descriptor: EventDescriptor

  init() throws(Errno) { descriptor = try EventDescriptor() }

  /// Wakes the engine. Called after the record is in its ring.
  func ring() {
    // The fence orders the ring's store before this load; its partner is the fence in `sleep`. One of the two
    // sides sees the other: either we see the sleeper, or the sleeper sees our record.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    guard isAsleep.load(ordering: .relaxed), isAsleep.exchange(false, ordering: .acquiringAndReleasing) else {
      return
    }
    descriptor.signal()
  }

  /// Sleeps until `ring` was called or `milliseconds` have passed, unless `hasWork` finds something at once.
  func sleep(milliseconds: Int32, unless hasWork: () -> Bool) {
    isAsleep.store(true, ordering: .relaxed)
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if !hasWork() { descriptor.wait(milliseconds: milliseconds) }
    isAsleep.store(false, ordering: .relaxed)
  }
}
