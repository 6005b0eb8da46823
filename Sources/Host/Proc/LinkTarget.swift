extension ProcessLink {
  /// `/proc/PID/exe`: the program; absent for kernel threads and zombies.
  public static var exe: ProcessLink { ProcessLink(name: "exe") }
  /// `/proc/PID/cwd`: the working directory.
  public static var cwd: ProcessLink { ProcessLink(name: "cwd") }
  /// `/proc/PID/root`: the root directory; `/` in a container too, since a path is told from the process's own mounts.
  public static var root: ProcessLink { ProcessLink(name: "root") }
}

/// What a link such as `/proc/PID/exe` points at. See proc_pid_exe(5).
public struct LinkTarget: Equatable, Sendable {
  /// Where the path lies in the bytes that were parsed, without the kernel's mark of a deleted file.
  public let path: Range<Int>
  /// Whether the file has been deleted. A file whose own name ends in ` (deleted)` looks the same.
  public let isDeleted: Bool
  /// Whether the file never had a name, but was made in memory with memfd_create(2).
  public let isMemoryFile: Bool

  /// - Returns: `nil` when there are no bytes.
  public init?(parsing bytes: Span<UInt8>) {
    guard bytes.count > 0 else { return nil }
    let mark: StaticString = " (deleted)"
    isDeleted = bytes.has(mark, endOf: bytes.indices)
    path = 0..<(isDeleted ? bytes.count - mark.utf8CodeUnitCount : bytes.count)
    isMemoryFile = isDeleted && bytes.has("/memfd:", at: 0)
  }
}
