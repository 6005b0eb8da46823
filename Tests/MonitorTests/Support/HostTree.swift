// Unsafe: mkdtemp and mkdir, on buffers and strings of this file.
import Glibc
import Host
import System
import SystemPackage

/// A host's root directory of a test's own, removed with all that is in it.
final class HostTree: Sendable {
  private let path: String

  init() throws {
    var template = Array("/tmp/windhover-test-XXXXXX".utf8CString)
    // SAFETY: the template is ended by NUL and changed in place.
    guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { _ = try? SpawnedProcess(["/bin/rm", "-rf", path]).finish() }

  var host: HostRoot { HostRoot(path) }

  /// Makes a directory; the one around it must be there.
  func makeDirectory(_ name: String) throws {
    // SAFETY, here and below: a Swift string passed to C is ended by NUL and outlives the call.
    guard unsafe mkdir(path + "/" + name, 0o755) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Gives a directory to a user.
  func give(_ name: String, to user: UInt32) throws {
    try Directory.setOwner(of: FilePath(path + "/" + name), user: user, group: user)
  }

  /// Makes and removes a file in a directory, as often as fills the kernel's queue for who watches it (16,384 by default).
  func flood(_ directory: String) throws {
    let name = FilePath(path + "/" + directory + "/flood")
    for _ in 0..<10_000 {
      try FileDescriptor.open(name, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
      try Directory.removeFile(name)
    }
  }

  /// Removes a directory that is empty.
  func removeDirectory(_ name: String) throws {
    guard unsafe rmdir(path + "/" + name) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Gives a file a second name.
  func link(_ name: String, to other: String) throws {
    guard unsafe Glibc.link(path + "/" + name, path + "/" + other) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Gives a file another name, in the place of what had that name.
  func rename(_ name: String, to other: String) throws {
    guard unsafe Glibc.rename(path + "/" + name, path + "/" + other) == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  /// Writes over a file that is there and not longer, in one step as the kernel changes one.
  func change(_ text: String, in name: String) throws {
    let file = try FileDescriptor.open(FilePath(path + "/" + name), .writeOnly)
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
  }

  /// Removes a directory with all files in it.
  func removeFilesAndDirectory(_ name: String) throws {
    for file in try Directory.names(in: FilePath(path + "/" + name)) {
      _ = unsafe unlink(path + "/" + name + "/" + file)
    }
    try removeDirectory(name)
  }

  /// Writes a file that only its owner may write, whole in one step, and makes the directories above it.
  func write(_ text: String, to name: String) throws {
    var directory = path
    for part in name.split(separator: "/").dropLast() {
      directory += "/" + part
      // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
      guard unsafe mkdir(directory, 0o755) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
    }
    // Written elsewhere: a file of the kernel is never empty for a moment.
    let draft = "\(path)/draft-\(UInt64.random(in: .min ... .max))"
    let file = try FileDescriptor.open(
      FilePath(draft), .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
    guard unsafe Glibc.rename(draft, path + "/" + name) == 0 else { throw Errno(rawValue: errno) }
  }
}
