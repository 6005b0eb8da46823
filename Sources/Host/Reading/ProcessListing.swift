// Unsafe: the system call getdents64.
import CLinux
import Glibc
import SystemPackage

/// The processes that `/proc` lists, without an allocation for each.
///
/// They come as the kernel yields them: by ascending number on a live host, in any order from a fixture tree. One
/// that starts or ends during the listing may be in it or not. One thread at a time. See getdents64(2).
public struct ProcessListing: ~Copyable, Sendable {
  private let directory: FileDescriptor
  private let path: String
  private var entries: [UInt8]
  private var position = 0
  private var end = 0

  /// Opens the listing; the first `next` begins it.
  public init(root: HostRoot) throws(HostError) {
    path = root.path("/proc")
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    let raw = unsafe wh_open_file(path)
    guard raw >= 0 else { throw .cannotList(path: path, Errno(rawValue: errno)) }
    directory = FileDescriptor(rawValue: raw)
    entries = [UInt8](repeating: 0, count: 32 << 10)
  }

  deinit { try? directory.close() }

  /// Begins again from the front.
  public mutating func restart() throws(HostError) {
    position = 0
    end = 0
    guard lseek(directory.rawValue, 0, SEEK_SET) == 0 else { throw failure() }
  }

  /// The next process; `nil` at the end.
  public mutating func next() throws(HostError) -> Int32? {
    while true {
      if position == end, try !fill() { return nil }
      let entry = position
      let length =
        Int(entries[entry + Int(WH_DIRENT_LENGTH)]) | Int(entries[entry + Int(WH_DIRENT_LENGTH) + 1]) << 8
      position = min(end, entry + max(length, Int(WH_DIRENT_NAME) + 1))
      if let pid = pid(at: entry + Int(WH_DIRENT_NAME)) { return pid }
    }
  }

  /// - Returns: whether there are more entries.
  private mutating func fill() throws(HostError) -> Bool {
    // SAFETY: the kernel writes at most `count` bytes, whole entries.
    let filled = unsafe wh_read_directory(directory.rawValue, &entries, entries.count)
    guard filled >= 0 else { throw failure() }
    position = 0
    end = filled
    return filled > 0
  }

  /// The number that an entry's name is; `nil` for names such as `self`.
  private func pid(at start: Int) -> Int32? {
    var cursor = ByteCursor(start, end)
    guard let pid = cursor.decimal(entries.span, as: UInt32.self), cursor.takes(0, in: entries.span) else {
      return nil
    }
    return Int32(exactly: pid)
  }

  private func failure() -> HostError { .cannotList(path: path, Errno(rawValue: errno)) }
}
