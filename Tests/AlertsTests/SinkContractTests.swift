import Alerts
import Events
import Glibc
import Testing

/// What every sink must do; a new sink gets a rig and a case in `SinkKind`.
@Suite struct SinkContractTests {
  /// Calls a sink that settles late as its thread does, until it has settled everything up to this number.
  private func settle(_ sink: inout any Sink, _ sequence: UInt64) throws {
    for _ in 0..<600 where sink.settled < sequence {
      try sink.deliver([])
      usleep(1000)
    }
    #expect(sink.settled == sequence)
  }

  @Test("alerts arrive whole and in order, and are settled", arguments: SinkKind.allCases)
  func order(_ kind: SinkKind) throws {
    let rig = try kind.makeRig()
    var sink = rig.makeSink()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one"), EncodedAlert(2, "two é"), EncodedAlert(5, "three")])
    try sink.deliver([EncodedAlert(6, "four")])
    #expect(try rig.received(4) == ["one", "two é", "three", "four"])
    // A sink may settle late, and then does so with the next call.
    try settle(&sink, 6)
    sink.close()
  }

  @Test("nothing to deliver changes nothing", arguments: SinkKind.allCases)
  func nothing(_ kind: SinkKind) throws {
    let rig = try kind.makeRig()
    var sink = rig.makeSink()
    try sink.open()
    try sink.deliver([EncodedAlert(3, "one")])
    try settle(&sink, 3)
    #expect(try rig.received(1) == ["one"])
  }

  @Test("an alert as large as the sink allows arrives whole", arguments: SinkKind.allCases)
  func large(_ kind: SinkKind) throws {
    let rig = try kind.makeRig()
    var sink = rig.makeSink()
    try sink.open()
    let text = String(repeating: "x", count: min(sink.messageLimit, 60 << 10))
    try sink.deliver([EncodedAlert(1, text)])
    #expect(try rig.received(1) == [text])
  }

  @Test("a sink can be closed at any time, and opened again", arguments: SinkKind.allCases)
  func reopening(_ kind: SinkKind) throws {
    let rig = try kind.makeRig()
    var sink = rig.makeSink()
    sink.close()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    // A connection that ends takes with it what a receiver has not read, so it is read first.
    #expect(try rig.received(1) == ["one"])
    sink.close()
    sink.close()
  }

  @Test(
    "a receiver that is away is an error that settles nothing, and delivery goes on when it is back",
    arguments: SinkKind.allCases.filter { $0 != .stdout && $0 != .udp })
  func away(_ kind: SinkKind) throws {
    let rig = try kind.makeRig()
    var sink = rig.makeSink()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    try settle(&sink, 1)
    #expect(try rig.received(1) == ["one"])
    sink.close()
    try rig.goAway()
    #expect(throws: SinkError.self) {
      try sink.open()
      try sink.deliver([EncodedAlert(2, "two")])
    }
    #expect(sink.settled == 1)
    sink.close()
    try rig.comeBack()
    try sink.open()
    try sink.deliver([EncodedAlert(2, "two")])
    #expect(try rig.received(1) == ["two"])
    try settle(&sink, 2)
  }

  @Test("a reader that closed its end has gone for good") func readerGone() throws {
    let rig = try StdoutRig()
    var sink = rig.makeSink()
    try sink.open()
    try rig.goAway()
    #expect(throws: SinkError.readerGone) { try sink.deliver([EncodedAlert(1, "one")]) }
    #expect(sink.settled == 0)
  }
}
