import Glibc
import SystemPackage

/// A file of the kernel that stays open, for one that is read again and again: of a cgroup a read costs 0.5 µs instead of
/// the 6 µs of opening, reading and closing (measured). It does not keep what it tells of from being removed.
///
/// One thread at a time.
public final class KeptFile {
  private let descriptor: Int32

  /// Takes over `descriptor`, which must be open.
  init(taking descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Reads the file anew, at most so many bytes of it; `.failed` once what it tells of has gone: ENODEV of a cgroup,
  /// ENOENT of a setting.
  public func read(limit: Int = 64 << 10, into buffer: inout ReadBuffer) -> ReadOutcome {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      buffer.clear()
      return .failed(Errno(rawValue: errno))
    }
    return buffer.fill(from: descriptor, limit: limit, endsAtShortRead: true)
  }
}
