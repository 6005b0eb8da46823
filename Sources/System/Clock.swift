// Unsafe: asks the kernel for the time through a pointer to a local.

import Glibc

/// The kernel's clocks in nanoseconds. Any thread may ask. See clock_gettime(2).
public enum Clock {
  /// CLOCK_MONOTONIC: the clock of record stamps; stands still while the machine sleeps.
  public static var monotonicNanoseconds: UInt64 { nanoseconds(CLOCK_MONOTONIC) }

  /// CLOCK_BOOTTIME: the clock of process start times; runs on while the machine sleeps.
  public static var bootNanoseconds: UInt64 { nanoseconds(CLOCK_BOOTTIME) }

  /// CLOCK_REALTIME: nanoseconds since 1970 UTC; may jump.
  public static var realtimeNanoseconds: UInt64 { nanoseconds(CLOCK_REALTIME) }

  /// CPU time that the calling thread has used.
  public static var threadCPUNanoseconds: UInt64 { nanoseconds(CLOCK_THREAD_CPUTIME_ID) }

  /// CPU time that the whole process has used.
  public static var processCPUNanoseconds: UInt64 { nanoseconds(CLOCK_PROCESS_CPUTIME_ID) }

  /// Ticks a second of the start times in /proc (USER_HZ; 100 on every supported host). See sysconf(3).
  public static let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

  // SAFETY: the timespec outlives the call, and these clocks exist on every supported kernel.
  private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension Clock {
  /// Lets the calling thread sleep; a signal may end it early. See nanosleep(2).
  public static func sleep(milliseconds: UInt32) { sleep(microseconds: milliseconds * 1000) }

  /// The same, more finely.
  public static func sleep(microseconds: UInt32) { usleep(microseconds) }
}
