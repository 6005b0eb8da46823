import System
import SystemPackage

/// Alerts as datagrams to a syslog receiver, one each. See RFC 5426.
///
/// What is sent counts as delivered: UDP tells nobody what was lost. A receiver that is known to be away, because its host
/// said so, is an error, and the next target is tried.
public final class UDPSyslogSink: Sink {
  public static let name = "udp"

  public private(set) var settled: UInt64 = 0
  public var messageLimit: Int { limit.bytes }
  private let options: RemoteSyslogOptions
  private var targets: TargetList
  private var limit: DatagramLimit
  private var socket: Socket?

  public init(options: RemoteSyslogOptions) {
    self.options = options
    targets = TargetList(options.targets)
    // Every receiver must take so much (RFC 5424 §6.1).
    limit = DatagramLimit(options.messageLimit, smallest: 480)
  }

  public func open() throws(SinkError) {
    socket = try targets.connect(.datagram, timeoutMilliseconds: options.timeoutMilliseconds) { socket, _ in
      socket
    }
  }

  public func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    for alert in alerts {
      try send(alert.bytes)
      settled = alert.sequence
    }
  }

  public func close() { socket = nil }

  private func send(_ message: [UInt8]) throws(SinkError) {
    do throws(Errno) {
      guard try socket?.send(message.span) != nil else { throw .socketNotConnected }
    } catch .messageTooLong {
      throw limit.shrink(from: message.count)
        ? .tooLarge : targets.unavailable(StreamFailure(.messageTooLong))
    } catch {
      targets.preferNext()
      throw targets.unavailable(StreamFailure(error))
    }
  }
}
