// Unsafe: the system calls that open and list a directory.
import CLinux
import Glibc
import SystemPackage

/// The directory of one cgroup after the other, in one hierarchy.
///
/// Paths are formed in place. One thread at a time. Names are what whoever made the cgroup chose: up to 255 bytes of any
/// kind but NUL, newline and `/`. Nothing but the kernel makes entries here, and no symbolic link, so that plain opening
/// by path is safe.
public struct CgroupDirectory: ~Copyable, Sendable {
  /// Of a longer path nothing can be opened (PATH_MAX, with room for the mount point and a file's name).
  public static let pathLimit = 3072

  private var path: [UInt8]
  private let prefixCount: Int
  private var nameOffset: Int
  private var entries: [UInt8] = []

  public init(root: HostRoot, _ hierarchy: CgroupHierarchy) {
    path = Array(root.path("").utf8) + hierarchy.mountPoint
    prefixCount = path.count
    nameOffset = path.count
  }

  /// Chooses the cgroup whose files are read next: a path from the root of the hierarchy, as `/proc/PID/cgroup` has it.
  public mutating func select(_ cgroup: [UInt8]) {
    path.removeSubrange(prefixCount...)
    path.append(contentsOf: cgroup)
    if path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
    nameOffset = path.count
  }

  /// Reads one file of the chosen cgroup. The kernel makes these in one piece.
  public mutating func read(_ name: CgroupFileName, into buffer: inout ReadBuffer) -> ReadOutcome {
    path.removeSubrange(nameOffset...)
    path.append(contentsOf: name.bytes)
    path.append(0)
    return buffer.readFile(path, limit: 64 << 10, endsAtShortRead: true)
  }

  /// Opens one file of the chosen cgroup, to be read again and again.
  /// - Returns: `nil` when it cannot be opened.
  public mutating func keep(_ name: CgroupFileName) -> KeptFile? {
    path.removeSubrange(nameOffset...)
    path.append(contentsOf: name.bytes)
    path.append(0)
    // SAFETY: the path is ended by NUL and outlives the call.
    let file = unsafe wh_open_file(path)
    return file < 0 ? nil : KeptFile(taking: file)
  }

  /// The chosen cgroup's directory as a C string, to watch it.
  public mutating func withPath<Result>(_ body: ([UInt8]) -> Result) -> Result {
    path.removeSubrange(nameOffset...)
    path.append(0)
    return body(path)
  }

  /// The path of one file of the chosen cgroup as a C string, to watch it.
  public mutating func withPath<Result>(of name: CgroupFileName, _ body: ([UInt8]) -> Result) -> Result {
    path.removeSubrange(nameOffset...)
    path.append(contentsOf: name.bytes)
    path.append(0)
    return body(path)
  }

  /// The user who owns the chosen cgroup's directory: whoever made it, or was given it. `nil` when it has gone.
  public mutating func owner() -> UInt32? {
    path.removeSubrange(nameOffset...)
    path.append(0)
    // SAFETY: the path is ended by NUL and outlives the call.
    let directory = unsafe wh_open_file(path)
    guard directory >= 0 else { return nil }
    defer { close(directory) }
    var status = stat()
    // SAFETY: fills a local.
    return unsafe fstat(directory, &status) == 0 ? status.st_uid : nil
  }

  /// Appends the names of the cgroups right below the chosen one, in no order.
  /// - Parameter limit: at most so many; more make the outcome `.truncated`.
  public mutating func list(limit: Int, into names: inout [[UInt8]]) -> ReadOutcome {
    path.removeSubrange(nameOffset...)
    path.append(0)
    // SAFETY: the path is ended by NUL and outlives the call.
    let directory = unsafe wh_open_file(path)
    guard directory >= 0 else { return ReadOutcome(Errno(rawValue: errno)) }
    defer { close(directory) }
    if entries.isEmpty { entries = [UInt8](repeating: 0, count: 32 << 10) }
    let before = names.count
    while true {
      // SAFETY: the kernel writes at most `count` bytes, whole entries.
      let filled = unsafe wh_read_directory(directory, &entries, entries.count)
      guard filled >= 0 else { return ReadOutcome(Errno(rawValue: errno)) }
      if filled == 0 { return .complete }
      var entry = 0
      while entry < filled {
        let length =
          Int(entries[entry + Int(WH_DIRENT_LENGTH)]) | Int(entries[entry + Int(WH_DIRENT_LENGTH) + 1]) << 8
        let end = min(filled, entry + max(length, Int(WH_DIRENT_NAME) + 1))
        if entries[entry + Int(WH_DIRENT_TYPE)] == UInt8(DT_DIR) {
          let name = entries[(entry + Int(WH_DIRENT_NAME))..<end].prefix { $0 != 0 }
          if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) {
            guard names.count - before < limit else { return .truncated }
            names.append(Array(name))
          }
        }
        entry = end
      }
    }
  }
}
