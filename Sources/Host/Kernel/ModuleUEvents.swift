// Unsafe: poll, and receiving into an array.
import CLinux
import Glibc
public import System
public import SystemPackage

/// The kernel's messages about modules that come and go, as they do.
///
/// Opened on the main thread; afterwards one thread receives. No privilege is needed. See netlink(7).
public struct ModuleUEvents: ~Copyable, Sendable {
  /// What one attempt to receive brought.
  public enum Receipt: Equatable, Sendable {
    case message(ModuleUEvent)
    /// A datagram that was no such message of the kernel's.
    case stranger
    /// There is none now.
    case none
    /// The kernel's buffer was full, and it dropped messages.
    case overflow
    case failed(Errno)
  }

  /// The kernel's own limit for one message: UEVENT_BUFFER_SIZE and the first line.
  private static let messageLimit = 4096

  private let socket: FileDescriptor
  private var buffer = [UInt8](repeating: 0, count: messageLimit)

  public init() throws(Errno) {
    let raw = wh_module_uevents_open()
    guard raw >= 0 else { throw Errno(rawValue: errno) }
    socket = FileDescriptor(rawValue: raw)
  }

  deinit { try? socket.close() }

  /// Receives one message without waiting.
  public mutating func receive() -> Receipt {
    // SAFETY: the kernel writes at most the array's bytes.
    let length = unsafe wh_uevent_receive(socket.rawValue, &buffer, buffer.count)
    guard length >= 0 else {
      switch Errno(rawValue: errno) {
      case .resourceTemporarilyUnavailable, .interrupted: return .none
      case .noBufferSpace: return .overflow
      case let other: return .failed(other)
      }
    }
    return ModuleUEvent(parsing: buffer.span.extracting(0..<length)).map { .message($0) } ?? .stranger
  }

  /// Sleeps until there is a message, `bell` was rung, or the time is over.
  public borrowing func wait(or bell: borrowing EventDescriptor, milliseconds: Int32) {
    var polls: InlineArray<2, pollfd> = [
      pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: bell.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
    ]
    var span = polls.mutableSpan
    // SAFETY: two entries, a local. An interrupted sleep is a spurious wake-up, which callers allow for.
    _ = unsafe span.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, 2, milliseconds) }
  }
}

/// A module that came into the kernel or went.
public struct ModuleUEvent: Equatable, Sendable {
  public let name: [UInt8]
  /// Whether it came.
  public let isAdded: Bool

  /// - Returns: `nil` for a message about anything else, or one that is not whole: `add@/module/NAME`, ended by NUL.
  public init?(parsing bytes: Span<UInt8>) {
    guard let end = bytes.firstIndex(of: 0) else { return nil }
    let start: Int
    if bytes.has("add@/module/", at: 0) {
      (start, isAdded) = (12, true)
    } else if bytes.has("remove@/module/", at: 0) {
      (start, isAdded) = (15, false)
    } else {
      return nil
    }
    guard end > start, bytes.firstIndex(of: UInt8(ascii: "/"), from: start, to: end) == nil else {
      return nil
    }
    name = bytes.copy(start..<end)
  }
}
