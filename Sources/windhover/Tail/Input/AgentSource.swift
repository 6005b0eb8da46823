import FoundationEssentials
import System
import SystemPackage

/// Alerts from the running agent, at its control socket. When it goes, this comes back once it is there again, and goes on
/// behind the last alert.
final class AgentSource: AlertSource {
  /// The connection; `nil` while there is none.
  private var connection: Connection?
  private let path: String
  private let beginning: TailBeginning
  private var lines = LineBuffer()
  private var place = TailPlace()
  /// The agent of the last connection.
  private var agent: String?
  private var isPresent = false
  /// Whether the agent has said which one it is.
  private var isGreeted = false
  /// Why the connection ends, when the agent has told.
  private var isEndTold = false
  private var lastError: String?
  private var pauseMilliseconds = AgentSource.firstPause
  private var nextAttempt: UInt64 = 0

  private static let firstPause: UInt64 = 100
  private static let longestPause: UInt64 = 3000
  private static let chunkBytes = 64 << 10
  /// After so many chunks what has come is shown.
  private static let chunkLimit = 16
  private static let timeoutMilliseconds: Int32 = 5000

  private final class Connection {
    let socket: Socket
    init(_ socket: consuming Socket) { self.socket = socket }
  }

  /// Connects, and waits until the agent answers.
  /// - Throws: when no agent answers, or it refuses, with what helps.
  init(path: String, from beginning: TailBeginning) throws(CommandFailure) {
    self.path = path
    self.beginning = beginning
    let connection: Connection
    do throws(Errno) {
      connection = try connect()
      try awaitAnswer(of: connection)
    } catch {
      throw AgentConnection(path: path).failure(error)
    }
    self.connection = connection
  }

  var descriptor: FileDescriptor? { connection?.socket.descriptor }

  var patienceMilliseconds: Int32 {
    guard connection == nil else { return -1 }
    let now = Clock.monotonicNanoseconds
    return Int32(clamping: (nextAttempt - min(nextAttempt, now)) / 1_000_000 + 1)
  }

  func read() throws(CommandFailure) -> [AlertSourceEvent] {
    var events: [AlertSourceEvent] = []
    guard let connection else {
      reconnect()
      return events
    }
    do throws(Errno) {
      for _ in 0..<Self.chunkLimit {
        guard let chunk = try connection.socket.receive(atMost: Self.chunkBytes) else {
          lose(&events)
          break
        }
        guard !chunk.isEmpty else { break }
        lines.append(chunk)
        while let line = lines.next() { try take(line, &events) }
      }
    } catch {
      lose(&events)
    }
    return events
  }

  private func connect() throws(Errno) -> Connection {
    let connection = Connection(
      try Socket.connected(toPath: path, kind: .stream, timeoutMilliseconds: Self.timeoutMilliseconds))
    let request = Array("tail\(words)\n".utf8)
    var sent = 0
    while sent < request.count {
      sent += try connection.socket.send(request.span.extracting(sent..<request.count))
    }
    lines.clear()
    isGreeted = false
    isEndTold = false
    return connection
  }

  /// From where the agent is to begin.
  private var words: String {
    if let resumption = place.resumption { return resumption }
    let since = beginning.since.map { " since=\($0)" } ?? ""
    guard let last = beginning.last, since.isEmpty else { return since }
    return " last=\(beginning.isFiltered ? UInt64.max : UInt64(last))"
  }

  /// An agent that hangs up without a word does not know the asker.
  private func awaitAnswer(of connection: Connection) throws(Errno) {
    let deadline = Clock.monotonicNanoseconds + UInt64(Self.timeoutMilliseconds) * 1_000_000
    while Clock.monotonicNanoseconds < deadline {
      connection.socket.awaitInput(milliseconds: Self.timeoutMilliseconds)
      guard let chunk = try connection.socket.receive(atMost: 1) else { throw .permissionDenied }
      guard chunk.isEmpty else { return lines.append(chunk) }
    }
    throw .timedOut
  }

  private func reconnect() {
    guard Clock.monotonicNanoseconds >= nextAttempt else { return }
    do throws(Errno) {
      connection = try connect()
    } catch {
      wait()
    }
  }

  /// Sets the time of the next attempt.
  private func wait() {
    nextAttempt = Clock.monotonicNanoseconds + pauseMilliseconds * 1_000_000
    pauseMilliseconds = min(pauseMilliseconds * 2, Self.longestPause)
  }

  private func lose(_ events: inout [AlertSourceEvent]) {
    connection = nil
    wait()
    guard isGreeted else { return }
    if !isEndTold { events.append(.note("\(SafeLine(path)): the agent has gone; waiting for it")) }
  }

  private func take(_ line: [UInt8], _ events: inout [AlertSourceEvent]) throws(Errno) {
    guard AgentNotice.mayBe(line) else {
      if place.isNew(line) { events.append(.line(line)) }
      return
    }
    guard let notice = try? JSONDecoder().decode(AgentNotice.self, from: Data(line)) else {
      throw .illegalByteSequence
    }
    if let greeting = notice.tail { greet(greeting, &events) }
    if notice.live == true, !isPresent {
      isPresent = true
      events.append(.present)
    }
    if let missed = notice.missed {
      events.append(.note("\(missed) alerts had left the agent's journal before they could be read"))
    }
    if let behind = notice.dropped {
      isEndTold = true
      events.append(.note("dropped: \(behind) alerts behind; coming back for what is left of them"))
    }
    if let error = notice.error {
      isEndTold = true
      // Not to try the same for ever when nothing else was ever heard.
      let text = "\(SafeLine(path)): \(SafeLine(error))"
      guard agent != nil else { return events.append(.failure(text)) }
      // It is tried again and again: one line about it is enough.
      if text != lastError { events.append(.note(text)) }
      lastError = text
    }
  }

  private func greet(_ greeting: AgentNotice.Greeting, _ events: inout [AlertSourceEvent]) {
    isGreeted = true
    lastError = nil
    pauseMilliseconds = Self.firstPause
    defer {
      agent = greeting.agent
      place.begin(isResumed: greeting.resumed)
    }
    guard let agent else { return }
    if agent != greeting.agent { events.append(.note("the agent is back")) }
    guard !greeting.resumed, let last = place.sequence else { return }
    if agent == greeting.agent || greeting.stored {
      guard greeting.first > last + 1 else { return }
      events.append(
        .note("\(greeting.first - last - 1) alerts had left the agent's journal before they could be read"))
    } else {
      events.append(
        .note(
          "its journal is in memory: what the agent before it raised and had not sent is not known"))
    }
  }
}
