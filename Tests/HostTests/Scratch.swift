// Unsafe: mkdtemp.
import Glibc
import SystemPackage

/// A directory of a test's own, removed with all that is in it.
final class Scratch {
  let path: String

  init() {
    var template = Array("/tmp/windhover-test-XXXXXX".utf8CString)
    // SAFETY: the template is ended by NUL and changed in place.
    guard unsafe mkdtemp(&template) != nil else { fatalError("no directory for the test: errno \(errno)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  /// Writes a file and the directories above it.
  func write(_ bytes: [UInt8], to name: String) throws {
    try makeDirectories(above: name)
    let file = try FileDescriptor.open(
      FilePath(path + name), .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(bytes) }
  }

  func link(_ target: String, at name: String) throws {
    try makeDirectories(above: name)
    // SAFETY, here and below: a Swift string passed to C is ended by NUL and outlives the call.
    guard unsafe symlink(target, path + name) == 0 else { throw Errno(rawValue: errno) }
  }

  func makeDirectories(above name: String) throws {
    var directory = path
    for component in name.split(separator: "/").dropLast() {
      directory += "/" + component
      guard unsafe mkdir(directory, 0o755) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
    }
  }

  private static func remove(_ path: String) {
    if unsafe unlink(path) == 0 { return }
    // SAFETY: the stream is closed below; an entry is used before the next is read.
    if let stream = unsafe opendir(path) {
      while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
          unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      unsafe closedir(stream)
    }
    _ = unsafe rmdir(path)
  }
}
