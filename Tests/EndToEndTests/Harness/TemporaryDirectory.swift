import Glibc
import SystemPackage

/// A directory for one test, removed with everything in it when this object goes. Its name tells whose it is: the test
/// runner's process id is in it.
final class TemporaryDirectory {
  let path: FilePath

  /// - Parameter parent: where it is made.
  init(in parent: FilePath = "/tmp") throws {
    var template = Array("\(parent)/windhover-test-\(getpid())-XXXXXX".utf8CString)
    // SAFETY: mkdtemp changes the six last letters of a string that ends in NUL.
    guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  deinit {
    _ = try? Program("/bin/rm", ["-rf", "--", path.string]).finish()
  }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ text: String, to name: String, permissions: FilePermissions = [.ownerReadWrite, .groupRead])
    throws -> String
  {
    let file = path.appending(name)
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: [.create, .truncate], permissions: permissions)
    defer { try? descriptor.close() }
    try descriptor.writeAll(Array(text.utf8))
    // The umask must not weaken what the test asks for.
    _ = unsafe chmod(file.string, permissions.rawValue)
    return file.string
  }

  /// Copies a program and returns the copy's path.
  func copy(_ program: FilePath, as name: FilePath.Component) throws -> FilePath {
    let copy = path.appending(name)
    let outcome = try Program("/bin/cp", [program.string, copy.string]).finish()
    guard outcome.status == 0 else { throw Errno.ioError }
    return copy
  }
}
