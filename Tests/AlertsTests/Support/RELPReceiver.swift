@testable import Alerts

/// A RELP receiver on the loopback: keeps what comes, and answers as it was told.
final class RELPReceiver: Sendable {
  /// What it says to a frame: the whole answer, or nothing.
  typealias Answer = @Sendable (_ transaction: UInt32, _ command: String, _ data: [UInt8]) -> [UInt8]?

  private let box: MessageBox
  private let server: LoopbackServer

  var port: UInt16 { server.port }

  init(_ answer: @escaping Answer = RELPReceiver.yes) throws {
    let messages = MessageBox()
    box = messages
    server = try LoopbackServer { connection in
      var reader = RELPFrameReader()
      while let bytes = connection.read() {
        reader.append(bytes)
        while let frame = try? reader.next() {
          guard let reply = answer(frame.transaction, frame.command, frame.data) else { continue }
          // Kept before it is acknowledged, as a receiver must.
          if frame.command == "syslog" { messages.append(frame.data) }
          connection.write(reply)
        }
      }
    }
  }

  /// What was acknowledged since the last call.
  func received(atLeast count: Int = 0) -> [String] { box.take(atLeast: count) }

  func stop() { server.stop() }
  func start() throws { try server.start() }

  /// Takes everything.
  static let yes: Answer = { transaction, command, _ in
    response(transaction, command == "open" ? "200 OK\nrelp_version=0\ncommands=syslog" : "200 OK")
  }

  static func response(_ transaction: UInt32, _ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    RELPFrame.append(transaction, "rsp", Array(text.utf8), to: &bytes)
    return bytes
  }
}
