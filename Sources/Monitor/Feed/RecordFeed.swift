public import Events
import Glibc
import Synchronization

/// One source's way to the engine: its ring, the bell, and what it lost.
///
/// The source's reading side calls `push` or `pushWaiting`, one thread at a time; the engine drains `ring`.
public final class RecordFeed: Sendable {
  public let source: SourceID
  public let losses = LossCounters()
  let ring: Ring
  private let bell: EngineBell
  private let pushed = Atomic<UInt64>(0)

  init(source: SourceID, capacityBytes: Int, bell: EngineBell) {
    self.source = source
    self.bell = bell
    ring = Ring(capacityBytes: capacityBytes)
  }

  /// Records that came through so far.
  public var recordCount: UInt64 { pushed.load(ordering: .relaxed) }

  /// Hands a record over without waiting: a source that the kernel pushes never waits. A full ring loses it, counted.
  func push(_ record: borrowing RecordWriter, kind: RecordKind) {
    if ring.push(record) {
      pushed.add(1, ordering: .relaxed)
      bell.ring()
    } else {
      losses.count(.ringFull, of: kind)
    }
  }

  /// Hands a record over, waiting for room: for a source that can read again.
  /// - Parameter isStopped: asked once a millisecond; the record is dropped when it says so, as the agent ends.
  func pushWaiting(_ record: borrowing RecordWriter, unless isStopped: () -> Bool) {
    while !ring.push(record) {
      bell.ring()
      if isStopped() { return }
      usleep(1000)
    }
    pushed.add(1, ordering: .relaxed)
    bell.ring()
  }
}
