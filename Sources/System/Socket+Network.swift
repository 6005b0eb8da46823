// Unsafe: system calls on a socket that the type owns, with pointers into locals.

import Glibc
public import SystemPackage

extension Socket {
  /// Connects to an address of the network; a datagram socket only learns where it sends to. See ip(7), ipv6(7).
  /// - Parameter timeoutMilliseconds: how long connecting, each sending, and silence of the other end while data waits
  ///   for its acknowledgement may take.
  /// - Throws: what connect(2) returns; `Errno.timedOut` when the time is up.
  public static func connected(
    to address: NetworkAddress, kind: Kind, timeoutMilliseconds: Int32
  ) throws(Errno) -> Socket {
    let socket = try opened(address.family, kind)
    socket.setSendTimeout(milliseconds: timeoutMilliseconds)
    if kind == .stream { socket.setTimeouts(milliseconds: timeoutMilliseconds) }
    // SAFETY: the bytes are an address of the length that is given, and live for the call, which reads them only.
    // The send timeout also ends a connect, with EINPROGRESS.
    let result = unsafe address.bytes.withUnsafeBytes { bytes in
      unsafe bytes.withMemoryRebound(to: sockaddr.self) {
        unsafe connect(socket.descriptor.rawValue, $0.baseAddress, socklen_t(bytes.count))
      }
    }
    guard result == 0 else { throw errno == EINPROGRESS ? .timedOut : Errno(rawValue: errno) }
    return socket
  }

  /// Ends our half of the connection: the other end reads what was sent, then the end. See shutdown(2).
  public borrowing func endSending() { _ = shutdown(descriptor.rawValue, Int32(SHUT_WR)) }

  /// A dead peer is noticed: by data without acknowledgement after the time, by silence after a minute and a half.
  private borrowing func setTimeouts(milliseconds: Int32) {
    setOption(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, milliseconds)
    setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    setOption(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 60)
    setOption(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
    setOption(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
  }

  private borrowing func setOption(_ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    // SAFETY: the value is a local of the size that is given. An option that the kernel lacks changes nothing.
    _ = unsafe setsockopt(descriptor.rawValue, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}
