// Unsafe: starts a POSIX thread; its context is retained here and released once, by the thread.

import CLinux
import Glibc
public import SystemPackage

/// A thread with a name that `ps -L` shows, joined once. See pthread_create(3).
///
/// The agent's threads are all made here: one per source, one engine, one per sink.
public struct NamedThread: ~Copyable, Sendable {
  private let handle: pthread_t

  /// Starts `body` on a new thread.
  /// - Parameters:
  ///   - name: at most 15 bytes; longer names are cut.
  ///   - stackBytes: the stack's size; glibc's 8 MiB are only reserved, but count for limits.
  /// - Throws: `Errno.resourceTemporarilyUnavailable` when a limit on threads is reached.
  public init(
    _ name: String, stackBytes: Int = 512 << 10, _ body: @escaping @Sendable () -> Void
  ) throws(Errno) {
    let start = Start(name: String(decoding: name.utf8.prefix(15), as: UTF8.self), body: body)
    let context = unsafe Unmanaged.passRetained(start)
    var attributes = pthread_attr_t()
    _ = unsafe pthread_attr_init(&attributes)
    defer { _ = unsafe pthread_attr_destroy(&attributes) }
    _ = unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    var thread = pthread_t()
    // SAFETY: the retained Start is taken over by the new thread, or released below when there is none.
    let result = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        _ = unsafe start.name.withCString { unsafe wh_set_thread_name($0) }
        start.body()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      unsafe context.release()
      throw Errno(rawValue: result)
    }
    handle = thread
  }

  /// Waits until the thread has ended.
  public consuming func join() {
    // The handle is joined once, since this consumes it.
    _ = pthread_join(handle, nil)
    discard self
  }

  deinit { _ = pthread_detach(handle) }

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
