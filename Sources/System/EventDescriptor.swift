// Unsafe: system calls on a descriptor that the type owns, with pointers to locals.

import CLinux
import Glibc
public import SystemPackage

/// An eventfd: one thread sleeps on it, others wake it. See eventfd(2).
///
/// `signal` may be called from any thread; `wait` belongs to the one sleeper.
public struct EventDescriptor: ~Copyable, Sendable {
  public let descriptor: FileDescriptor

  public init() throws(Errno) {
    let raw = wh_eventfd()
    guard raw >= 0 else { throw Errno(rawValue: errno) }
    descriptor = FileDescriptor(rawValue: raw)
  }

  deinit { try? descriptor.close() }

  /// Wakes the sleeper, or lets its next `wait` return at once.
  public borrowing func signal() {
    var one: UInt64 = 1
    // SAFETY: eight bytes of a local; EAGAIN means the counter is full, so the sleeper is awake anyway.
    _ = unsafe Glibc.write(descriptor.rawValue, &one, 8)
  }

  /// Sleeps until `signal` was called or `milliseconds` have passed (-1: for ever).
  /// - Returns: whether it was signalled.
  @discardableResult
  public borrowing func wait(milliseconds: Int32) -> Bool {
    var poll = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    // SAFETY: one pollfd, a local; an interrupted sleep is a spurious wake-up, which callers allow for.
    guard unsafe Glibc.poll(&poll, 1, milliseconds) > 0 else { return false }
    var count: UInt64 = 0
    // SAFETY: eight bytes of a local.
    _ = unsafe Glibc.read(descriptor.rawValue, &count, 8)
    return true
  }
}
