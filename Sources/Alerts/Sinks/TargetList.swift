import System
import SystemPackage

/// The receivers of one sink, of which one is connected to.
struct TargetList {
  private let targets: [SyslogTarget]
  /// Which is tried first.
  private var preferred = 0
  /// The one that was connected to last.
  private(set) var connected: SyslogTarget?

  init(_ targets: [SyslogTarget]) { self.targets = targets }

  /// Connects to the first target that lets itself be connected to, by any of its addresses.
  /// - Parameter shakeHands: makes of the socket what the sink sends on.
  /// - Throws: `unavailable`, which names every target and why it was not to be had.
  mutating func connect<Stream: ~Copyable>(
    _ kind: Socket.Kind, timeoutMilliseconds: Int32,
    _ shakeHands: (consuming Socket, SyslogTarget) throws(StreamFailure) -> Stream
  ) throws(SinkError) -> Stream {
    var reasons: [String] = []
    for offset in targets.indices {
      let target = targets[(preferred + offset) % targets.count]
      do throws(StreamFailure) {
        let stream = try connect(to: target, kind, timeoutMilliseconds, shakeHands)
        connected = target
        return stream
      } catch {
        reasons.append("\(target): \(error)")
      }
    }
    throw .unavailable(reasons.isEmpty ? "no target" : reasons.joined(separator: "; "))
  }

  /// Has the next target tried first: one that can be connected to may still take nothing.
  mutating func preferNext() { preferred = (preferred + 1) % max(1, targets.count) }

  /// Has the targets tried in the order in which they were given.
  mutating func preferFirst() { preferred = 0 }

  /// What failed, and where.
  func unavailable(_ failure: StreamFailure) -> SinkError {
    .unavailable(connected.map { "\($0): \(failure)" } ?? "\(failure)")
  }

  private func connect<Stream: ~Copyable>(
    to target: SyslogTarget, _ kind: Socket.Kind, _ timeoutMilliseconds: Int32,
    _ shakeHands: (consuming Socket, SyslogTarget) throws(StreamFailure) -> Stream
  ) throws(StreamFailure) -> Stream {
    let addresses: [NetworkAddress]
    do { addresses = try NetworkAddress.resolve(target.host, port: target.port) } catch {
      throw StreamFailure(error.description)
    }
    var failure = StreamFailure("no address")
    for address in addresses {
      let socket: Socket
      do {
        socket = try Socket.connected(to: address, kind: kind, timeoutMilliseconds: timeoutMilliseconds)
      } catch {
        failure = StreamFailure(error)
        continue
      }
      do throws(StreamFailure) { return try shakeHands(socket, target) } catch { failure = error }
    }
    throw failure
  }
}
