// Unsafe: statx, open and read on descriptors that the type owns.
import CLinux
import Glibc
public import SystemPackage

/// The file of the program that a process runs, found through `/proc/PID/exe`: the very file, whatever has its name now.
///
/// Finding it opens nothing. One thread uses it. See proc_pid_exe(5).
public struct ProgramFile: ~Copyable {
  /// Which file it is, and in which state. Its content is not changed without a change of this.
  public struct Identity: Hashable, Sendable {
    public let device: UInt64
    public let inode: UInt64
    /// Bytes.
    public let size: Int64
    /// Nanoseconds since 1970 UTC, of the content and of the inode.
    public let modified, changed: Int64
  }

  public let identity: Identity
  /// The mount in which it lies, by its id in `mountinfo`; `nil` when the kernel does not tell.
  public let mountID: Int32?
  private let path: String
  private let target: Int32

  /// The device of the files that memfd_create(2) makes, of all of them; `nil` when it cannot be known. Makes such a
  /// file, which a process that has given up its privileges may not do.
  public static func memoryDevice() -> UInt64? {
    let device = wh_memory_device()
    return device == 0 ? nil : device
  }

  /// - Throws: what open(2) returns when the process has gone, has no program, or may not be looked at;
  ///   `.invalidArgument` when its program is no regular file.
  public init(root: HostRoot, pid: Int32) throws(Errno) {
    path = root.path("/proc/\(pid)/exe")
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    let target = unsafe wh_open_target(path)
    guard target >= 0 else { throw Errno(rawValue: errno) }
    var info = wh_program_info()
    // SAFETY: fills a local.
    guard unsafe wh_program_info(target, &info) == 0, info.mode & S_IFMT == S_IFREG else {
      close(target)
      throw .invalidArgument
    }
    self.target = target
    identity = Identity(info)
    mountID = info.mount == 0 ? nil : Int32(exactly: info.mount)
  }

  deinit { close(target) }

  /// Reads the file from its beginning to its end, in pieces. It may wait for whoever serves the file.
  /// - Returns: whether it was this file, in this state, from the beginning to the end.
  public borrowing func read(_ body: (Span<UInt8>) -> Void) throws(Errno) -> Bool {
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    let file = unsafe wh_open_file(path)
    guard file >= 0 else { throw Errno(rawValue: errno) }
    defer { close(file) }
    guard isUnchanged(file) else { return false }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var total: Int64 = 0
    while total <= identity.size {
      // SAFETY: the kernel writes at most the array's bytes.
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
      if count < 0 {
        guard errno == EINTR else { throw Errno(rawValue: errno) }
        continue
      }
      if count == 0 { break }
      total += Int64(count)
      body(buffer.span.extracting(0..<count))
    }
    return total == identity.size && isUnchanged(file)
  }

  private borrowing func isUnchanged(_ file: Int32) -> Bool {
    var info = wh_program_info()
    // SAFETY: fills a local.
    return unsafe wh_program_info(file, &info) == 0 && Identity(info) == identity
  }
}

extension ProgramFile.Identity {
  fileprivate init(_ info: wh_program_info) {
    self.init(
      device: info.device, inode: info.inode, size: info.size, modified: info.modified, changed: info.changed)
  }
}
