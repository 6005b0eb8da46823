// Unsafe: the system calls getdents64 and openat2.
import CLinux
import Glibc
import SystemPackage

extension HostRoot {
  /// Whether a directory of the host is a place where something is mounted as soon as it is opened, by a process that
  /// may be slow, or hang. This opens nothing.
  func isAutomount(_ path: String) -> Bool {
    // SAFETY, of both calls: a Swift string passed to C is ended by NUL and outlives the call.
    let root = unsafe wh_open_root(self.path("/"))
    guard root >= 0 else { return false }
    defer { close(root) }
    return unsafe wh_is_automount_below(root, path) == 1
  }

  /// Appends the names in a directory of the host, in no order, without `.` and `..`. Below a root that is not `/` no
  /// link leads out of it. See getdents64(2).
  /// - Parameters:
  ///   - path: absolute on the host.
  ///   - limit: at most so many names are appended; more make the outcome `.truncated`.
  func list(_ path: String, limit: Int, into names: inout [[UInt8]]) -> ReadOutcome {
    do throws(Errno) {
      let directory = try openDirectory(path)
      defer { close(directory) }
      var entries = [UInt8](repeating: 0, count: 8 << 10)
      while true {
        // SAFETY: the kernel writes at most `count` bytes, whole entries.
        let filled = unsafe wh_read_directory(directory, &entries, entries.count)
        guard filled >= 0 else { throw Errno(rawValue: errno) }
        guard filled > 0 else { return .complete }
        guard Self.append(entries.span.extracting(0..<filled), limit: limit, to: &names) else {
          return .truncated
        }
      }
    } catch {
      return ReadOutcome(error)
    }
  }

  /// - Returns: whether there was room for all.
  private static func append(_ entries: Span<UInt8>, limit: Int, to names: inout [[UInt8]]) -> Bool {
    var start = 0
    while start + Int(WH_DIRENT_NAME) < entries.count {
      let length = Int(entries.word(at: start + Int(WH_DIRENT_LENGTH), width: 2))
      let end = min(entries.count, start + max(length, Int(WH_DIRENT_NAME) + 1))
      let first = start + Int(WH_DIRENT_NAME)
      let name = entries.copy(first..<(entries.firstIndex(of: 0, from: first, to: end) ?? end))
      start = end
      guard !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) else { continue }
      guard names.count < limit else { return false }
      names.append(name)
    }
    return true
  }
}
