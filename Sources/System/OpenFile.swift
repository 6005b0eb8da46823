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

  deinit { try? descriptor.close() }
}
