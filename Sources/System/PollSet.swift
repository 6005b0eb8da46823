// Unsafe: poll(2) on an array of this file.

import Glibc
public import SystemPackage

/// Waits until one of several descriptors is ready. One thread uses it. See poll(2).
///
/// The descriptors are borrowed: their owners keep them open while `wait` runs.
public struct PollSet {
  private var entries: [pollfd] = []

  public init() {}

  public mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  /// Adds a descriptor; its position is the number of those before it.
  public mutating func add(_ descriptor: FileDescriptor, input: Bool, output: Bool) {
    let events = (input ? POLLIN : 0) | (output ? POLLOUT : 0)
    entries.append(pollfd(fd: descriptor.rawValue, events: Int16(events), revents: 0))
  }

  /// Sleeps until a descriptor is ready or `milliseconds` have passed (-1: for ever). A signal ends it too.
  public mutating func wait(milliseconds: Int32) {
    // SAFETY: the array is lent for the call with its count.
    let ready = unsafe Glibc.poll(&entries, nfds_t(entries.count), milliseconds)
    if ready < 0 { for index in entries.indices { entries[index].revents = 0 } }
  }

  /// Whether there is something to read, the end or an error included.
  public func hasInput(_ position: Int) -> Bool {
    entries[position].revents & Int16(POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0
  }

  /// Whether there is room to write.
  public func hasRoom(_ position: Int) -> Bool { entries[position].revents & Int16(POLLOUT) != 0 }
}
