// Unsafe: signal set calls on locals.
import Glibc

/// Signals that a thread takes one by one, instead of being interrupted by them. See sigwaitinfo(2).
///
/// Made on the main thread before any other exists: threads inherit that the signals are blocked.
public struct SignalQueue: Sendable {
  private let signals: [Int32]

  /// Blocks these signals on the calling thread.
  public init(_ signals: [Int32]) {
    self.signals = signals
    var set = Self.set(of: signals)
    // SAFETY: a local; SIG_BLOCK with a valid set cannot fail.
    _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Sleeps until one of the signals comes or `nanoseconds` have passed; `nil` for ever.
  /// - Returns: the signal; `nil` when the time is over.
  public func next(within nanoseconds: UInt64?) -> Int32? {
    var set = Self.set(of: signals)
    let deadline = nanoseconds.map { Clock.monotonicNanoseconds &+ $0 }
    while true {
      let now = Clock.monotonicNanoseconds
      let left = deadline.map { $0 > now ? $0 - now : 0 } ?? 3_600_000_000_000
      var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
      // SAFETY: two locals; the kernel's report of who sent it is not asked for.
      let signal = unsafe sigtimedwait(&set, nil, &time)
      if signal > 0 { return signal }
      if let deadline, Clock.monotonicNanoseconds >= deadline { return nil }
    }
  }

  private static func set(of signals: [Int32]) -> sigset_t {
    var set = sigset_t()
    // SAFETY: the set is a local.
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    return set
  }
}
