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

  /// Makes a directory that only its owner enters; one that is there already is as good. See mkdir(2).
  public static func make(_ path: FilePath) throws(Errno) {
    guard unsafe mkdir(path.string, 0o700) != 0, errno != EEXIST else { return }
    throw Errno(rawValue: errno)
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
