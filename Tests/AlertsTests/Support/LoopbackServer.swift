import Glibc
import Synchronization
import System
import SystemPackage

/// A server on the loopback that serves one connection after the other, on a thread of its own; it ends with this object.
final class LoopbackServer: Sendable {
  /// What one connection is served with; `nil` from `read` when the client, or the server, has ended it.
  struct Connection {
    fileprivate let descriptor: FileDescriptor
    fileprivate let mustEnd: @Sendable () -> Bool

    func read() -> [UInt8]? {
      while !mustEnd() {
        guard NetworkReceiver.wait(descriptor, 5) else { continue }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        // SAFETY: the buffer is lent for the call, which writes no more than its count.
        let count = unsafe buffer.withUnsafeMutableBytes {
          unsafe recv(descriptor.rawValue, $0.baseAddress, $0.count, 0)
        }
        return count > 0 ? Array(buffer.prefix(count)) : nil
      }
      return nil
    }

    /// Has the connection go without a word when it is closed, as a host does that loses power: half of it stays open.
    /// - Returns: whether that is allowed; it takes CAP_NET_ADMIN.
    func willVanish() -> Bool {
      var on: Int32 = 1
      let repair: Int32 = 19  // TCP_REPAIR
      // SAFETY: the option is a local of the size that is given.
      return unsafe setsockopt(descriptor.rawValue, Int32(IPPROTO_TCP), repair, &on, 4) == 0
    }

    func write(_ bytes: [UInt8]) {
      var rest = bytes[...]
      while !rest.isEmpty {
        // SAFETY: the bytes are lent for the call, which reads them only.
        let count = unsafe rest.withUnsafeBytes {
          unsafe send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  let port: UInt16
  private let serve: @Sendable (Connection) -> Void
  private let mustEnd = Mutex(false)
  private let thread = Mutex<NamedThread?>(nil)

  /// - Parameter serve: called for each connection, which ends when it returns.
  init(_ serve: @escaping @Sendable (Connection) -> Void) throws {
    self.serve = serve
    let (listener, port) = try NetworkReceiver.listen(isStream: true, family: AF_INET, port: 0)
    self.port = port
    try run(listener)
  }

  deinit { stop() }

  /// Closes everything, as a daemon's death does.
  func stop() {
    mustEnd.withLock { $0 = true }
    guard let running = thread.withLock({ $0.take() }) else { return }
    running.join()
  }

  func start() throws {
    mustEnd.withLock { $0 = false }
    try run(try NetworkReceiver.listen(isStream: true, family: AF_INET, port: port).0)
  }

  private func run(_ listener: FileDescriptor) throws {
    let serve = serve
    let mustEnd: @Sendable () -> Bool = { [weak self] in self?.mustEnd.withLock { $0 } ?? true }
    try thread.withLock { slot throws in
      slot = try NamedThread("server") {
        while !mustEnd() {
          guard NetworkReceiver.wait(listener, 5) else { continue }
          let raw = Glibc.accept(listener.rawValue, nil, nil)
          guard raw >= 0 else { continue }
          // A program that is started meanwhile must not keep the connection open.
          _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
          let connection = Connection(descriptor: FileDescriptor(rawValue: raw), mustEnd: mustEnd)
          serve(connection)
          try? connection.descriptor.close()
        }
        try? listener.close()
      }
    }
  }
}

/// Messages that a server's thread puts in and a test takes out.
final class MessageBox: Sendable {
  private let messages = Mutex<[[UInt8]]>([])

  func append(_ message: [UInt8]) { messages.withLock { $0.append(message) } }

  /// Waits until there are so many, but not for ever, and takes all.
  func take(atLeast count: Int) -> [String] {
    for _ in 0..<6000 where messages.withLock({ $0.count }) < count { usleep(10_000) }
    return messages.withLock { messages in
      defer { messages = [] }
      return messages.map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
