import System
import SystemPackage

/// A connection that bytes go out on, in order. Used on one sink's thread.
protocol ByteStream: AnyObject {
  /// Sends all of it.
  func send(_ bytes: Span<UInt8>) throws(StreamFailure)

  /// Takes and drops what the other end sent, without waiting for it.
  /// - Returns: whether the other end has ended the connection, and meant to.
  func hasEnded() throws(StreamFailure) -> Bool

  /// Takes what the other end sent, without waiting for it.
  /// - Returns: some of it, nothing when nothing has come; `nil` when the other end has ended the connection.
  func receive() throws(StreamFailure) -> [UInt8]?

  /// Ends our half of the connection: the other end reads what was sent, then the end.
  func endSending()

  /// Waits until the other end has sent something or ended the connection.
  func awaitInput(milliseconds: Int32)
}

/// Why a connection failed, in words.
struct StreamFailure: Error, CustomStringConvertible {
  let description: String
  /// Whether the other end has ended the connection, or seems to have.
  let isEnd: Bool

  init(_ description: String, isEnd: Bool = false) {
    self.description = description
    self.isEnd = isEnd
  }

  init(_ error: Errno) {
    self.init("\(error)", isEnd: error == .connectionReset || error == .brokenPipe)
  }
}

/// A connection as it is.
final class PlainStream: ByteStream {
  private let socket: Socket

  init(_ socket: consuming Socket) { self.socket = socket }

  func send(_ bytes: Span<UInt8>) throws(StreamFailure) {
    var sent = 0
    while sent < bytes.count {
      do { sent += try socket.send(bytes.extracting(sent...)) } catch { throw StreamFailure(error) }
    }
  }

  func hasEnded() throws(StreamFailure) -> Bool {
    do { return try socket.discardInput() } catch { throw StreamFailure(error) }
  }

  func receive() throws(StreamFailure) -> [UInt8]? {
    do { return try socket.receive(atMost: 4096) } catch { throw StreamFailure(error) }
  }

  func endSending() { socket.endSending() }

  func awaitInput(milliseconds: Int32) { socket.awaitInput(milliseconds: milliseconds) }
}
