import System
import SystemPackage

/// Alerts on a stream to a syslog receiver, in the clear or under TLS. See RFC 6587 and RFC 5425.
///
/// Neither tells what the receiver has read. So everything that was sent lately is kept in the journal and sent again
/// after the connection broke: an alert may come twice, with its number and uuid, but none is missing.
public final class TCPSyslogSink: Sink {
  public static let name = "tcp"
  /// The same under TLS.
  public static let secureName = "tls"

  public let messageLimit: Int
  private let options: RemoteSyslogOptions
  private let tls: TLSOptions?
  private var targets: TargetList
  private var stream: (any ByteStream)?
  private var window: ResendWindow
  private var settledAtOpening: UInt64 = 0
  private var buffer: [UInt8] = []

  /// Bytes gathered for one call.
  private static let chunkBytes = 64 << 10

  /// - Parameter tls: whom to trust; `nil` sends in the clear.
  public init(options: RemoteSyslogOptions, tls: TLSOptions? = nil) {
    self.options = options
    self.tls = tls
    targets = TargetList(options.targets)
    messageLimit = max(options.messageLimit, 480)
    window = ResendWindow(seconds: options.resendWindowSeconds)
  }

  public var settled: UInt64 { window.settled }

  public private(set) var sent: UInt64 = 0

  public private(set) var attempted: UInt64 = 0

  /// Each second while alerts are in the window, else twice a minute, to notice that the receiver is gone.
  public var idleMilliseconds: Int32 { window.isEmpty ? 30_000 : 1000 }

  public func open() throws(SinkError) {
    window.reset()
    settledAtOpening = window.settled
    sent = window.settled
    let (tls, timeout) = (tls, options.timeoutMilliseconds)
    stream = try targets.connect(.stream, timeoutMilliseconds: timeout) {
      (socket, target) throws(StreamFailure) -> any ByteStream in
      guard let tls else { return PlainStream(socket) }
      return try TLSStream(over: socket, to: target.host, tls, timeoutMilliseconds: timeout)
    }
  }

  public func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    window.advance(nowNanoseconds: Clock.monotonicNanoseconds)
    do throws(StreamFailure) {
      // What goes into a connection that the receiver has closed is lost without an error.
      guard let stream, try !stream.hasEnded() else { throw StreamFailure(.connectionReset) }
      buffer.removeAll(keepingCapacity: true)
      for (index, alert) in zip(alerts.indices, alerts) {
        append(alert.bytes)
        guard buffer.count >= Self.chunkBytes || index == alerts.endIndex - 1 else { continue }
        attempted = max(attempted, alert.sequence)
        try stream.send(buffer.span)
        buffer.removeAll(keepingCapacity: true)
        window.sent(alert.sequence, nowNanoseconds: Clock.monotonicNanoseconds)
        sent = alert.sequence
      }
    } catch {
      // One that accepts connections and drops them would keep the others from ever being tried.
      if window.settled == settledAtOpening { targets.preferNext() } else { targets.preferFirst() }
      throw targets.unavailable(error)
    }
  }

  /// Ends our half of the connection: a receiver that has read it all then ends the other.
  public func finish(deadline: UInt64) {
    // A receiver that has ended the connection already did so for reasons of its own, and may have read nothing.
    guard (try? stream?.hasEnded()) == false else { return }
    stream?.endSending()
    while Clock.monotonicNanoseconds < deadline {
      stream?.awaitInput(milliseconds: 50)
      guard let hasEnded = try? stream?.hasEnded() else { return }
      if hasEnded { return window.settleAll() }
    }
  }

  public func close() { stream = nil }

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
}
