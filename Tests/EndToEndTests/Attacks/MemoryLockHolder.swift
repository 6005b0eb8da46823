import Glibc
import SystemPackage

/// A process that holds its own memory lock for ever, until this object goes: the FUSE connection that it waits for is
/// aborted by the kernel when the program that serves it ends, and that ends by itself after some seconds.
final class MemoryLockHolder {
  /// The process whose memory cannot be read.
  let pid: pid_t
  private let directory: TemporaryDirectory
  private let server: Program

  init(seconds: Int) throws {
    directory = try TemporaryDirectory()
    server = try Program(Tool.memoryLockHolder.path(), [directory.path.string, "\(seconds)"], input: nil)
    let line = try server.outputLine { $0.hasPrefix("holding ") }
    pid = pid_t(line.dropFirst("holding ".count)) ?? 0
  }
}
