import System
import SystemPackage

/// A question to the running agent at its control socket.
struct AgentConnection {
  let path: String
  private static let timeoutMilliseconds: Int32 = 5000
  /// Far above what an agent with thousands of rules answers.
  private static let answerLimit = 64 << 20

  /// Asks, and waits for the answer.
  /// - Returns: the line that the agent answered, without its end.
  func ask(_ request: String) throws(CommandFailure) -> [UInt8] {
    do throws(Errno) {
      return try answer(to: request)
    } catch {
      throw failure(error)
    }
  }

  /// What an error means to whoever asks, and what helps.
  func failure(_ error: Errno) -> CommandFailure {
    switch error {
    case .noSuchFileOrDirectory, .connectionRefused:
      .failed("\(path): no agent listens there; is `windhover run` at work, with control.socket set so?")
    case .permissionDenied, .brokenPipe, .connectionReset:
      .failed(
        "\(path): only root, the agent's user and the group of control.group may ask; ask as root, or be put into that group"
      )
    default: .failed("\(path): \(error)")
    }
  }

  private func answer(to request: String) throws(Errno) -> [UInt8] {
    let socket = try Socket.connected(
      toPath: path, kind: .stream, timeoutMilliseconds: Self.timeoutMilliseconds)
    let line = Array(request.utf8) + [UInt8(ascii: "\n")]
    var sent = 0
    while sent < line.count { sent += try socket.send(line.span.extracting(sent..<line.count)) }
    var answer: [UInt8] = []
    let deadline = Clock.monotonicNanoseconds + UInt64(Self.timeoutMilliseconds) * 1_000_000
    while Clock.monotonicNanoseconds < deadline {
      socket.awaitInput(milliseconds: Self.timeoutMilliseconds)
      // An agent that hangs up without a word does not know the asker.
      guard let bytes = try socket.receive(atMost: 64 << 10) else { throw .permissionDenied }
      if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) { return answer + bytes[..<end] }
      answer += bytes
      guard answer.count < Self.answerLimit else { throw .noBufferSpace }
    }
    throw .timedOut
  }
}
