import CLinux

/// Gives memory back that the process has freed, once a while. One thread uses it.
///
/// glibc keeps what was freed for the next allocation, in an arena for each few threads, and gives back no more than the
/// end of one: after a storm the agent would stay as large as it was in the storm, and in a long life the pages that are
/// free between others become more and more. What is needed again costs a page fault each. While an arena is looked
/// through its threads wait when they allocate: some microseconds for each free page. See malloc_trim(3).
public struct HeapTrimmer {
  /// Nanoseconds from one time to the next.
  public static let intervalNanoseconds: UInt64 = 60_000_000_000

  private var next: UInt64

  /// - Parameter now: the time, as `Clock.monotonicNanoseconds` has it.
  public init(now: UInt64 = Clock.monotonicNanoseconds) { next = now + Self.intervalNanoseconds }

  /// Gives back what is free if that was not done for a minute.
  /// - Returns: whether it was done now.
  @discardableResult
  public mutating func trimIfDue(now: UInt64 = Clock.monotonicNanoseconds) -> Bool {
    guard now >= next else { return false }
    next = now + Self.intervalNanoseconds
    _ = wh_trim_heap()
    return true
  }
}
