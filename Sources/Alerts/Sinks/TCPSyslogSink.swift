import System
import SystemPackage

/// Alerts on a stream to a syslog receiver. See RFC 6587.
///
/// TCP does not tell what the receiver has read. So everything that was sent lately is kept in the journal and sent again
/// after the connection broke: an alert may come twice, with its number and uuid, but none is missing.
public final class TCPSyslogSink: Sink {
  public static let name = "tcp"

  public let messageLimit: Int
  private let options: RemoteSyslogOptions
  private var targets: TargetList
  private var socket: Socket?
  private var window: ResendWindow
  private var buffer: [UInt8] = []

  /// Bytes gathered for one call.
  private static let chunkBytes = 64 << 10

  public init(options: RemoteSyslogOptions) {
    self.options = options
    targets = TargetList(options.targets)
    messageLimit = max(options.messageLimit, 480)
    window = ResendWindow(seconds: options.resendWindowSeconds)
  }

  public var settled: UInt64 { window.settled }

  /// Each second while alerts are in the window, else twice a minute, to notice that the receiver is gone.
  public var idleMilliseconds: Int32 { window.isEmpty ? 30_000 : 1000 }

  public func open() throws(SinkError) {
    window.reset()
    socket = try targets.connect(.stream, timeoutMilliseconds: options.timeoutMilliseconds)
  }

  public func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    window.advance(nowNanoseconds: Clock.monotonicNanoseconds)
    do throws(Errno) {
      // What goes into a connection that the receiver has closed is lost without an error.
      guard try socket?.discardInput() == false else { throw .connectionReset }
      buffer.removeAll(keepingCapacity: true)
      for (index, alert) in zip(alerts.indices, alerts) {
        append(alert.bytes)
        guard buffer.count >= Self.chunkBytes || index == alerts.endIndex - 1 else { continue }
        try send()
        window.sent(alert.sequence, nowNanoseconds: Clock.monotonicNanoseconds)
      }
    } catch {
      throw targets.unavailable(error)
    }
  }

  /// Ends our half of the connection: a receiver that has read it all then ends the other.
  public func finish(deadline: UInt64) {
    socket?.endSending()
    while Clock.monotonicNanoseconds < deadline {
      socket?.awaitInput(milliseconds: 50)
      guard let hasEnded = try? socket?.discardInput() else { return }
      if hasEnded { return window.settleAll() }
    }
  }

  public func close() { socket = nil }

  private func append(_ message: [UInt8]) {
    switch options.framing {
    case .lineFeed:
      buffer.append(contentsOf: message)
      buffer.append(UInt8(ascii: "\n"))
    case .octetCounting:
      buffer.append(decimal: message.count)
      buffer.append(UInt8(ascii: " "))
      buffer.append(contentsOf: message)
    }
  }

  private func send() throws(Errno) {
    var sent = 0
    while sent < buffer.count {
      guard let count = try socket?.send(buffer.span.extracting(sent...)) else { throw .socketNotConnected }
      sent += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
