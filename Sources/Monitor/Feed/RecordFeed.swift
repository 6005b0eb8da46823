public import Events
import Synchronization

/// One source's way to the engine: its ring, the bell, and what it lost.
///
/// The source's reading side calls `push` or `offer`, one thread at a time; the engine drains `ring`.
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
  /// - Parameter isPressing: whether to wake the engine for it; otherwise the caller rings when it has said all.
  func push(_ record: borrowing RecordWriter, kind: RecordKind, isPressing: Bool) {
    if ring.push(record) {
      pushed.add(1, ordering: .relaxed)
      if isPressing { bell.ring() }
    } else {
      losses.count(.ringFull, of: kind)
      bell.ring()
    }
  }

  /// Wakes the engine.
  func wakeEngine() { bell.ring() }

  /// Hands a record over if there is room: for a source that can read again, and waits.
  /// - Returns: whether there was room.
  func offer(_ record: borrowing RecordWriter) -> Bool {
    guard ring.push(record) else {
      bell.ring()
      return false
    }
    pushed.add(1, ordering: .relaxed)
    bell.ring()
    return true
  }
}
