import Events
import Glibc
import Synchronization
import System
import Testing

@testable import Alerts

@Suite struct RELPSinkTests {
  private func sink(
    _ ports: UInt16..., change: (inout RemoteSyslogOptions) -> Void = { _ in }
  ) -> RELPSink {
    var options = RemoteSyslogOptions(targets: ports.map { SyslogTarget(host: "127.0.0.1", port: $0) })
    options.acknowledgementMilliseconds = 20_000
    change(&options)
    return RELPSink(options: options)
  }

  /// Why a call failed.
  private func failure(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "none"
    } catch {
      return "\(error)"
    }
  }

  /// Has the sink take answers, as its thread does, until everything up to this number is settled.
  private func settle(_ sink: RELPSink, _ sequence: UInt64) throws {
    for _ in 0..<600 where sink.settled < sequence { try sink.deliver([]) }
    #expect(sink.settled == sequence)
  }

  private func alerts(_ numbers: ClosedRange<UInt64>) -> ArraySlice<EncodedAlert> {
    numbers.map { EncodedAlert($0, "alert \($0)") }[...]
  }

  @Test(
    "a frame is read as it was written, in whatever pieces it comes",
    arguments: ["", "one", "two\nlines", "0 rsp 0\n", String(repeating: "x", count: 30_000)])
  func frames(data: String) throws {
    var bytes: [UInt8] = []
    RELPFrame.append(7, "rsp", Array(data.utf8), to: &bytes)
    let expected = RELPFrame(transaction: 7, command: "rsp", data: Array(data.utf8))
    for step in [1, 2, 7, bytes.count] {
      var reader = RELPFrameReader()
      var found: [RELPFrame] = []
      for start in stride(from: 0, to: bytes.count, by: step) {
        reader.append(Array(bytes[start..<min(start + step, bytes.count)]))
        while let frame = try reader.next() { found.append(frame) }
      }
      #expect(found == [expected])
    }
    var reader = RELPFrameReader()
    reader.append(bytes + bytes)
    #expect(try reader.next() == expected)
    #expect(try reader.next() == expected)
    #expect(try reader.next() == nil)
  }

  @Test(
    "what is no frame is refused as soon as it can be told",
    arguments: [
      " ", "x", "HTTP/1.1 400", "1  ", "1 rsp x", "1 rsp 5 200 OK\n", "1 rsp 3\n", "1 rsp 99999999 ",
      "1234567890", "1 r2p", "1 \u{0}", "1 abcdefghijklmnopqrstuvwxyzabcdefghijk", "220 mail ESMTP\r\n",
    ])
  func noFrames(text: String) {
    var reader = RELPFrameReader()
    reader.append(Array(text.utf8))
    #expect(throws: StreamFailure.self) { while try reader.next() != nil {} }
  }

  @Test(
    "an answer has a code and a text", arguments: [("200 OK", 200), ("500 no\nmore", 500), ("200", 200)])
  func answers(text: String, code: Int) {
    let frame = RELPFrame(transaction: 1, command: "rsp", data: Array(text.utf8))
    #expect(frame.answer?.code == code)
    #expect(frame.answer?.text == text.prefix { $0 != "\n" }.dropFirst(4).description)
    #expect(RELPFrame(transaction: 1, command: "rsp", data: Array("20".utf8)).answer == nil)
    #expect(RELPFrame(transaction: 1, command: "syslog", data: Array("200 OK".utf8)).answer == nil)
  }

  @Test("the window settles in order, whatever the order of the answers") func window() {
    var window = RELPWindow()
    for number in 1...3000 as ClosedRange<UInt32> {
      window.sent(UInt64(number) * 2, as: number)
      if number >= 3, number % 3 == 0 {
        window.answered(number)
        #expect(window.settled == (UInt64(number) - 3) * 2)
        window.answered(number - 2)
        #expect(window.settled == (UInt64(number) - 2) * 2)
        #expect(window.sequence(of: number) == nil && window.sequence(of: number - 1) != nil)
        window.answered(number - 1)
        #expect(window.settled == UInt64(number) * 2 && window.isEmpty)
      }
    }
  }

  @Test("nothing is settled before it is acknowledged, and all that was not is sent again") func unanswered()
    throws
  {
    let silence = Atomic(true)
    let receiver = try RELPReceiver { transaction, command, data in
      if silence.load(ordering: .relaxed), data == Array("alert 3".utf8) { return nil }
      return RELPReceiver.yes(transaction, command, data)
    }
    let sink = sink(receiver.port) { $0.acknowledgementMilliseconds = 3000 }
    try sink.open()
    try sink.deliver(alerts(1...5))
    #expect(receiver.received(atLeast: 4) == ["alert 1", "alert 2", "alert 4", "alert 5"])
    try settle(sink, 2)
    #expect(sink.idleMilliseconds == 0)
    let why = failure { for _ in 0..<600 { try sink.deliver([]) } }
    #expect(why == "127.0.0.1:\(receiver.port): alerts were not acknowledged in time")
    #expect(sink.settled == 2)
    sink.close()
    #expect(sink.settled == 2)
    silence.store(false, ordering: .relaxed)
    try sink.open()
    try sink.deliver(alerts(3...5))
    #expect(receiver.received(atLeast: 3) == ["alert 3", "alert 4", "alert 5"])
    try settle(sink, 5)
    #expect(sink.idleMilliseconds == 30_000)
  }

  @Test("more alerts than the window holds all arrive, each once") func many() throws {
    let receiver = try RELPReceiver()
    let sink = sink(receiver.port)
    try sink.open()
    try sink.deliver(alerts(1...10_000))
    sink.finish(deadline: Clock.monotonicNanoseconds + 60_000_000_000)
    #expect(sink.settled == 10_000)
    #expect(receiver.received(atLeast: 10_000) == alerts(1...10_000).map { "alert \($0.sequence)" })
  }

  @Test("an alert that is refused again and again is given up and counted, and the others arrive")
  func refused() throws {
    let receiver = try RELPReceiver { transaction, command, data in
      data == Array("alert 2".utf8)
        ? RELPReceiver.response(transaction, "500 not \u{1B}this")
        : RELPReceiver.yes(transaction, command, data)
    }
    let sink = sink(receiver.port)
    for attempt in 1..<RefusalTally.limit {
      try sink.open()
      let why = failure {
        try sink.deliver(alerts(1...3))
        for _ in 0..<600 { try sink.deliver([]) }
      }
      #expect(why == "127.0.0.1:\(receiver.port): the receiver refuses alert 2: 500 not ?this", "\(attempt)")
      #expect(sink.settled == 1)
      sink.close()
    }
    try sink.open()
    try sink.deliver(alerts(2...3))
    try settle(sink, 3)
    #expect(sink.refusals.count == 1 && sink.refusals.lastReason == "500 not ?this")
  }

  @Test(
    "a receiver that is none, refuses the session, or talks nonsense is an error that names it",
    arguments: [
      ("", "no answer in time"), ("220 mail ESMTP\r\n", "the receiver does not speak RELP"),
      ("1 rsp 11 500 go away\n", "the receiver refuses the session: 500 go away"),
      ("2 rsp 6 200 OK\n", "the receiver does not speak RELP"),
      ("1 rsp 6 200 OK\n7 rsp 6 200 OK\n", "the receiver does not speak RELP"),
      ("1 rsp 6 200 OK\n0 serverclose 0\n", "the receiver ended the connection"),
      ("1 rsp 6 200 OK\n2 rsp 2 ok\n", "the receiver does not speak RELP"),
    ])
  func nonsense(greeting: String, expected: String) throws {
    let server = try LoopbackServer { connection in
      _ = connection.read()
      connection.write(Array(greeting.utf8))
      while connection.read() != nil {}
    }
    let sink = sink(server.port) { if greeting.isEmpty { $0.acknowledgementMilliseconds = 500 } }
    let why = failure {
      try sink.open()
      try sink.deliver(alerts(1...1))
      for _ in 0..<600 { try sink.deliver([]) }
    }
    #expect(why == "127.0.0.1:\(server.port): \(expected)")
    #expect(sink.settled == 0)
  }

  @Test("a receiver that reads nothing is an error when its time is up") func deaf() throws {
    let server = try LoopbackServer { connection in
      _ = connection.read()
      connection.write(RELPReceiver.response(1, "200 OK"))
      usleep(2_000_000)
    }
    let sink = sink(server.port) { $0.timeoutMilliseconds = 300 }
    try sink.open()
    let start = Clock.monotonicNanoseconds
    let why = failure {
      for number in 1...1000 as ClosedRange<UInt64> {
        try sink.deliver([EncodedAlert(number, String(repeating: "x", count: 60 << 10))])
      }
    }
    #expect(why != "none")
    #expect(Clock.monotonicNanoseconds - start < 60_000_000_000)
    #expect(sink.settled == 0)
  }

  @Test("the next target stands in for one that does not speak, or drops what it takes") func failover()
    throws
  {
    let mute = try LoopbackServer { connection in while connection.read() != nil {} }
    let second = try RELPReceiver()
    let sink = sink(mute.port, second.port) { $0.acknowledgementMilliseconds = 1000 }
    // The same time is all that the second one has, too.
    for _ in 0..<20 where failure({ try sink.open() }) != "none" {}
    try sink.deliver(alerts(1...1))
    #expect(second.received(atLeast: 1) == ["alert 1"])
    sink.close()

    let dropping = try LoopbackServer { connection in
      _ = connection.read()
      connection.write(RELPReceiver.response(1, "200 OK"))
      _ = connection.read()
    }
    let careful = self.sink(dropping.port, second.port)
    try careful.open()
    #expect(
      failure {
        try careful.deliver(alerts(1...1))
        for _ in 0..<600 { try careful.deliver([]) }
      } != "none")
    careful.close()
    try careful.open()
    try careful.deliver(alerts(1...1))
    #expect(second.received(atLeast: 1) == ["alert 1"])
    try settle(careful, 1)
  }
}
