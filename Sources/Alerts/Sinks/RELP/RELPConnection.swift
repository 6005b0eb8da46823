import System

/// One session of RELP, from its opening on: what goes out, and what is answered. Used on one sink's thread.
final class RELPConnection {
  private let stream: any ByteStream
  private let tally: RefusalTally
  private let timeoutNanoseconds: UInt64
  private var reader = RELPFrameReader()
  private var window = RELPWindow()
  private var transaction: UInt32 = 1
  /// When the receiver last answered, or was first asked after it had answered everything.
  private var lastSign: UInt64

  private static let chunkBytes = 64 << 10

  /// Opens the session over a new connection.
  /// - Parameters:
  ///   - timeoutMilliseconds: how long the receiver may leave us without any answer.
  ///   - tally: decides on alerts that it refuses.
  init(
    over stream: any ByteStream, timeoutMilliseconds: Int32, tally: RefusalTally
  ) throws(StreamFailure) {
    self.stream = stream
    self.tally = tally
    timeoutNanoseconds = UInt64(max(0, timeoutMilliseconds)) * 1_000_000
    lastSign = Clock.monotonicNanoseconds
    let offers = Array("relp_version=0\nrelp_software=windhover\ncommands=syslog".utf8)
    var bytes: [UInt8] = []
    RELPFrame.append(transaction, "open", offers, to: &bytes)
    try stream.send(bytes.span)
    let frame = try firstFrame(until: lastSign + timeoutNanoseconds)
    guard frame.transaction == transaction, let answer = frame.answer else { throw .noRELP }
    guard answer.code == 200 else {
      throw StreamFailure("the receiver refuses the session: \(answer.code) \(answer.text)")
    }
  }

  /// The number up to which everything that went out was acknowledged, or given up after refusals; 0 when nothing was.
  var settled: UInt64 { window.settled }

  /// Whether nothing waits for an answer.
  var isIdle: Bool { window.isEmpty }

  /// Sends all the alerts in order; waits for answers when too many are missing.
  /// - Throws: when the connection has ended, an alert was refused and not yet for good, or nothing was answered for too
  ///   long.
  func send(_ alerts: ArraySlice<EncodedAlert>) throws(StreamFailure) {
    var bytes: [UInt8] = []
    for (index, alert) in zip(alerts.indices, alerts) {
      append(alert, to: &bytes)
      let isLast = index == alerts.endIndex - 1
      guard isLast || !window.hasRoom || bytes.count >= Self.chunkBytes else { continue }
      try stream.send(bytes.span)
      bytes.removeAll(keepingCapacity: true)
      try takeAnswers()
      while !window.hasRoom { try awaitInput(milliseconds: 1000) }
    }
  }

  /// Waits until the receiver has answered everything, or the time is up.
  func awaitAnswers(milliseconds: Int32) throws(StreamFailure) {
    let deadline = Clock.monotonicNanoseconds + UInt64(max(0, milliseconds)) * 1_000_000
    try takeAnswers()
    while !isIdle {
      let now = Clock.monotonicNanoseconds
      guard now < deadline else { return }
      try awaitInput(milliseconds: Int32(clamping: (deadline - now) / 1_000_000 + 1))
    }
  }

  /// Says that nothing more comes, and waits until the receiver has heard it, at most until the deadline.
  func end(deadline: UInt64) {
    var bytes: [UInt8] = []
    RELPFrame.append(nextTransaction(), "close", [], to: &bytes)
    guard (try? stream.send(bytes.span)) != nil else { return }
    while Clock.monotonicNanoseconds < deadline {
      stream.awaitInput(milliseconds: 50)
      // Nothing came yet: an empty array. Whatever else it is, it is the end.
      guard let answer = try? stream.receive(), answer.isEmpty else { return }
    }
  }

  private func append(_ alert: EncodedAlert, to bytes: inout [UInt8]) {
    if isIdle { lastSign = Clock.monotonicNanoseconds }
    window.sent(alert.sequence, as: nextTransaction())
    RELPFrame.append(transaction, "syslog", alert.bytes, to: &bytes)
  }

  private func nextTransaction() -> UInt32 {
    transaction = transaction == RELPFrame.highestTransaction ? 1 : transaction + 1
    return transaction
  }

  private func awaitInput(milliseconds: Int32) throws(StreamFailure) {
    stream.awaitInput(milliseconds: milliseconds)
    try takeAnswers()
  }

  /// Takes the answers that have come, without waiting.
  private func takeAnswers() throws(StreamFailure) {
    while true {
      while let frame = try reader.next() { try take(frame) }
      guard let bytes = try stream.receive() else { throw .ended }
      if bytes.isEmpty { break }
      reader.append(bytes)
    }
    if !isIdle, Clock.monotonicNanoseconds > lastSign + timeoutNanoseconds {
      throw StreamFailure("alerts were not acknowledged in time")
    }
  }

  private func take(_ frame: RELPFrame) throws(StreamFailure) {
    if frame.command == "serverclose" { throw .ended }
    // An answer to nothing: a receiver that sends such without end would keep us here.
    guard let answer = frame.answer, let sequence = window.sequence(of: frame.transaction) else {
      throw .noRELP
    }
    if answer.code != 200 {
      let reason = "\(answer.code) \(answer.text)"
      guard tally.isFinal(sequence, reason: reason) else {
        throw StreamFailure("the receiver refuses alert \(sequence): \(reason)")
      }
    }
    lastSign = Clock.monotonicNanoseconds
    window.answered(frame.transaction)
  }

  private func firstFrame(until deadline: UInt64) throws(StreamFailure) -> RELPFrame {
    while true {
      if let frame = try reader.next() { return frame }
      guard let bytes = try stream.receive() else { throw .ended }
      reader.append(bytes)
      guard bytes.isEmpty else { continue }
      let now = Clock.monotonicNanoseconds
      guard now < deadline else { throw StreamFailure("no answer in time") }
      stream.awaitInput(milliseconds: Int32(clamping: (deadline - now) / 1_000_000 + 1))
    }
  }
}

extension StreamFailure {
  static var noRELP: StreamFailure { StreamFailure("the receiver does not speak RELP") }
  fileprivate static var ended: StreamFailure {
    StreamFailure("the receiver ended the connection", isEnd: true)
  }
}
