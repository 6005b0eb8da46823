import System

/// Whether a reader may afford details: above 30 % of a core for a second it takes bare records only, until it falls.
///
/// A fork bomb must not make the agent the attacker. One thread uses it.
struct ShedMeter {
  static let windowNanoseconds: UInt64 = 1_000_000_000
  /// How often the CPU time is looked at.
  static let lookNanoseconds: UInt64 = windowNanoseconds / 20
  /// Share of a core above which details are left out, in percent.
  static let limitPercent: UInt64 = 30
  /// Share below which they are read again; bare records alone cost less than this up to about 5,000 execs a second.
  static let resumePercent: UInt64 = 15

  private(set) var isShedding = false
  private var windowBegan: UInt64
  private var nextLook: UInt64
  private var cpuAtBegin: UInt64

  init(now: UInt64, cpu: UInt64) {
    windowBegan = now
    nextLook = now + Self.lookNanoseconds
    cpuAtBegin = cpu
  }

  /// Whether to ask for the CPU time at all: it costs a system call.
  func isDue(_ now: UInt64) -> Bool { now >= nextLook }

  /// Takes the thread's CPU time into account.
  /// - Parameters:
  ///   - now: CLOCK_MONOTONIC nanoseconds.
  ///   - cpu: nanoseconds of CPU time that the thread has used.
  mutating func update(now: UInt64, cpu: UInt64) {
    nextLook = now + Self.lookNanoseconds
    let elapsed = now &- windowBegan
    guard elapsed > 0 else { return }
    let used = (cpu &- cpuAtBegin) &* 100
    if elapsed >= Self.windowNanoseconds {
      isShedding = used > elapsed * (isShedding ? Self.resumePercent : Self.limitPercent)
      windowBegan = now
      cpuAtBegin = cpu
    } else if !isShedding, used > Self.windowNanoseconds * Self.limitPercent {
      // The second's allowance is used up before the second is over.
      isShedding = true
      windowBegan = now
      cpuAtBegin = cpu
    }
  }
}
