import Glibc
import Synchronization

/// One thread waits here until another opens.
final class Gate: Sendable {
  private let isOpen = Atomic(false)

  func open() { isOpen.store(true, ordering: .releasing) }

  func wait() {
    while !isOpen.load(ordering: .acquiring) { sched_yield() }
  }
}
