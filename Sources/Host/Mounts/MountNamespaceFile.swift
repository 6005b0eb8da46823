// Unsafe: open and poll on descriptors that the types own.
import CLinux
import Glibc
public import System
public import SystemPackage

/// The mounts of one mount namespace, watched through one of its processes.
///
/// An open `mountinfo` keeps its namespace alive, with all that is mounted there: let it go as soon as the process has
/// ended, or a container's disks stay busy. One thread at a time. See proc_pid_mountinfo(5).
public final class MountNamespaceFile {
  /// The process through which the namespace is seen.
  public let pid: Int32
  fileprivate let mounts: Int32
  fileprivate let process: Int32

  /// - Throws: what open(2) and pidfd_open(2) return: the process has gone, or may not be looked at.
  public init(root: HostRoot, pid: Int32) throws(Errno) {
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    let process = wh_pidfd(pid)
    guard process >= 0 else { throw Errno(rawValue: errno) }
    let mounts = unsafe wh_open_file(root.path("/proc/\(pid)/mountinfo"))
    guard mounts >= 0 else {
      let error = Errno(rawValue: errno)
      close(process)
      throw error
    }
    self.pid = pid
    (self.mounts, self.process) = (mounts, process)
  }

  deinit {
    close(mounts)
    close(process)
  }

  /// Reads the table from its beginning.
  /// - Parameter limit: at most so many bytes are kept; more make the outcome `.truncated`.
  public func read(limit: Int, into buffer: inout ReadBuffer) -> ReadOutcome {
    guard lseek(mounts, 0, SEEK_SET) == 0 else { return ReadOutcome(Errno(rawValue: errno)) }
    return buffer.fill(from: mounts, limit: limit, endsAtShortRead: false)
  }
}

/// Waits for changes in several mount namespaces. One thread uses it. See poll(2).
public struct MountPoll: ~Copyable {
  private var polls: [pollfd] = []

  public init() {}

  /// Chooses what is waited for next, nothing at first.
  public mutating func clear() { polls.removeAll(keepingCapacity: true) }

  /// Adds a namespace. Its place is the number of those added before.
  /// - Parameter isResting: only the end of its process is waited for, not its mounts.
  public mutating func add(_ file: MountNamespaceFile, isResting: Bool) {
    // A change comes as priority data and as an error condition, which cannot be masked: a negative number is passed over.
    polls.append(pollfd(fd: isResting ? -1 : file.mounts, events: Int16(POLLPRI), revents: 0))
    polls.append(pollfd(fd: file.process, events: Int16(POLLIN), revents: 0))
  }

  /// Sleeps until something changed, a process ended, `bell` was rung, or the time is over.
  public mutating func wait(or bell: borrowing EventDescriptor, milliseconds: Int32) {
    polls.append(pollfd(fd: bell.descriptor.rawValue, events: Int16(POLLIN), revents: 0))
    // SAFETY: as many entries as the array has. An interrupted sleep is a spurious wake-up, which callers allow for.
    let count = unsafe polls.withUnsafeMutableBufferPointer {
      unsafe poll($0.baseAddress, nfds_t($0.count), milliseconds)
    }
    polls.removeLast()
    guard count <= 0 else { return }
    for index in polls.indices { polls[index].revents = 0 }
  }

  /// Whether the mounts of the namespace at a place have changed.
  public func hasChanged(_ place: Int) -> Bool { polls[2 * place].revents & Int16(POLLPRI) != 0 }

  /// Whether the process at a place has ended.
  public func hasEnded(_ place: Int) -> Bool { polls[2 * place + 1].revents != 0 }
}
