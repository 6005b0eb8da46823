public import Events
import Synchronization

/// How often something was lost, by reason and by what kind of record it was.
///
/// Any thread counts and reads. Counting takes a lock, which nobody holds for long: losing is rare.
public final class LossCounters: Sendable {
  public struct Key: Hashable, Sendable {
    public let reason: LossReason
    /// The kind of record that was lost; `nil` when nobody knows, as for messages the kernel dropped.
    public let kind: RecordKind?
  }

  private let counts = Mutex<[Key: UInt64]>([:])
  private let total = Atomic<UInt64>(0)

  init() {}

  func count(_ reason: LossReason, of kind: RecordKind? = nil, by amount: UInt64 = 1) {
    guard amount > 0 else { return }
    counts.withLock { $0[Key(reason: reason, kind: kind), default: 0] += amount }
    total.add(amount, ordering: .relaxed)
  }

  /// Every counter that is not 0.
  public var all: [Key: UInt64] { counts.withLock { $0 } }

  /// The sum over all counters: tells cheaply whether anything was counted since.
  var sum: UInt64 { total.load(ordering: .relaxed) }
}
