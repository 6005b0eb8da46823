import System
import SystemPackage

/// One who asks: takes a request, one line, and hands the answer back as fast as it is taken.
///
/// The control thread's alone. An asker that says nothing, or reads nothing, is left when its time is over.
final class ControlSession {
  static let requestLimit = 4096
  /// How long an asker may take for all of it.
  static let patienceNanoseconds: UInt64 = 5_000_000_000

  enum Progress {
    case goesOn
    case isOver
    /// It is to be handed to the thread that serves tails.
    case tails(TailRequest)
  }

  let connection: ControlConnection
  let deadline: UInt64
  private var request: [UInt8] = []
  private var answer: [UInt8] = []
  private var sent = 0

  init(_ connection: ControlConnection, now: UInt64) {
    self.connection = connection
    deadline = now + Self.patienceNanoseconds
  }

  /// Whether it waits to be taken from, and not to be heard.
  var isAnswering: Bool { !answer.isEmpty }

  /// Takes what the asker said.
  /// - Parameter respond: gives the answer to a whole request.
  func hear(_ respond: (ArraySlice<UInt8>) -> ControlReply) -> Progress {
    guard !isAnswering else { return .goesOn }
    do {
      guard let bytes = try connection.socket.receive(atMost: Self.requestLimit) else { return .isOver }
      request += bytes
    } catch {
      return .isOver
    }
    guard let end = request.firstIndex(of: UInt8(ascii: "\n")) else {
      return request.count < Self.requestLimit ? .goesOn : .isOver
    }
    switch respond(request[..<end]) {
    case .tail(let request): return .tails(request)
    case .line(let line): return tell(line)
    }
  }

  /// Begins to hand over this answer.
  func tell(_ line: [UInt8]) -> Progress {
    answer = line
    return tell()
  }

  /// Hands over as much of the answer as the asker takes now.
  func tell() -> Progress {
    let answer = answer
    while sent < answer.count {
      do {
        sent += try connection.socket.send(answer.span.extracting(sent..<answer.count))
      } catch Errno.resourceTemporarilyUnavailable {
        return .goesOn
      } catch {
        return .isOver
      }
    }
    return .isOver
  }
}
