import Alerts
import Testing

@testable import Monitor

/// One tail without the server's thread, on a clock of the test's own.
@Suite struct TailSessionTests {
  private static func terms(_ journal: Journal) -> TailTerms {
    TailTerms(journal: journal, identity: TailIdentity(version: "1", hostname: "kestrel"))
  }

  @Test("of alerts that grow when they are escaped a tail holds no more lines than of others, and sends all")
  func escapes() throws {
    let journal = Journal()
    let count = 32
    // Together they fit into one batch; as lines they take six times as much.
    for number in 1...count { journal.append(TailRig.alert(number, padding: 7000, of: 0x01)) }
    let (reader, connection) = try TailRig.connection()
    var request = TailRequest()
    request.last = .max
    let session = TailSession(connection, request, Self.terms(journal))
    var lines = TailLines()
    for number in 1...count {
      session.serve(&lines, now: 0)
      #expect(session.unsent.count < TailSession.batchBytes + 128 << 10)
      let got = try reader.lines { TailRig.number($0) == number }
      #expect(got.compactMap(TailRig.number) == [number])
    }
    session.serve(&lines, now: 0)
    #expect(try reader.lines { $0 == "{\"live\":true}" }.count == 1)
  }

  @Test(
    "patience begins when the socket is full, not when something was sent last, and anew when it takes more")
  func patience() throws {
    let second: UInt64 = 1_000_000_000
    let journal = Journal()
    let (reader, connection) = try TailRig.connection()
    let session = TailSession(connection, TailRequest(), Self.terms(journal))
    var lines = TailLines()
    session.serve(&lines, now: 0)
    #expect(session.progress == .isCaughtUp)
    for number in 1...600 { journal.append(TailRig.alert(number, padding: 4000)) }
    for seconds: UInt64 in [3600, 3600, 3609] {
      session.serve(&lines, now: seconds * second)
      #expect(session.progress == .waits)
    }
    _ = try reader.lines { TailRig.number($0) == 30 }
    for seconds: UInt64 in [3610, 3619] {
      session.serve(&lines, now: seconds * second)
      #expect(session.progress == .waits)
    }
    session.serve(&lines, now: 3621 * second)
    #expect(session.progress == .isOver)
    #expect(session.wasDropped)
  }

  @Test("alerts that leave the journal while a tail looks for its beginning are told")
  func gapWhileSeeking() throws {
    let journal = Journal(limits: JournalLimits(entries: 100, bytes: 1 << 30))
    for number in 1...100 { journal.append(TailRig.alert(number, time: 100)) }
    let (reader, connection) = try TailRig.connection()
    var request = TailRequest()
    request.since = 1000
    let session = TailSession(connection, request, Self.terms(journal))
    for number in 101...150 { journal.append(TailRig.alert(number, time: 100)) }
    var lines = TailLines()
    while session.progress == .hasMore { session.serve(&lines, now: 0) }
    let got = try reader.lines { TailRig.number($0) == 150 }.dropFirst()
    #expect(got.prefix(2) == ["{\"missed\":50}", "{\"live\":true}"])
    #expect(got.compactMap(TailRig.number) == Array(101...150))
  }
}
