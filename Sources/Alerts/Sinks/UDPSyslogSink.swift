import System
import SystemPackage

/// Alerts as datagrams to a syslog receiver, one each. See RFC 5426.
///
/// What is sent counts as delivered: UDP tells nobody what was lost. A receiver that is known to be away, because its host
/// said so, is an error, and the next target is tried.
public final class UDPSyslogSink: Sink {
  public static let name = "udp"

  public private(set) var settled: UInt64 = 0
  public private(set) var messageLimit: Int
  private let options: RemoteSyslogOptions
  private var targets: TargetList
  private var socket: Socket?

  /// No limit goes below this: every receiver must take so much (RFC 5424 §6.1).
  private static let smallestLimit = 480

  public init(options: RemoteSyslogOptions) {
    self.options = options
    targets = TargetList(options.targets)
    messageLimit = max(options.messageLimit, Self.smallestLimit)
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
      let smaller = max(Self.smallestLimit, min(messageLimit, message.count) / 2)
      guard smaller < messageLimit else { throw targets.unavailable(StreamFailure(.messageTooLong)) }
      messageLimit = smaller
      throw .tooLarge
    } catch {
      targets.preferNext()
      throw targets.unavailable(StreamFailure(error))
    }
  }
}
