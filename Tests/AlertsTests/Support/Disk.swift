import Glibc
import SystemPackage

/// The file system calls that tests need; each does what the system call of its name does.
/// SAFETY: every string lives until its call has returned.
enum Disk {
  static func unlink(_ path: FilePath) { _ = unsafe Glibc.unlink(path.string) }
  static func rmdir(_ path: FilePath) { _ = unsafe Glibc.rmdir(path.string) }
  static func mkdir(_ path: FilePath) { _ = unsafe Glibc.mkdir(path.string, 0o700) }
  static func mkfifo(_ path: FilePath) { _ = unsafe Glibc.mkfifo(path.string, 0o600) }
  static func symlink(_ target: FilePath, at path: FilePath) {
    _ = unsafe Glibc.symlink(target.string, path.string)
  }
  static func rename(_ path: FilePath, to other: FilePath) {
    _ = unsafe Glibc.rename(path.string, other.string)
  }
  static func truncate(_ path: FilePath, to size: Int) { _ = unsafe Glibc.truncate(path.string, size) }
}

extension [UInt8] {
  init(contentsOfFile path: FilePath) throws {
    let descriptor = try FileDescriptor.open(path, .readOnly)
    defer { try? descriptor.close() }
    self = []
    _ = Pipe.End(descriptor: descriptor).read(into: &self)
  }
}

extension FileDescriptor {
  /// Makes the file hold these bytes and no others.
  static func write(_ bytes: ArraySlice<UInt8>, to path: FilePath) throws {
    let descriptor = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
    defer { try? descriptor.close() }
    try descriptor.writeAll(bytes)
  }
}
