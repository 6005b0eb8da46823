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

  private struct Tally {
    var count: UInt64 = 0
    /// When the first that was not asked for yet began, where that is known.
    var began: UInt64?
  }

  private let tallies = Mutex<[Key: Tally]>([:])
  private let total = Atomic<UInt64>(0)

  init() {}

  /// - Parameter began: CLOCK_MONOTONIC nanoseconds at which the loss began, where it is known only afterwards.
  func count(
    _ reason: LossReason, of kind: RecordKind? = nil, by amount: UInt64 = 1, since began: UInt64? = nil
  ) {
    guard amount > 0 else { return }
    tallies.withLock { tallies in
      var tally = tallies[Key(reason: reason, kind: kind)] ?? Tally()
      tally.count += amount
      tally.began = [tally.began, began].compactMap(\.self).min()
      tallies[Key(reason: reason, kind: kind)] = tally
    }
    total.add(amount, ordering: .relaxed)
  }

  /// Every counter that is not 0.
  public var all: [Key: UInt64] { tallies.withLock { $0.mapValues(\.count) } }

  /// When the first loss of this key since the last call began; `nil` when that was when it was counted.
  func takeBeginning(of key: Key) -> UInt64? {
    tallies.withLock { tallies in
      defer { tallies[key]?.began = nil }
      return tallies[key]?.began
    }
  }

  /// The sum over all counters: tells cheaply whether anything was counted since.
  var sum: UInt64 { total.load(ordering: .relaxed) }
}
