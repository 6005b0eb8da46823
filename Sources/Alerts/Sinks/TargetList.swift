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
  /// - Throws: `unavailable`, which names every target and why it was not to be had.
  mutating func connect(_ kind: Socket.Kind, timeoutMilliseconds: Int32) throws(SinkError) -> Socket {
    var reasons: [String] = []
    for offset in targets.indices {
      let target = targets[(preferred + offset) % targets.count]
      do throws(ConnectFailure) {
        let socket = try connect(to: target, kind, timeoutMilliseconds)
        connected = target
        return socket
      } catch {
        reasons.append("\(target): \(error.reason)")
      }
    }
    throw .unavailable(reasons.isEmpty ? "no target" : reasons.joined(separator: "; "))
  }

  /// Has the next target tried first, since a datagram socket finds out too late that nobody listens.
  mutating func preferNext() { preferred = (preferred + 1) % max(1, targets.count) }

  /// What failed, and where.
  func unavailable(_ error: Errno) -> SinkError {
    .unavailable(connected.map { "\($0): \(error)" } ?? "\(error)")
  }

  private struct ConnectFailure: Error { let reason: String }

  private func connect(
    to target: SyslogTarget, _ kind: Socket.Kind, _ timeoutMilliseconds: Int32
  ) throws(ConnectFailure) -> Socket {
    let addresses: [NetworkAddress]
    do { addresses = try NetworkAddress.resolve(target.host, port: target.port) } catch {
      throw ConnectFailure(reason: error.description)
    }
    var failure = "no address"
    for address in addresses {
      do {
        return try Socket.connected(to: address, kind: kind, timeoutMilliseconds: timeoutMilliseconds)
      } catch {
        failure = "\(error)"
      }
    }
    throw ConnectFailure(reason: failure)
  }
}
