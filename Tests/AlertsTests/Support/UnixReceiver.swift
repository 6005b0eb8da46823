import Glibc
import SystemPackage

/// The other end of a Unix socket: a syslog daemon as a program sees it, without the daemon.
final class UnixReceiver {
  private let listener: FileDescriptor
  private var connection: FileDescriptor?
  private let isStream: Bool
  private var streamBytes: [UInt8] = []

  init(path: FilePath, isStream: Bool) throws {
    self.isStream = isStream
    let type = isStream ? SOCK_STREAM : SOCK_DGRAM
    listener = FileDescriptor(rawValue: socket(AF_UNIX, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0))
    Disk.unlink(path)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // SAFETY: a temporary directory's path is shorter than the 108 bytes; the structure is a local.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) {
      unsafe $0.copyBytes(from: Array(path.string.utf8))
    }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(listener.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0, !isStream || listen(listener.rawValue, 5) == 0 else { throw Errno(rawValue: errno) }
  }

  deinit {
    try? listener.close()
    try? connection?.close()
  }

  /// The messages that have come so far.
  func messages() throws -> [[UInt8]] {
    guard isStream else { return receiveAll(from: listener) }
    if connection == nil {
      connection = FileDescriptor(rawValue: accept(listener.rawValue, nil, nil))
    }
    for chunk in receiveAll(from: connection!) { streamBytes += chunk }
    var messages = streamBytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    streamBytes = messages.removeLast()
    return messages
  }

  private func receiveAll(from descriptor: FileDescriptor) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    var buffer = [UInt8](repeating: 0, count: 512 << 10)
    while true {
      // SAFETY: the buffer is lent for the call, which writes no more than its count.
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
      }
      guard count > 0 else { return messages }
      messages.append(Array(buffer.prefix(count)))
    }
  }
}
