import Events
import Glibc
import System
import SystemPackage
import Testing

@testable import Alerts

@Suite struct RemoteSyslogTests {
  private func tcp(_ targets: [NetworkReceiver], change: (inout RemoteSyslogOptions) -> Void = { _ in })
    -> TCPSyslogSink
  {
    var options = RemoteSyslogOptions(targets: targets.map { SyslogTarget(host: "127.0.0.1", port: $0.port) })
    change(&options)
    return TCPSyslogSink(options: options)
  }

  @Test("alerts within the window are sent again on a new connection, and settled when they leave it")
  func window() throws {
    let receiver = try NetworkReceiver(isStream: true)
    let sink = tcp([receiver]) { $0.resendWindowSeconds = 1 }
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one"), EncodedAlert(2, "two")])
    #expect(sink.settled == 0)
    #expect(sink.idleMilliseconds == 1000)
    usleep(1_050_000)
    try sink.deliver([EncodedAlert(3, "three")])
    #expect(sink.settled == 2)
    sink.close()
    #expect(sink.settled == 2)
    usleep(1_050_000)
    try sink.open()
    try sink.deliver([])
    #expect(sink.settled == 2, "what went out on a connection that is gone is not settled by time")
  }

  @Test("a connection that the receiver has closed is noticed before anything is lost in it") func closed()
    throws
  {
    let receiver = try NetworkReceiver(isStream: true)
    let sink = tcp([receiver])
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    _ = try receiver.received()
    receiver.closeConnections()
    // On a busy machine the end arrives late, also on the loopback.
    #expect(throws: SinkError.self) {
      for _ in 0..<2000 {
        try sink.deliver([])
        usleep(10_000)
      }
    }
    #expect(throws: SinkError.self) { try sink.deliver([EncodedAlert(2, "two")]) }
    #expect(sink.settled == 0)
  }

  @Test("at the end a receiver that has read everything settles everything") func finish() throws {
    let receiver = try NetworkReceiver(isStream: true)
    let sink = tcp([receiver])
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    sink.finish(deadline: Clock.monotonicNanoseconds + 50_000_000)
    #expect(sink.settled == 0)
    sink.close()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    receiver.accept(2)
    _ = try receiver.received()
    // SAFETY: this thread leaves it alone until the other has ended.
    nonisolated(unsafe) let reader = receiver
    let ending = try NamedThread("receiver") {
      usleep(200_000)
      unsafe reader.closeConnections()
    }
    sink.finish(deadline: Clock.monotonicNanoseconds + 60_000_000_000)
    ending.join()
    #expect(sink.settled == 1)
  }

  @Test("a receiver that ended the connection before we did settles nothing") func endedEarly() throws {
    let receiver = try NetworkReceiver(isStream: true)
    let sink = tcp([receiver])
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    receiver.accept()
    _ = try receiver.received()
    receiver.closeConnections()
    try receiver.waitUntilEndsAreKnown()
    sink.finish(deadline: Clock.monotonicNanoseconds + 1_000_000_000)
    #expect(sink.settled == 0)
  }

  @Test("a receiver that reads nothing is an error when its time is up") func deaf() throws {
    let receiver = try NetworkReceiver(isStream: true)
    let sink = tcp([receiver]) { $0.timeoutMilliseconds = 300 }
    try sink.open()
    receiver.accept()
    let start = Clock.monotonicNanoseconds
    #expect(throws: SinkError.self) {
      for number in 1...1000 as ClosedRange<UInt64> {
        try sink.deliver([EncodedAlert(number, String(repeating: "x", count: 60 << 10))])
      }
    }
    #expect(Clock.monotonicNanoseconds - start < 60_000_000_000)
    #expect(sink.settled == 0)
  }

  @Test("the next target stands in, and the first is tried first again") func failover() throws {
    let (first, second) = (try NetworkReceiver(isStream: true), try NetworkReceiver(isStream: true))
    first.stop()
    let sink = tcp([first, second])
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    #expect(try second.received() == [Array("one\n".utf8)])
    sink.close()
    try first.start()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    #expect(try first.received() == [Array("one\n".utf8)])
  }

  @Test("a receiver that accepts and drops does not keep the next from being tried") func dropping() throws {
    let (first, second) = (try NetworkReceiver(isStream: true), try NetworkReceiver(isStream: true))
    let sink = tcp([first, second])
    try sink.open()
    first.accept()
    first.closeConnections()
    try first.waitUntilEndsAreKnown()
    #expect(throws: SinkError.self) { try sink.deliver([EncodedAlert(1, "one")]) }
    sink.close()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    #expect(try second.received() == [Array("one\n".utf8)])
  }

  @Test("a receiver that sends without end is an error") func talking() throws {
    let receiver = try NetworkReceiver(isStream: true)
    let sink = tcp([receiver])
    try sink.open()
    receiver.accept()
    try receiver.send(bytes: 128 << 10)
    // On a busy machine it arrives late, also on the loopback.
    #expect(throws: SinkError.self) {
      for number in 1...2000 as ClosedRange<UInt64> {
        try sink.deliver([EncodedAlert(number, "one")])
        usleep(10_000)
      }
    }
  }

  @Test("when no target can be reached, every one and its reason is told") func unreachable() throws {
    let (first, second) = (try NetworkReceiver(isStream: true), try NetworkReceiver(isStream: true))
    first.stop()
    second.stop()
    let reason = "127.0.0.1:\(first.port): Connection refused; 127.0.0.1:\(second.port): Connection refused"
    #expect(throws: SinkError.unavailable(reason)) { try tcp([first, second]).open() }
    let unknown = TCPSyslogSink(
      options: RemoteSyslogOptions(targets: [SyslogTarget(host: "no.such.host.invalid")]))
    #expect(throws: SinkError.self) { try unknown.open() }
  }

  @Test("a datagram receiver that is known to be away is an error, and the next target gets what follows")
  func udpFailover() throws {
    let (first, second) = (try NetworkReceiver(isStream: false), try NetworkReceiver(isStream: false))
    first.stop()
    let targets = [first, second].map { SyslogTarget(host: "127.0.0.1", port: $0.port) }
    let sink = UDPSyslogSink(options: RemoteSyslogOptions(targets: targets))
    try sink.open()
    #expect(throws: SinkError.unavailable("127.0.0.1:\(first.port): Connection refused")) {
      for number in 1...2000 as ClosedRange<UInt64> {
        try sink.deliver([EncodedAlert(number, "lost")])
        usleep(10_000)
      }
    }
    sink.close()
    try sink.open()
    try sink.deliver([EncodedAlert(2001, "found")])
    #expect(try second.received() == [Array("found".utf8)])
  }

  @Test("a datagram larger than UDP can carry makes the limit smaller") func udpTooLarge() throws {
    let receiver = try NetworkReceiver(isStream: false)
    let target = SyslogTarget(host: "127.0.0.1", port: receiver.port)
    let sink = UDPSyslogSink(options: RemoteSyslogOptions(targets: [target], messageLimit: 1 << 20))
    try sink.open()
    #expect(throws: SinkError.tooLarge) {
      try sink.deliver([EncodedAlert(1, String(repeating: "x", count: 70_000))])
    }
    #expect(sink.messageLimit == 35_000)
  }

  @Test("version 6 of the Internet protocol is as good as version 4", arguments: [true, false])
  func version6(isStream: Bool) throws {
    guard let receiver = try? NetworkReceiver(isStream: isStream, family: AF_INET6) else {
      return print("skipped: this host has no IPv6 loopback")
    }
    let options = RemoteSyslogOptions(targets: [SyslogTarget(host: "::1", port: receiver.port)])
    var sink: any Sink = isStream ? TCPSyslogSink(options: options) : UDPSyslogSink(options: options)
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    #expect(try receiver.received() == [Array(isStream ? "one\n".utf8 : "one".utf8)])
  }

  @Test("a busy window is a short list and settles in order") func resendWindow() {
    var window = ResendWindow(seconds: 30)
    let millisecond: UInt64 = 1_000_000
    for number in 1...60_000 as ClosedRange<UInt64> {
      window.advance(nowNanoseconds: number * millisecond)
      window.sent(number, nowNanoseconds: number * millisecond)
    }
    // Grains of a tenth of a second blur the border by as much.
    #expect((29_899...30_000).contains(window.settled))
    window.settleAll()
    #expect(window.settled == 60_000 && window.isEmpty)
  }
}
