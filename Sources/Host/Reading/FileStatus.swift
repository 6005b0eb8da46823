// Unsafe: the system calls statx, openat2, getxattr, with paths ended by NUL.
import CLinux
import Glibc
public import SystemPackage

/// What the kernel says of a file without opening it. See statx(2).
///
/// A file system that others serve, as FUSE or NFS, is not asked: what it said last counts, and it can hold nobody.
public struct FileStatus: Equatable, Sendable {
  /// Type and permissions.
  public let mode: UInt32
  public let owner: UInt32
  public let group: UInt32
  /// How many names the file has; 0 once the last was removed.
  public let linkCount: UInt32
  public let device: (major: UInt32, minor: UInt32)
  public let inode: UInt64
  public let size: Int64
  /// Last change of the inode, in nanoseconds since 1970 UTC.
  public let changed: Int64
  /// Last change of the content, in nanoseconds since 1970 UTC.
  public let modified: Int64
  /// The id of the mount that the path led over; 0 when the kernel does not tell (before Linux 5.8).
  public let mount: UInt64

  /// Which of a mount's two ids is asked for.
  enum MountID {
    /// That of mountinfo, which comes back.
    case short
    /// One that never comes back (Linux 6.8).
    case unique
  }

  private init(_ status: wh_file_status) {
    (mode, owner, group, linkCount) = (status.mode, status.owner, status.group, status.links)
    (device, inode, size) = ((status.device_major, status.device_minor), status.inode, status.size)
    (changed, modified, mount) = (status.changed, status.modified, status.mount)
  }

  /// - Parameter path: ended by NUL.
  init(of path: [UInt8], mount: MountID = .short) throws(Errno) {
    var status = wh_file_status()
    // SAFETY: the path is ended by NUL and outlives the call, which fills a local.
    guard unsafe wh_file_status(path, mount == .unique ? 1 : 0, &status) == 0 else {
      throw Errno(rawValue: errno)
    }
    self.init(status)
  }

  /// The status of a file below an open directory, by a path through which no link leads.
  /// - Parameter path: relative, ended by NUL.
  init(of path: [UInt8], beneath directory: Int32) throws(Errno) {
    var status = wh_file_status()
    // SAFETY: the path is ended by NUL and outlives the call, which fills a local.
    guard unsafe wh_file_status_beneath(directory, path, &status) == 0 else { throw Errno(rawValue: errno) }
    self.init(status)
  }

  public var isRegular: Bool { mode & S_IFMT == S_IFREG }
  public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
  public var isPipe: Bool { mode & S_IFMT == S_IFIFO }

  public static func == (left: FileStatus, right: FileStatus) -> Bool {
    left.isSameFile(as: right) && left.mode == right.mode && left.owner == right.owner
      && left.group == right.group && left.linkCount == right.linkCount && left.size == right.size
      && left.changed == right.changed && left.modified == right.modified && left.mount == right.mount
  }

  /// Whether both are one file, by device and inode.
  public func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }
}

extension HostRoot {
  /// The host's root directory.
  public var status: FileStatus {
    get throws(Errno) { try FileStatus(of: Array(path("/").utf8) + [0]) }
  }
}

extension ProcessDirectory {
  /// What a link of the chosen process leads to, whatever its path says: the file itself.
  public mutating func status(of link: ProcessLink) throws(Errno) -> FileStatus {
    try FileStatus(of: path(of: link))
  }

  /// The id, never used again, of the mount that a link of the chosen process leads over; `nil` before Linux 6.8.
  mutating func uniqueMount(of link: ProcessLink) -> UInt64? {
    guard let status = try? FileStatus(of: path(of: link), mount: .unique), status.mount != 0 else {
      return nil
    }
    return status.mount
  }

  /// The protocol of the socket that a link of the chosen process leads to, by the kernel's name for it; `nil` when it is
  /// no socket any more. It may be anything by now, and a file system that others serve is asked for an attribute then:
  /// the caller watches the time.
  public mutating func socketProtocol(of link: ProcessLink) -> String? {
    let path = path(of: link)
    var name = [UInt8](repeating: 0, count: 64)
    // SAFETY: the path is ended by NUL; the kernel writes at most `name.count` bytes.
    let length = unsafe wh_socket_protocol(path, &name, name.count)
    guard length > 0 else { return nil }
    return String(validating: name[..<length], as: UTF8.self)
  }
}

/// A directory of the host that files are looked up below; closed when it goes.
struct LookupDirectory: ~Copyable {
  private let descriptor: Int32

  /// - Parameter path: absolute on the host, without NUL.
  init(_ path: [UInt8], of root: HostRoot) throws(Errno) {
    // SAFETY, of both calls: the paths are ended by NUL and outlive the calls.
    let top = unsafe wh_open_root(root.path("/"))
    guard top >= 0 else { throw Errno(rawValue: errno) }
    defer { close(top) }
    let opened = unsafe wh_open_directory_in_root(top, path + [0])
    guard opened >= 0 else { throw Errno(rawValue: errno) }
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// - Parameter path: relative, without NUL.
  func status(of path: ArraySlice<UInt8>) throws(Errno) -> FileStatus {
    try FileStatus(of: Array(path) + [0], beneath: descriptor)
  }
}
