// Unsafe: directory calls with strings that live for the call, and the entries of readdir(3) while the stream is open.

import Glibc
public import SystemPackage

/// Directories of the agent's own: names in them, making, removing. Any thread may call.
public enum Directory {
  /// The names in a directory, in no order, without `.` and `..`; a name that is not UTF-8 is left out. See readdir(3).
  public static func names(in path: FilePath) throws(Errno) -> [String] {
    guard let stream = unsafe opendir(path.string) else { throw Errno(rawValue: errno) }
    defer { _ = unsafe closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      // SAFETY: the entry stays until the next readdir on this stream, and its name ends with a zero byte.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(validatingCString: $0)
        }
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw Errno(rawValue: errno) }
    return names
  }

  /// Makes a directory; one that is there already is as good. See mkdir(2).
  /// - Parameter mode: who may enter it, less the process's umask; only its owner unless told otherwise.
  /// - Returns: whether it was not there before.
  @discardableResult
  public static func make(_ path: FilePath, mode: UInt32 = 0o700) throws(Errno) -> Bool {
    if unsafe mkdir(path.string, mode) == 0 { return true }
    guard errno == EEXIST else { throw Errno(rawValue: errno) }
    return false
  }

  /// Gives a directory or a file away, not what a link points to. See lchown(2).
  public static func setOwner(of path: FilePath, user: UInt32, group: UInt32) throws(Errno) {
    guard unsafe lchown(path.string, user, group) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Why the process, with the user and the capabilities that it has now, cannot use what is there; `nil` when it can.
  /// Of a directory execution means passing through. See faccessat(2).
  public static func objection(
    to path: FilePath, reading: Bool = false, writing: Bool = false, entering: Bool = false
  ) -> Errno? {
    let mode = (reading ? R_OK : 0) | (writing ? W_OK : 0) | (entering ? X_OK : 0)
    return unsafe faccessat(AT_FDCWD, path.string, mode, AT_EACCESS) == 0 ? nil : Errno(rawValue: errno)
  }

  /// Whether there is a socket file of this name. See lstat(2).
  public static func isSocket(_ path: FilePath) -> Bool {
    var status = stat()
    // SAFETY: fills a local.
    return unsafe lstat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  /// Removes a file. See unlink(2).
  public static func removeFile(_ path: FilePath) throws(Errno) {
    guard unsafe unlink(path.string) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Gives a file another name, in the place of what had that name. See rename(2).
  public static func rename(_ path: FilePath, to other: FilePath) throws(Errno) {
    guard unsafe Glibc.rename(path.string, other.string) == 0 else { throw Errno(rawValue: errno) }
  }
}
