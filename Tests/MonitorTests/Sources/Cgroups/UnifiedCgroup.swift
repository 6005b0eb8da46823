// Unsafe: access, rmdir and lstat, on Swift strings.
import Glibc
import Host
import System
import SystemPackage

/// A cgroup of a test's own in this machine's tree of version 2, removed when this object goes.
final class UnifiedCgroup {
  /// The path from the root of the tree.
  let path: String
  private let directory: FilePath

  private static let mount = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].first {
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    unsafe access($0 + "/cgroup.controllers", F_OK) == 0 && access($0, W_OK) == 0
  }

  static var isPossible: Bool { mount != nil }

  init(_ name: String) throws {
    guard let mount = Self.mount else { throw Errno.noSuchFileOrDirectory }
    path = "/" + name
    directory = FilePath(mount + path)
    try Directory.make(directory)
  }

  deinit { try? remove() }

  func write(_ text: String, to file: String) throws {
    let file = try FileDescriptor.open(directory.appending(file), .writeOnly)
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
  }

  func remove() throws {
    // SAFETY: as above.
    guard unsafe rmdir(directory.string) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Words that the kernel has for a watch on one of its files.
  func watchWords(_ file: String) throws -> String {
    var status = stat()
    // SAFETY: as above; fills a local.
    guard unsafe lstat(directory.appending(file).string, &status) == 0 else { throw Errno(rawValue: errno) }
    return "ino:\(String(status.st_ino, radix: 16)) sdev:\(String(status.st_dev, radix: 16)) "
  }
}

/// The watches of inotify that this process has, as the kernel lists them. See proc_pid_fdinfo(5).
enum InotifyWatches {
  static func has(_ words: String) throws -> Bool {
    var buffer = ReadBuffer()
    for name in try Directory.names(in: "/proc/self/fdinfo") {
      // It may have been closed.
      guard HostRoot.live.read("/proc/self/fdinfo/" + name, limit: 1 << 20, into: &buffer).isRead else {
        continue
      }
      let text = buffer.withBytes { bytes in
        String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
      }
      if text.split(separator: "\n").contains(where: { $0.hasPrefix("inotify wd:") && $0.contains(words) }) {
        return true
      }
    }
    return false
  }
}
