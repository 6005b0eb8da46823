import Alerts
import Events
import Synchronization
import System
import SystemPackage

@testable import Monitor

/// A server of tails over a journal, and tails that are connected to it without an agent.
final class TailRig {
  let journal: Journal
  let server: TailServer

  init(limits: JournalLimits = JournalLimits(), patienceMilliseconds: UInt64 = 60_000) throws {
    journal = Journal(limits: limits)
    var terms = TailTerms(journal: journal, identity: TailIdentity(version: "1", hostname: "kestrel"))
    terms.patienceNanoseconds = patienceMilliseconds * 1_000_000
    server = try TailServer(terms)
    try server.start()
  }

  deinit { server.stop() }

  /// Connects a tail.
  func tail(_ request: String = "", isOwner: Bool = true) throws -> TailReader? {
    let (reader, connection) = try Self.connection(isOwner: isOwner)
    guard let request = TailRequest(Array(request.utf8)[...]) else { throw Errno.invalidArgument }
    return server.take(connection, request) ? reader : nil
  }

  /// The two ends of a connection.
  static func connection(isOwner: Bool = true) throws -> (TailReader, ControlConnection) {
    let listener = try ListeningSocket(
      atPath: "/tmp/windhover-test-tail-\(UInt64.random(in: 0 ... .max)).sock")
    defer { listener.removeFile() }
    try listener.listen(backlog: 1)
    let reader = TailReader(
      try Socket.connected(toPath: listener.path, kind: .stream, timeoutMilliseconds: 60_000))
    guard let socket = try listener.accept() else { throw Errno.invalidArgument }
    return (reader, ControlConnection(socket, isOwner: isOwner))
  }

  /// The `number`th of many alerts.
  func append(_ number: Int, padding: Int = 0, time: UInt64 = 1_700_000_000_000_000_000) {
    journal.append(Self.alert(number, padding: padding, time: time))
  }

  static func alert(
    _ number: Int, padding: Int = 0, of byte: UInt8 = UInt8(ascii: "x"),
    time: UInt64 = 1_700_000_000_000_000_000
  ) -> Alert {
    Alert(
      rule: AlertRule(name: "Numbered", priority: .notice), timeNanoseconds: time, hostname: "kestrel",
      message: Array("number \(number)".utf8) + [UInt8](repeating: byte, count: padding),
      outputFields: [AlertField("evt.num", .signed(Int64(number)))],
      context: [AlertField("proc.name", .text("sh")), AlertField("evt.num", .signed(0))])
  }

  /// The number of the alert in a line.
  static func number(_ line: String) -> Int? {
    line.split(separator: "\"evt.num\":").dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) }
  }
}

/// The other end of a tail. One thread at a time.
final class TailReader: Sendable {
  private let socket: Socket
  private let bytes = Mutex<[UInt8]>([])

  init(_ socket: consuming Socket) { self.socket = socket }

  /// Reads until a line satisfies the predicate or the server hangs up.
  /// - Returns: the lines until then; those behind are kept.
  func lines(until isLast: (String) -> Bool = { _ in false }) throws -> [String] {
    var lines: [String] = []
    let deadline = Clock.monotonicNanoseconds + 600_000_000_000
    while Clock.monotonicNanoseconds < deadline {
      let isOver = bytes.withLock { bytes in
        var start = 0
        defer { bytes.removeFirst(start) }
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
          let line = String(decoding: bytes[start..<end], as: UTF8.self)
          start = end + 1
          lines.append(line)
          if isLast(line) { return true }
        }
        return false
      }
      if isOver { return lines }
      socket.awaitInput(milliseconds: 1000)
      guard let chunk = try socket.receive(atMost: 16 << 10) else { return lines }
      bytes.withLock { $0 += chunk }
    }
    throw Errno.timedOut
  }

  func say(_ text: String) throws {
    let bytes = Array(text.utf8)
    _ = try socket.send(bytes.span)
  }
}
