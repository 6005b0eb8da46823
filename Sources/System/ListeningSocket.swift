// Unsafe: system calls on a socket that the type owns, with pointers into locals.

import CLinux
import Glibc
public import SystemPackage

/// A unix socket that others connect to by its file. See unix(7).
///
/// Making it and `removeFile` belong to one thread; another may accept. Nobody can connect before `listen`.
public struct ListeningSocket: ~Copyable, Sendable {
  public let path: String
  private let socket: Socket

  public var descriptor: FileDescriptor { socket.descriptor }

  /// Makes the socket file, which must not exist yet; its mode is 0660, its owner and group are the caller's.
  /// - Throws: `Errno.addressInUse` when there is a file of that name, `Errno.fileNameTooLong` above 107 bytes, and
  ///   what socket(2) and bind(2) return.
  public init(atPath path: String) throws(Errno) {
    let address = try Socket.address(ofPath: path)
    // Owned from here on, so that it is closed when a later call fails.
    let made = try Socket.opened(AF_UNIX, .stream)
    try made.setNonBlocking()
    // The file gets the socket's mode, less the umask, which is every thread's and stays as it is.
    guard fchmod(made.descriptor.rawValue, Self.mode) == 0 else { throw Errno(rawValue: errno) }
    // SAFETY: a sockaddr_un is read as the sockaddr that its family says it is; it is a local.
    let result = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(made.descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw Errno(rawValue: errno) }
    // What the umask took away. Who owns the directory may have put something else in its place by now.
    // SAFETY: the path is ended by NUL and outlives the call.
    guard unsafe wh_set_socket_mode(path, Self.mode) == 0 else {
      let error = Errno(rawValue: errno)
      _ = unsafe unlink(path)
      throw error
    }
    socket = made
    self.path = path
  }

  private static let mode: mode_t = 0o660

  /// Gives the socket file away. See chown(2).
  public borrowing func setOwner(user: UInt32, group: UInt32) throws(Errno) {
    guard unsafe lchown(path, user, group) == 0 else { throw Errno(rawValue: errno) }
  }

  /// From now on others can connect. See listen(2).
  public borrowing func listen(backlog: Int32) throws(Errno) {
    guard Glibc.listen(descriptor.rawValue, backlog) == 0 else { throw Errno(rawValue: errno) }
  }

  /// The next connection, whose calls never wait; `nil` when nobody waits for one.
  /// - Throws: what accept(2) returns, such as `Errno.tooManyOpenFiles`.
  public borrowing func accept() throws(Errno) -> Socket? {
    let raw = wh_accept(descriptor.rawValue)
    if raw >= 0 { return Socket(owning: FileDescriptor(rawValue: raw)) }
    switch errno {
    case EAGAIN, EINTR, ECONNABORTED: return nil
    default: throw Errno(rawValue: errno)
    }
  }

  /// Removes the socket file, so that who comes later is told at once that nobody listens.
  public borrowing func removeFile() { _ = unsafe unlink(path) }
}
