// Unsafe: read(2) into an array that is lent for the call, and readdir(3).
import Glibc
import SystemPackage

/// The text of a file such as those below `/proc`; `nil` when it cannot be read.
func text(of path: String) -> String? { bytes(of: path).map { String(decoding: $0, as: UTF8.self) } }

/// The bytes of a file; `nil` when it cannot be read.
func bytes(of path: String) -> [UInt8]? {
  guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
  defer { try? file.close() }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16 << 10)
  while true {
    // SAFETY: the buffer is lent for the call, which writes no more than its count.
    guard let count = try? unsafe chunk.withUnsafeMutableBytes({ unsafe try file.read(into: $0) }) else {
      return nil
    }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
}

/// The names in a directory, without `.` and `..`.
func names(in path: String) -> [String] {
  guard let directory = unsafe opendir(path) else { return [] }
  defer { _ = unsafe closedir(directory) }
  var names: [String] = []
  // SAFETY: an entry is valid until the next call, and its name ends with NUL.
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}

/// The number after `key` at the beginning of a line, as in `/proc/PID/status`.
func number(after key: String, in text: String) -> UInt64? {
  for line in text.split(separator: "\n") where line.hasPrefix(key) {
    let digits = line.dropFirst(key.count).drop { !$0.isWholeNumber }.prefix { $0.isWholeNumber }
    return UInt64(digits)
  }
  return nil
}
