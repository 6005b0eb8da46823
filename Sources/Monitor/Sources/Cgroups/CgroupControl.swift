import Synchronization
import System
import SystemPackage

/// The cgroup source's stop switch, and how its thread is doing. Any thread may use it.
final class CgroupControl: Sendable {
  /// Ends the thread's sleep.
  let bell: EventDescriptor
  private let stopping = Atomic<Bool>(false)
  private let watching = Atomic<Bool>(false)
  private let ended = Atomic<Bool>(false)
  private let interval = Atomic<UInt64>(0)
  private let figures = Atomic<UInt64>(0)

  init() throws(Errno) { bell = try EventDescriptor() }

  var isStopping: Bool { stopping.load(ordering: .acquiring) }
  /// Whether everything that was there at the start is known, and watched.
  var isWatching: Bool { watching.load(ordering: .acquiring) }
  var hasEnded: Bool { ended.load(ordering: .acquiring) }
  /// Nanoseconds between two polls of version 1; 0 when there are none.
  var pollInterval: UInt64 { interval.load(ordering: .relaxed) }
  /// Nanoseconds between two readings of the figures; 0 before the first.
  var figureInterval: UInt64 { figures.load(ordering: .relaxed) }

  func stop() {
    stopping.store(true, ordering: .releasing)
    bell.signal()
  }

  func noteWatching() { watching.store(true, ordering: .releasing) }
  func noteEnd() { ended.store(true, ordering: .releasing) }
  func setFigureInterval(_ nanoseconds: UInt64) { figures.store(nanoseconds, ordering: .relaxed) }
  func setPollInterval(_ nanoseconds: UInt64) { interval.store(nanoseconds, ordering: .relaxed) }
}
