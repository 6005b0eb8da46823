import System
import SystemPackage

/// A connection under TLS 1.2 or 1.3. See RFC 5425.
///
/// The process must ignore SIGPIPE: OpenSSL writes without asking for that.
final class TLSStream: ByteStream {
  private let socket: Socket
  private let session: TLSSession
  private let timeoutMilliseconds: Int32
  private var isConnected = false

  /// Shakes hands over a connected socket.
  /// - Parameters:
  ///   - name: the receiver's name or address, which its certificate must have unless the options name another.
  ///   - timeoutMilliseconds: how long the handshake may take, and later each sending.
  init(
    over socket: consuming Socket, to name: String, _ options: TLSOptions, timeoutMilliseconds: Int32
  ) throws(StreamFailure) {
    self.timeoutMilliseconds = timeoutMilliseconds
    self.socket = socket
    let expected = options.serverName.isEmpty ? name : options.serverName
    do { try self.socket.setNonBlocking() } catch { throw StreamFailure(error) }
    session = try TLSSession(options, descriptor: self.socket.descriptor, name: expected)
    let deadline = deadline
    while true {
      let result = session.connect()
      if result > 0 {
        isConnected = true
        return
      }
      try wait("handshake", result, until: deadline)
    }
  }

  func send(_ bytes: Span<UInt8>) throws(StreamFailure) {
    var sent = 0
    while sent < bytes.count {
      let deadline = deadline
      while true {
        let count = session.write(bytes.extracting(sent...))
        if count > 0 {
          sent += Int(count)
          break
        }
        try wait("sending", count, until: deadline)
      }
    }
  }

  func hasEnded() throws(StreamFailure) -> Bool {
    var discarded = 0
    while discarded < Socket.inputLimit {
      let count = session.read().count
      if count > 0 {
        discarded += Int(count)
        continue
      }
      switch session.need(after: count) {
      case .input, .output: return false
      case .ended: return true
      case .broken(let reason): throw StreamFailure(reason, isEnd: true)
      case .foreign(let reason), .failed(let reason): throw StreamFailure(reason)
      }
    }
    throw StreamFailure("the receiver sends without end")
  }

  func receive() throws(StreamFailure) -> [UInt8]? {
    let (count, bytes) = session.read()
    guard count <= 0 else { return bytes }
    switch session.need(after: count) {
    case .input, .output: return []
    case .ended: return nil
    case .broken(let reason): throw StreamFailure(reason, isEnd: true)
    case .foreign(let reason), .failed(let reason): throw StreamFailure(reason)
    }
  }

  func endSending() {
    session.shutdown()
    socket.endSending()
  }

  private var deadline: UInt64 {
    Clock.monotonicNanoseconds + UInt64(max(0, timeoutMilliseconds)) * 1_000_000
  }

  /// What to think of a receiver that does not shake hands.
  private var doubt: String { isConnected ? "" : " (does the port speak TLS?)" }

  /// Waits for what a step needs that was not done.
  private func wait(_ what: String, _ result: Int32, until deadline: UInt64) throws(StreamFailure) {
    let needsInput: Bool
    switch session.need(after: result) {
    case .input: needsInput = true
    case .output: needsInput = false
    case .ended: throw StreamFailure("TLS \(what): the receiver ended the connection", isEnd: true)
    case .broken(let reason): throw StreamFailure("TLS \(what): \(reason)\(doubt)", isEnd: true)
    case .foreign(let reason): throw StreamFailure("TLS \(what): \(reason)\(doubt)")
    case .failed(let reason): throw StreamFailure("TLS \(what): \(reason)")
    }
    let now = Clock.monotonicNanoseconds
    guard now < deadline else { throw StreamFailure("TLS \(what): no answer in time\(doubt)") }
    socket.wait(forInput: needsInput, milliseconds: Int32((deadline - now) / 1_000_000) + 1)
  }

  func awaitInput(milliseconds: Int32) { socket.awaitInput(milliseconds: milliseconds) }
}
