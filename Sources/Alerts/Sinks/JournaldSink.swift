import System
import SystemPackage

/// How alerts reach the systemd journal of this host.
public struct JournaldOptions: Equatable, Sendable {
  /// Journald's socket for its native protocol.
  public var path = "/run/systemd/journal/socket"
  /// The most bytes of one entry; a socket of Linux takes a little more unless it was told otherwise.
  public var messageLimit = 192 << 10

  public init() {}
}

/// Alerts to the systemd journal, a datagram each. See systemd.io/JOURNAL_NATIVE_PROTOCOL.
///
/// Journald that started anew is connected to again. An entry that the socket finds too large is made smaller until it passes,
/// which counts as shortened. Beyond the socket's limit journald would take a sealed memory file; but the agent's filter of system
/// calls has none, since an intruder could map one as code, and no alert has needed it.
public final class JournaldSink: Sink {
  public static let name = "journald"

  public private(set) var settled: UInt64 = 0
  public var messageLimit: Int { limit.bytes }
  private let options: JournaldOptions
  private var limit: DatagramLimit
  private var socket: Socket?

  private static let timeoutMilliseconds: Int32 = 5_000

  public init(options: JournaldOptions) {
    self.options = options
    // What an alert cannot do without takes less.
    limit = DatagramLimit(options.messageLimit, smallest: 2048)
  }

  public func open() throws(SinkError) {
    do {
      socket = try Socket.connected(
        toPath: options.path, kind: .datagram, timeoutMilliseconds: Self.timeoutMilliseconds)
    } catch {
      throw unavailable(error)
    }
  }

  public func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    for alert in alerts {
      try send(alert.bytes)
      settled = alert.sequence
    }
  }

  public func close() { socket = nil }

  private func send(_ entry: [UInt8]) throws(SinkError) {
    do throws(Errno) {
      guard try socket?.send(entry.span) != nil else { throw .socketNotConnected }
    } catch .messageTooLong {
      throw limit.shrink(from: entry.count) ? .tooLarge : unavailable(.messageTooLong)
    } catch {
      throw unavailable(error)
    }
  }

  private func unavailable(_ error: Errno) -> SinkError { .unavailable("\(options.path): \(error)") }
}
