import Events
import Glibc
import System
import SystemPackage

/// How alerts reach the syslog daemon of this host.
public struct LocalSyslogOptions: Equatable, Sendable {
  /// The daemon's socket.
  public var path = "/dev/log"
  /// Falco's facility, and that of every program that names none.
  public var facility = SyslogFacility.user
  /// The program's name in the message: printable ASCII without space, `:`, `[` and `]`; 32 bytes at most count.
  public var identity = "windhover"
  /// The process id in the message.
  public var processID: Int32 = getpid()
  /// The most bytes of one message with its header; rsyslog cuts at 8 KiB unless it is told otherwise.
  public var messageLimit = 8192

  public init() {}
}

/// Alerts to the syslog daemon of this host, framed as syslog(3) does it: `<13>Jan  5 23:59:59 windhover[42]: …`.
///
/// A datagram socket, or a stream if that is what the daemon has. A daemon that started anew is connected to again. A
/// message that the socket finds too large is made smaller until it passes.
public final class LocalSyslogSink: Sink {
  public static let name = "syslog"

  public private(set) var settled: UInt64 = 0
  private let options: LocalSyslogOptions
  private let tag: [UInt8]
  private var limit: DatagramLimit
  private var socket: Socket?
  private var kind = Socket.Kind.datagram

  private static let timeoutMilliseconds: Int32 = 5_000

  public init(options: LocalSyslogOptions) {
    self.options = options
    let name = options.identity.utf8.filter { $0 > 0x20 && $0 < 0x7F && !":[]".utf8.contains($0) }
    tag = name.prefix(32) + Array("[\(options.processID)]: ".utf8)
    // Every receiver must take so much (RFC 5424 §6.1).
    limit = DatagramLimit(options.messageLimit, smallest: 480)
  }

  public var messageLimit: Int { limit.bytes - "<191>Jan 31 23:59:59 ".utf8.count - tag.count - 1 }

  public func open() throws(SinkError) {
    do {
      kind = .datagram
      socket = try connect(.datagram)
    } catch Errno.protocolWrongTypeForSocket {
      kind = .stream
      do { socket = try connect(.stream) } catch { throw unavailable(error) }
    } catch {
      throw unavailable(error)
    }
  }

  public func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    for alert in alerts {
      try send(frame(alert))
      settled = alert.sequence
    }
  }

  public func close() { socket = nil }

  private func connect(_ kind: Socket.Kind) throws(Errno) -> Socket {
    try Socket.connected(toPath: options.path, kind: kind, timeoutMilliseconds: Self.timeoutMilliseconds)
  }

  private func frame(_ alert: EncodedAlert) -> [UInt8] {
    var message: [UInt8] = []
    message.reserveCapacity(alert.bytes.count + 80)
    message.append(UInt8(ascii: "<"))
    message.append(decimal: options.facility.priorityValue(alert.priority))
    message.append(UInt8(ascii: ">"))
    CivilTime(local: alert.timeNanoseconds).appendBSD(to: &message)
    message.append(UInt8(ascii: " "))
    message.append(contentsOf: tag)
    message.append(contentsOf: alert.bytes)
    // On a stream a zero byte ends a message, as the C library has it; no format writes one.
    if kind == .stream { message.append(0) }
    return message
  }

  private func send(_ message: [UInt8]) throws(SinkError) {
    var sent = 0
    while sent < message.count {
      do throws(Errno) {
        guard let count = try socket?.send(message.span.extracting(sent...)) else {
          throw .socketNotConnected
        }
        sent += count
      } catch .messageTooLong {
        throw limit.shrink(from: message.count) ? .tooLarge : unavailable(.messageTooLong)
      } catch {
        throw unavailable(error)
      }
    }
  }

  private func unavailable(_ error: Errno) -> SinkError { .unavailable("\(options.path): \(error)") }
}
