public import SystemPackage

/// An open file, closed at its end. See open(2).
public struct OpenFile: ~Copyable, Sendable {
  public let descriptor: FileDescriptor

  /// Opens, or makes for its owner alone, a file that is no symbolic link; programs that are started do not inherit it.
  public init(
    _ path: FilePath, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = [],
    permissions: FilePermissions = [.ownerReadWrite]
  ) throws(Errno) {
    do {
      descriptor = try FileDescriptor.open(
        path, mode, options: options.union([.closeOnExec, .noFollow]), permissions: permissions)
    } catch let error as Errno {
      throw error
    } catch {
      throw .ioError
    }
  }

  /// Returns when what was written is on the disk; for a directory, the names in it.
  public borrowing func synchronize() throws(Errno) { try descriptor.synchronize() }

  deinit { try? descriptor.close() }
}
