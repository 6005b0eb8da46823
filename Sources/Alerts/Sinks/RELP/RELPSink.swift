import System
import SystemPackage

/// Alerts to a syslog receiver that acknowledges each of them, in the clear or under TLS.
///
/// What the receiver has not acknowledged is sent again on the next connection: an alert may come twice, with its number
/// and uuid, but none is missing. See https://www.rsyslog.com/doc/relp.html.
public final class RELPSink: Sink {
  public static let name = "relp"
  /// The same under TLS.
  public static let secureName = "relp-tls"

  public let messageLimit: Int
  private let options: RemoteSyslogOptions
  private let tls: TLSOptions?
  private let tally = RefusalTally()
  private var targets: TargetList
  private var connection: RELPConnection?
  private var settledBefore: UInt64 = 0
  private var settledAtOpening: UInt64 = 0

  /// So long an idle call waits for what was not answered yet.
  private static let answerMilliseconds: Int32 = 100

  /// - Parameter tls: whom to trust; `nil` sends in the clear.
  public init(options: RemoteSyslogOptions, tls: TLSOptions? = nil) {
    self.options = options
    self.tls = tls
    targets = TargetList(options.targets)
    messageLimit = max(options.messageLimit, 480)
  }

  public var settled: UInt64 { max(settledBefore, connection?.settled ?? 0) }

  public private(set) var attempted: UInt64 = 0

  public var refusals: Refusals { tally.total }

  /// At once while something is unanswered, since the call itself waits; else twice a minute, to notice that the receiver
  /// is gone.
  public var idleMilliseconds: Int32 { connection?.isIdle == false ? 0 : 30_000 }

  public func open() throws(SinkError) {
    settledAtOpening = settled
    let (tls, options, tally) = (tls, options, tally)
    connection = try targets.connect(.stream, timeoutMilliseconds: options.timeoutMilliseconds) {
      (socket, target) throws(StreamFailure) -> RELPConnection in
      let stream: any ByteStream
      if let tls {
        stream = try TLSStream(
          over: socket, to: target.host, tls, timeoutMilliseconds: options.timeoutMilliseconds)
      } else {
        stream = PlainStream(socket)
      }
      do throws(StreamFailure) {
        return try RELPConnection(
          over: stream, timeoutMilliseconds: options.acknowledgementMilliseconds, tally: tally)
      } catch {
        // imrelp looks at our certificate only once we think that the hands are shaken.
        guard error.isEnd, let tls else { throw error }
        throw StreamFailure("\(error)\(TLSSession.certificateHint(tls))", isEnd: true)
      }
    }
  }

  public func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    do throws(StreamFailure) {
      guard let connection else { throw StreamFailure(.socketNotConnected) }
      if alerts.isEmpty {
        try connection.awaitAnswers(milliseconds: Self.answerMilliseconds)
      } else {
        // How far a connection that breaks got with them nobody knows.
        attempted = max(attempted, alerts.last?.sequence ?? 0)
        try connection.send(alerts)
      }
    } catch {
      // One that accepts connections and drops them would keep the others from ever being tried.
      if settled == settledAtOpening { targets.preferNext() } else { targets.preferFirst() }
      throw targets.unavailable(error)
    }
  }

  public func finish(deadline: UInt64) {
    let now = Clock.monotonicNanoseconds
    guard let connection, now < deadline else { return }
    let milliseconds = Int32(clamping: (deadline - now) / 1_000_000)
    guard (try? connection.awaitAnswers(milliseconds: milliseconds)) != nil else { return }
    connection.end(deadline: min(deadline, Clock.monotonicNanoseconds + 1_000_000_000))
  }

  public func close() {
    settledBefore = settled
    connection = nil
  }
}
