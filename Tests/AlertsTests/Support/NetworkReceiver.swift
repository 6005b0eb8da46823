import Glibc
import SystemPackage

/// A syslog receiver on the loopback: keeps what comes, and stops and starts on the same port.
final class NetworkReceiver {
  let port: UInt16
  private let isStream: Bool
  private let family: Int32
  private var listener: FileDescriptor?
  private var connections: [FileDescriptor] = []

  init(isStream: Bool, family: Int32 = AF_INET) throws {
    self.isStream = isStream
    self.family = family
    (listener, port) = try Self.listen(isStream: isStream, family: family, port: 0)
  }

  deinit { stop() }

  /// Closes everything, as a daemon's death does.
  func stop() {
    try? listener?.close()
    listener = nil
    closeConnections()
  }

  func closeConnections() {
    for connection in connections { try? connection.close() }
    connections = []
  }

  /// Sends so many zeros on every connection.
  func send(bytes count: Int) throws {
    for connection in connections { try connection.writeAll([UInt8](repeating: 0, count: count)) }
  }

  func start() throws { listener = try Self.listen(isStream: isStream, family: family, port: port).0 }

  /// Datagrams one by one; of streams, what all connections have brought since the last call, in one piece each.
  ///
  /// Something is waited for as long as a busy machine may take, then what follows closely.
  func received() throws -> [[UInt8]] {
    guard let listener else { return [] }
    guard isStream else { return Self.receiveAll(listener) }
    accept()
    return connections.flatMap { connection in
      let bytes = Self.receiveAll(connection).reduce([], +)
      return bytes.isEmpty ? [] : [bytes]
    }
  }

  /// Waits until there are so many connections, and reads nothing.
  func accept(_ count: Int = 1) {
    guard let listener else { return }
    while Self.wait(listener, connections.count < count ? Self.patienceMilliseconds : 0) {
      let raw = Glibc.accept(listener.rawValue, nil, nil)
      guard raw >= 0 else { return }
      connections.append(FileDescriptor(rawValue: raw))
    }
  }

  /// Waits until who connected to us has heard of the end of its connections, as far as this host shows it.
  func waitUntilEndsAreKnown() throws {
    let hexadecimal = String(port, radix: 16, uppercase: true)
    let own = ": 0100007F:" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal + " "
    for _ in 0..<2000 {
      // Of states, 01 is ESTABLISHED and 04 FIN_WAIT1: its end was not answered yet.
      let isHeard = try !contents(of: "/proc/net/tcp").split(separator: "\n").contains {
        $0.contains(own) && [" 01 ", " 04 "].contains(where: $0.dropFirst(33).prefix(5).contains)
      }
      if isHeard { return }
      usleep(10_000)
    }
  }

  private static let patienceMilliseconds: Int32 = 20_000

  private static func receiveAll(_ descriptor: FileDescriptor) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while wait(descriptor, pieces.isEmpty ? patienceMilliseconds : 300) {
      // SAFETY: the buffer is lent for the call, which writes no more than its count.
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
      }
      guard count > 0 else { return pieces }
      pieces.append(Array(buffer.prefix(count)))
    }
    return pieces
  }

  static func wait(_ descriptor: FileDescriptor, _ milliseconds: Int32) -> Bool {
    var poll = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    // SAFETY: one pollfd, a local.
    return unsafe Glibc.poll(&poll, 1, milliseconds) > 0
  }

  static func listen(isStream: Bool, family: Int32, port: UInt16) throws -> (FileDescriptor, UInt16) {
    let type = isStream ? SOCK_STREAM : SOCK_DGRAM
    let listener = FileDescriptor(
      rawValue: socket(family, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0))
    var on: Int32 = 1
    // SAFETY: the addresses and the option are locals of the sizes that are given.
    _ = unsafe setsockopt(listener.rawValue, SOL_SOCKET, SO_REUSEADDR, &on, 4)
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(family)
    address.sin6_port = port.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    if family == AF_INET6 {
      address.sin6_addr = in6addr_loopback
    } else {
      address.sin6_flowinfo = UInt32(0x7F00_0001).bigEndian
    }
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(listener.rawValue, address, family == AF_INET6 ? length : 16) == 0
          && (!isStream || Glibc.listen(listener.rawValue, 16) == 0)
          && getsockname(listener.rawValue, address, &length) == 0
      }
    }
    guard isBound else { throw Errno(rawValue: errno) }
    return (listener, UInt16(bigEndian: address.sin6_port))
  }
}
