// Unsafe: system calls on a socket that the type owns, with pointers into locals and lent spans.

import CLinux
import Glibc
public import SystemPackage

/// A connected socket, closed at its end. See socket(7).
///
/// One thread sends; nothing here is retried but what a signal interrupted.
public struct Socket: ~Copyable, Sendable {
  public enum Kind: Sendable {
    case datagram, stream

    var type: Int32 {
      switch self {
      case .datagram: Int32(SOCK_DGRAM.rawValue)
      case .stream: Int32(SOCK_STREAM.rawValue)
      }
    }
  }

  public let descriptor: FileDescriptor

  /// Connects to the socket file at `path`. See unix(7).
  /// - Parameter timeoutMilliseconds: how long connecting, and later each sending, may take.
  /// - Throws: `Errno.fileNameTooLong` above 107 bytes, and what socket(2) and connect(2) return.
  public static func connected(
    toPath path: String, kind: Kind, timeoutMilliseconds: Int32
  ) throws(Errno) -> Socket {
    let address = try address(ofPath: path)
    let socket = try opened(AF_UNIX, kind)
    socket.setSendTimeout(milliseconds: timeoutMilliseconds)
    // SAFETY: a sockaddr_un is read as the sockaddr that its family says it is; it is a local.
    let result = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(socket.descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw Errno(rawValue: errno) }
    return socket
  }

  static func opened(_ family: Int32, _ kind: Kind) throws(Errno) -> Socket {
    let raw = socket(family, kind.type | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard raw >= 0 else { throw Errno(rawValue: errno) }
    return Socket(owning: FileDescriptor(rawValue: raw))
  }

  init(owning descriptor: FileDescriptor) { self.descriptor = descriptor }

  static func address(ofPath path: String) throws(Errno) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
      throw .fileNameTooLong
    }
    // SAFETY: the path and a zero byte behind it fit, as was checked; the structure began as zeros.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return address
  }

  deinit { try? descriptor.close() }

  /// Sends `bytes`: a datagram whole, a stream as much of it as fits. A receiver that is gone is an error, not a signal.
  /// - Returns: how many bytes were taken.
  /// - Throws: what send(2) returns; `Errno.resourceTemporarilyUnavailable` when the time is up.
  public borrowing func send(_ bytes: Span<UInt8>) throws(Errno) -> Int {
    // SAFETY: the span lives for the call, which reads it only.
    let sent = unsafe bytes.withUnsafeBytes { buffer in
      var result: Int
      repeat {
        result = unsafe Glibc.send(descriptor.rawValue, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      } while result < 0 && errno == EINTR
      return result
    }
    guard sent >= 0 else { throw Errno(rawValue: errno) }
    return sent
  }

  /// Takes what the other end sent, at most `limit` bytes, without waiting for it.
  /// - Returns: the bytes, none when nothing has come; `nil` when the other end has closed the connection.
  /// - Throws: what recv(2) returns, such as `Errno.connectionReset`.
  public borrowing func receive(atMost limit: Int) throws(Errno) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: limit)
    while true {
      // SAFETY: the buffer is lent for the call, which writes no more than its count.
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
      }
      if count > 0 { return Array(buffer.prefix(count)) }
      if count == 0 { return nil }
      switch errno {
      case EINTR: continue
      case EAGAIN: return []
      default: throw Errno(rawValue: errno)
      }
    }
  }

  /// The most bytes that are taken and dropped at once.
  public static let inputLimit = 64 << 10

  /// Takes and drops what the other end sent, without waiting for it.
  /// - Returns: whether the other end has closed the connection.
  /// - Throws: what recv(2) returns, such as `Errno.connectionReset`; `Errno.noBufferSpace` above `inputLimit`, from an
  ///   other end that could keep the caller here for ever.
  public borrowing func discardInput() throws(Errno) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var discarded = 0
    while discarded < Self.inputLimit {
      // SAFETY: the buffer is lent for the call, which writes no more than its count.
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
      }
      if count == 0 { return true }
      guard count < 0, errno != EINTR else {
        discarded += max(0, count)
        continue
      }
      guard errno == EAGAIN else { throw Errno(rawValue: errno) }
      return false
    }
    throw .noBufferSpace
  }

  /// Waits until the other end has sent something or closed the connection. See poll(2).
  public borrowing func awaitInput(milliseconds: Int32) { wait(forInput: true, milliseconds: milliseconds) }

  /// Waits until there is something to receive, or room to send. See poll(2).
  public borrowing func wait(forInput: Bool, milliseconds: Int32) {
    var poll = pollfd(fd: descriptor.rawValue, events: Int16(forInput ? POLLIN : POLLOUT), revents: 0)
    // SAFETY: one pollfd, a local; an interrupted wait is a short one.
    _ = unsafe Glibc.poll(&poll, 1, milliseconds)
  }

  /// From now on no call waits. See fcntl(2).
  public borrowing func setNonBlocking() throws(Errno) {
    guard wh_set_nonblocking(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }

  /// How much the kernel keeps of what was sent and not yet received, about; it may set a limit of its own. See
  /// SO_SNDBUF in socket(7).
  public borrowing func setSendBuffer(bytes: Int32) {
    var size = bytes
    // SAFETY: the size is a local; sockets of every family take this option.
    _ = unsafe setsockopt(
      descriptor.rawValue, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  borrowing func setSendTimeout(milliseconds: Int32) {
    var time = timeval(
      tv_sec: time_t(milliseconds / 1000), tv_usec: suseconds_t(milliseconds % 1000) * 1000)
    // SAFETY: the timeval is a local; sockets of every family take this option.
    _ = unsafe setsockopt(
      descriptor.rawValue, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }
}
