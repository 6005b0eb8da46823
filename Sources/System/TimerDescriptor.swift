// Unsafe: one read(2) into a local.

import CLinux
import Glibc
public import SystemPackage

/// A timer that fires once after it was set, and that several threads may wait for: one of them wakes.
///
/// Any thread may call any method. See timerfd_create(2).
public struct TimerDescriptor: ~Copyable, Sendable {
  private let descriptor: FileDescriptor

  public init() throws(Errno) {
    let raw = wh_timerfd()
    guard raw >= 0 else { throw Errno(rawValue: errno) }
    descriptor = FileDescriptor(rawValue: raw)
  }

  deinit { try? descriptor.close() }

  /// Fires once, `nanoseconds` from now; replaces an earlier setting.
  public borrowing func set(nanoseconds: UInt64) {
    // 0 would disarm. The call fails only for a descriptor that is no timer.
    _ = wh_timerfd_set(descriptor.rawValue, max(1, nanoseconds))
  }

  /// Does not fire any more.
  public borrowing func disarm() { _ = wh_timerfd_set(descriptor.rawValue, 0) }

  /// Sleeps until the timer has fired.
  public borrowing func wait() {
    var expirations: UInt64 = 0
    // SAFETY: eight bytes of a local. EINTR ends the wait early, which callers allow for.
    _ = unsafe Glibc.read(descriptor.rawValue, &expirations, 8)
  }
}
