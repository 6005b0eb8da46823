// Unsafe: the system calls open, read and readlink.
import CLinux
import Glibc
import SystemPackage

/// The bytes of one kernel file, in memory that is used again for the next.
///
/// One reader owns it; one thread at a time. It grows to the largest file read and stays so; nothing else allocates.
public struct ReadBuffer: ~Copyable, Sendable {
  private var storage: [UInt8]
  /// How many bytes the last read brought; 0 when it failed.
  public private(set) var count = 0

  /// - Parameter capacity: bytes to begin with; a page holds nearly every file of `/proc/PID`.
  public init(capacity: Int = 4096) {
    storage = [UInt8](repeating: 0, count: max(64, capacity))
  }

  /// Lends the bytes of the last read.
  public borrowing func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(storage.span.extracting(0..<count))
  }

  /// Forgets what was read.
  public mutating func clear() { count = 0 }

  /// Reads a file whole.
  /// - Parameter path: ended by NUL.
  mutating func readFile(_ path: [UInt8], limit: Int, endsAtShortRead: Bool) -> ReadOutcome {
    count = 0
    // SAFETY: the path is ended by NUL and outlives the call.
    let descriptor = unsafe wh_open_file(path)
    guard descriptor >= 0 else { return ReadOutcome(Errno(rawValue: errno)) }
    defer { close(descriptor) }
    return fill(from: descriptor, limit: limit, endsAtShortRead: endsAtShortRead)
  }

  /// Reads the target of a symbolic link. The kernel gives at most a page. See readlink(2).
  /// - Parameter path: ended by NUL.
  mutating func readLink(_ path: [UInt8]) -> ReadOutcome {
    count = 0
    // SAFETY: the path is ended by NUL; the kernel writes at most `storage.count` bytes.
    let length = unsafe wh_read_link(path, &storage, storage.count)
    guard length >= 0 else { return ReadOutcome(Errno(rawValue: errno)) }
    count = length
    return length < storage.count ? .complete : .truncated
  }

  /// Reads what is left of an open file.
  /// - Parameters:
  ///   - limit: at most so many bytes are kept.
  ///   - endsAtShortRead: whether a read that brings less than asked for has reached the end, which saves the
  ///     second call. True of files that the kernel makes in one piece, not of those it makes record by record.
  mutating func fill(from descriptor: Int32, limit: Int, endsAtShortRead: Bool) -> ReadOutcome {
    // One byte above the limit tells a file of just that size from a larger one.
    let ceiling = limit + 1
    count = 0
    while true {
      if count == storage.count { grow(to: min(ceiling, 2 * storage.count)) }
      let room = min(storage.count, ceiling) - count
      // SAFETY: `room` bytes lie between `count` and the end of the storage.
      let received = unsafe storage.withUnsafeMutableBytes { bytes in
        unsafe read(descriptor, bytes.baseAddress! + count, room)
      }
      if received < 0 {
        let error = Errno(rawValue: errno)
        if error == .interrupted { continue }
        count = 0
        return ReadOutcome(error)
      }
      count += received
      if count == ceiling {
        count = limit
        return .truncated
      }
      if received == 0 || (endsAtShortRead && received < room) { return .complete }
    }
  }

  private mutating func grow(to capacity: Int) {
    storage.append(contentsOf: repeatElement(0, count: capacity - storage.count))
  }
}
