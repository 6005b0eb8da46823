import Glibc
import SystemPackage

/// The file system calls that these tests need; each does what the system call of its name does.
/// SAFETY: every string and buffer lives until its call has returned.
enum Files {
  static func exists(_ path: FilePath) -> Bool { unsafe access(path.string, F_OK) == 0 }
  static func isReadable(_ path: FilePath) -> Bool { unsafe access(path.string, R_OK) == 0 }
  static func isWritable(_ path: FilePath) -> Bool { unsafe access(path.string, W_OK) == 0 }

  /// The first of these that can be executed.
  static func program(_ candidates: FilePath...) -> FilePath? {
    candidates.first { unsafe access($0.string, X_OK) == 0 }
  }

  static func makeDirectory(_ path: FilePath) throws {
    guard unsafe mkdir(path.string, 0o755) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
  }

  /// - Returns: whether it is gone now.
  static func removeDirectory(_ path: FilePath) -> Bool {
    unsafe rmdir(path.string) == 0 || errno == ENOENT
  }

  static func setPermissions(of path: FilePath, to permissions: FilePermissions) {
    _ = unsafe chmod(path.string, permissions.rawValue)
  }

  /// Writes to a file that is there.
  static func write(_ text: String, to file: FilePath) throws {
    let descriptor = try FileDescriptor.open(file, .writeOnly)
    defer { try? descriptor.close() }
    try descriptor.writeAll(Array(text.utf8))
  }

  /// The text of a file, empty when it cannot be read, as when its process has gone.
  static func text(_ file: FilePath) -> String { (try? contents(of: file)) ?? "" }

  /// Where a symbolic link leads; `nil` when it cannot be read.
  static func target(of link: FilePath) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe readlink(link.string, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  /// The names in a directory; none when it cannot be read.
  static func names(in directory: FilePath) -> [String] {
    guard let stream = unsafe opendir(directory.string) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // SAFETY: the name ends in NUL and is copied before the next entry is read.
      unsafe withUnsafeBytes(of: entry.pointee.d_name) { name in
        names.append(unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
      }
    }
    return names
  }
}
