// Unsafe: system calls on a descriptor that the type owns, with pointers to arrays that live for the call.

import CLinux
import Glibc
public import SystemPackage

/// Watches directories, which entries come and go, and files, which are written to. Not recursive. See inotify(7).
///
/// One thread watches and reads.
public struct Inotify: ~Copyable, Sendable {
  /// What may happen in a directory.
  public struct Happenings: OptionSet, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// An entry was made.
    public static let created = Happenings(rawValue: UInt32(WH_IN_CREATE))
    /// An entry was removed.
    public static let deleted = Happenings(rawValue: UInt32(WH_IN_DELETE))
    /// The file was written to; of a file of cgroups, also that the kernel has changed it.
    public static let modified = Happenings(rawValue: UInt32(WH_IN_MODIFY))
    /// An entry went from here to another name.
    public static let movedFrom = Happenings(rawValue: UInt32(WH_IN_MOVED_FROM))
    /// An entry came here from another name.
    public static let movedTo = Happenings(rawValue: UInt32(WH_IN_MOVED_TO))
    /// The kernel's queue was full: what happened since is not told. Of no watch in particular.
    public static let overflow = Happenings(rawValue: UInt32(WH_IN_OVERFLOW))
    /// The watch is gone, as with its directory.
    public static let ignored = Happenings(rawValue: UInt32(WH_IN_IGNORED))
    /// The entry is a directory.
    public static let isDirectory = Happenings(rawValue: UInt32(bitPattern: Int32(WH_IN_ISDIR)))
  }

  private let descriptor: FileDescriptor
  private var bytes = [UInt8](repeating: 0, count: 64 << 10)

  public init() throws(Errno) {
    let raw = wh_inotify()
    guard raw >= 0 else { throw Errno(rawValue: errno) }
    descriptor = FileDescriptor(rawValue: raw)
  }

  deinit { try? descriptor.close() }

  /// Watches a directory. One that is watched already keeps its watch, with these happenings.
  /// - Parameter path: ended by NUL.
  /// - Returns: the watch's number, which no other watch had before.
  /// - Throws: `Errno.noSpace` when the user may have no more watches.
  public borrowing func watch(_ path: [UInt8], for happenings: Happenings) throws(Errno) -> Int32 {
    precondition(path.last == 0)
    // SAFETY: the path is ended by NUL and outlives the call.
    let watch = unsafe wh_inotify_watch(descriptor.rawValue, path, happenings.rawValue)
    guard watch >= 0 else { throw Errno(rawValue: errno) }
    return watch
  }

  /// Watches one file, and keeps the kernel from forgetting its inode: of a file of cgroups, a change is told only while
  /// the inode is in memory, which a watch on the directory does not see to.
  /// - Parameter path: ended by NUL; a symbolic link is not followed.
  /// - Returns: as for a directory. The watch may outlive the file: that of a removed cgroup stays until `unwatch`.
  public borrowing func watchFile(_ path: [UInt8]) throws(Errno) -> Int32 {
    precondition(path.last == 0)
    // SAFETY: the path is ended by NUL and outlives the call.
    let watch = unsafe wh_inotify_watch_file(descriptor.rawValue, path, Happenings.modified.rawValue)
    guard watch >= 0 else { throw Errno(rawValue: errno) }
    return watch
  }

  /// Ends a watch; one that has gone by itself is no error.
  public borrowing func unwatch(_ watch: Int32) { _ = wh_inotify_unwatch(descriptor.rawValue, watch) }

  /// Hands over what has happened, in order, without waiting.
  /// - Parameter body: takes the watch, what happened, and the entry's name, which may be empty.
  /// - Returns: whether anything has.
  public mutating func read(_ body: (Int32, Happenings, Span<UInt8>) -> Void) -> Bool {
    // SAFETY: the kernel writes at most `count` bytes, whole events.
    let filled = unsafe Glibc.read(descriptor.rawValue, &bytes, bytes.count)
    guard filled > 0 else { return false }
    let span = bytes.span
    var event = 0
    while event + Int(WH_INOTIFY_NAME) <= filled {
      let name = event + Int(WH_INOTIFY_NAME)
      let length = min(Int(span.integer(at: event + Int(WH_INOTIFY_LENGTH))), filled - name)
      var end = name
      while end < name + length, span[end] != 0 { end += 1 }
      body(
        Int32(bitPattern: span.integer(at: event)),
        Happenings(rawValue: span.integer(at: event + Int(WH_INOTIFY_MASK))), span.extracting(name..<end))
      event = name + length
    }
    return true
  }

  /// Sleeps until something has happened, `event` was signalled, or `milliseconds` have passed.
  public borrowing func wait(milliseconds: Int32, or event: borrowing EventDescriptor) {
    var polls = [
      pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: event.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
    ]
    // SAFETY: two pollfds, a local; an interrupted sleep is a short one, which callers allow for.
    _ = unsafe Glibc.poll(&polls, 2, milliseconds)
  }
}

extension Span<UInt8> {
  /// The number in four bytes, the lowest first as on every supported host.
  fileprivate func integer(at start: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[start + $1]) << UInt32(8 * $1) }
  }
}
