// Unsafe: mkdtemp and mkdir, on buffers and strings of this file.
import Glibc
import Host
import SystemPackage

/// A host's root directory of a test's own, removed with all that is in it.
final class HostTree {
  private let path: String

  init() throws {
    var template = Array("/tmp/windhover-test-XXXXXX".utf8CString)
    // SAFETY: the template is ended by NUL and changed in place.
    guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = try? SpawnedProcess(["/bin/rm", "-rf", path]).finish() }

  var host: HostRoot { HostRoot(path) }

  /// Writes a file that only its owner may write, and makes the directories above it.
  func write(_ text: String, to name: String) throws {
    var directory = path
    for part in name.split(separator: "/").dropLast() {
      directory += "/" + part
      // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
      guard unsafe mkdir(directory, 0o755) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
    }
    let file = try FileDescriptor.open(
      FilePath(path + "/" + name), .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
  }
}
