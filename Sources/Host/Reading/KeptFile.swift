import Glibc
import SystemPackage

/// A file of a cgroup that stays open, for one that is read again and again: a read costs 0.5 µs instead of the 6 µs of
/// opening, reading and closing (measured). It does not keep the cgroup from being removed.
///
/// One thread at a time.
public final class KeptCgroupFile {
  private let descriptor: Int32

  /// Takes over `descriptor`, which must be open.
  init(taking descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Reads the file anew; `.failed` (ENODEV) once the cgroup has gone.
  public func read(into buffer: inout ReadBuffer) -> ReadOutcome {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      buffer.clear()
      return .failed(Errno(rawValue: errno))
    }
    return buffer.fill(from: descriptor, limit: 64 << 10, endsAtShortRead: true)
  }
}
