import Alerts
import Synchronization
import System
import SystemPackage
import Testing

@testable import Monitor

@Suite struct TailRequestTests {
  @Test(
    "a request names what it wants, in any order, or nothing",
    arguments: [
      ("", nil, nil, nil), (" last=20", 20, nil, nil), ("  since=5  last=1 ", 1, 5, nil),
      (" after=7/0190-a since=3", nil, 3, TailRequest.Place(sequence: 7, uuid: "0190-a")),
    ] as [(String, UInt64?, UInt64?, TailRequest.Place?)])
  func parsing(text: String, last: UInt64?, since: UInt64?, after: TailRequest.Place?) throws {
    let request = try #require(TailRequest(Array(text.utf8)[...]))
    #expect(request.last == last)
    #expect(request.since == since)
    #expect(request.after == after)
  }

  @Test(
    "what is no request is none",
    arguments: [
      " last", " last=", " last=-1", " last=x", " since=1.5", " after=7", " after=0/a", " after=/a",
      " after=7/",
      " other=1", " \u{FFFD}", " last=99999999999999999999",
    ])
  func refusal(text: String) { #expect(TailRequest(Array(text.utf8)[...]) == nil) }
}

@Suite struct TailServerTests {
  private static func number(_ line: String) -> Int? {
    TailRig.number(line)
  }

  /// How far behind a tail is told that it was.
  private static func dropped(_ line: String) -> Int? {
    line.hasPrefix("{\"dropped\":") ? Int(line.dropFirst(11).dropLast()) : nil
  }

  private static func isPresent(_ line: String) -> Bool { line == "{\"live\":true}" }

  @Test("a tail gets who the agent is, the past that it asked for, and what comes then")
  func past() throws {
    let rig = try TailRig()
    for number in 1...50 { rig.append(number) }
    let tail = try #require(try rig.tail(" last=3"))
    let lines = try tail.lines(until: Self.isPresent)
    #expect(
      lines.first?.hasPrefix("{\"tail\":{\"version\":\"1\",\"hostname\":\"kestrel\",\"agent\":\"") == true)
    #expect(lines.first?.contains("\"first\":48,\"stored\":false,\"resumed\":false") == true)
    #expect(lines.compactMap(Self.number) == [48, 49, 50])
    rig.append(51)
    let next = try tail.lines { Self.number($0) == 51 }
    #expect(next.count == 1)
    // Its context is what the rule does not print itself.
    #expect(next.first?.hasPrefix("{\"context\":{\"proc.name\":\"sh\"},") == true)
    #expect(next.first?.hasSuffix("\"}") == true)
  }

  @Test("without a wish a tail begins with the next alert; more than there is are all")
  func beginnings() throws {
    let rig = try TailRig()
    for number in 1...5 { rig.append(number) }
    let next = try #require(try rig.tail())
    #expect(try next.lines(until: Self.isPresent).compactMap(Self.number) == [])
    let all = try #require(try rig.tail(" last=\(UInt64.max)"))
    #expect(try all.lines(until: Self.isPresent).compactMap(Self.number) == [1, 2, 3, 4, 5])
  }

  @Test("since passes over what is older, up to the first that is not")
  func since() throws {
    let rig = try TailRig()
    for number in 1...5 { rig.append(number, time: UInt64(number) * 100) }
    // Alerts are not quite in the order of their times.
    rig.append(6, time: 350)
    let tail = try #require(try rig.tail(" since=400"))
    #expect(try tail.lines(until: Self.isPresent).compactMap(Self.number) == [4, 5, 6])
  }

  @Test("since passes over nothing of the present, also when it lies ahead or the clock was set back")
  func sinceAhead() throws {
    let rig = try TailRig()
    for number in 1...5 { rig.append(number, time: UInt64(number) * 100) }
    let tail = try #require(try rig.tail(" since=1000"))
    #expect(try tail.lines(until: Self.isPresent).compactMap(Self.number) == [])
    rig.append(6, time: 300)
    #expect(try tail.lines { Self.number($0) == 6 }.count == 1)
  }

  @Test("a tail goes on behind an alert that it names, and begins elsewhere when that is another one now")
  func resumption() throws {
    let rig = try TailRig()
    for number in 1...5 { rig.append(number, time: UInt64(number) * 100) }
    let uuid = rig.journal.last(3)[0].uuid.description
    let tail = try #require(try rig.tail(" after=3/\(uuid) since=100"))
    let lines = try tail.lines(until: Self.isPresent)
    #expect(lines.first?.contains("\"first\":4,\"stored\":false,\"resumed\":true") == true)
    #expect(lines.compactMap(Self.number) == [4, 5])
    for stranger in ["3/\(String(uuid.reversed()))", "9/\(uuid)", "99999/\(uuid)"] {
      let other = try #require(try rig.tail(" after=\(stranger) since=200"))
      let lines = try other.lines(until: Self.isPresent)
      #expect(lines.first?.contains("\"resumed\":false") == true)
      #expect(lines.compactMap(Self.number) == [2, 3, 4, 5])
    }
  }

  @Test("ten tails of which one stops reading: the others get every alert, and the engine never waits")
  func load() throws {
    let count = 6000
    let rig = try TailRig(
      limits: JournalLimits(entries: 2 * count, bytes: 1 << 30), patienceMilliseconds: 10_000)
    let lazy = try #require(try rig.tail())
    _ = try lazy.lines(until: Self.isPresent)
    let readers = try (1...9).map { _ in try #require(try rig.tail()) }
    for reader in readers { _ = try reader.lines(until: Self.isPresent) }
    let results = Mutex<[[Int]]>([])
    var threads: [TestThread] = []
    for reader in readers {
      threads.append(
        try TestThread {
          var seen = 0
          let lines = try? reader.lines { _ in
            seen += 1
            return seen == count
          }
          let numbers = lines?.compactMap(Self.number) ?? []
          results.withLock { $0.append(numbers) }
        })
    }
    let start = Clock.threadCPUNanoseconds
    for number in 1...count { rig.append(number, padding: 500) }
    // What it costs whoever appends: not the encoding, and no tail's pace.
    #expect(Clock.threadCPUNanoseconds - start < UInt64(count) * 200_000)
    for thread in threads { thread.join() }
    #expect(results.withLock { $0.count } == 9)
    for numbers in results.withLock({ $0 }) { #expect(numbers == Array(1...count)) }
    // The one that stopped is let go when its time is over, and finds out once it reads again.
    for _ in 0..<60_000 where rig.server.counts.now.dropped == 0 { Clock.sleep(milliseconds: 1) }
    let late = try lazy.lines()
    let taken = late.compactMap(Self.number)
    #expect(taken == Array(1..<taken.count + 1))
    #expect(taken.count < count)
    let behind = try #require(late.last.flatMap(Self.dropped))
    #expect(behind > 0 && behind <= count - taken.count)
    #expect(rig.server.counts.now.dropped == 1)
  }

  @Test("a tail that the journal leaves behind is told how far it was behind, with whole lines only")
  func leftBehind() throws {
    let rig = try TailRig(limits: JournalLimits(entries: 100, bytes: 1 << 20), patienceMilliseconds: 60_000)
    let tail = try #require(try rig.tail())
    _ = try tail.lines(until: Self.isPresent)
    let count = 20_000
    for number in 1...count { rig.append(number, padding: 1000) }
    let lines = try tail.lines()
    let taken = lines.compactMap(Self.number)
    #expect(taken == Array(1..<taken.count + 1))
    #expect(lines.count == taken.count + 1)
    let behind = try #require(lines.last.flatMap(Self.dropped))
    #expect(behind > 0 && behind <= count - taken.count)
  }

  @Test("alerts that left the journal while a tail read the past are counted, and it goes on")
  func gapInThePast() throws {
    let rig = try TailRig(limits: JournalLimits(entries: 1000, bytes: 1 << 30))
    for number in 1...1000 { rig.append(number, padding: 4000) }
    let tail = try #require(try rig.tail(" last=1000"))
    // It has taken the socket's worth; the rest of the past goes meanwhile.
    _ = try tail.lines { Self.number($0) == 1 }
    for number in 1001...1500 { rig.append(number, padding: 4000) }
    var numbers = [1]
    var missed = 0
    _ = try tail.lines { line in
      if let number = Self.number(line) { numbers.append(number) }
      if line.hasPrefix("{\"missed\":") { missed += Int(line.dropFirst(10).dropLast()) ?? 0 }
      return Self.number(line) == 1500
    }
    #expect(missed > 0)
    #expect(numbers.count + missed == 1500)
  }

  @Test(
    "there is room for so many tails, and for root when the group has taken its share; who goes makes room")
  func limits() throws {
    let rig = try TailRig()
    var group: [TailReader] = []
    while let tail = try rig.tail(isOwner: false) { group.append(tail) }
    #expect(group.count == TailServer.groupLimit)
    var all = group
    while let tail = try rig.tail() { all.append(tail) }
    #expect(all.count == TailServer.limit)
    for tail in all { _ = try tail.lines(until: Self.isPresent) }
    // One hangs up, one says more than it has to say.
    try all[1].say("more\n")
    all.removeFirst()
    group.removeFirst()
    let deadline = Clock.monotonicNanoseconds + 60_000_000_000
    while rig.server.counts.now.connected > TailServer.limit - 2, Clock.monotonicNanoseconds < deadline {
      Clock.sleep(milliseconds: 10)
    }
    #expect(rig.server.counts.now.connected == TailServer.limit - 2)
    #expect(rig.server.counts.now.dropped == 0)
    #expect(try rig.tail() != nil)
  }

  @Test("an alert of hostile size is shortened, and says so")
  func size() throws {
    let rig = try TailRig(limits: JournalLimits(entries: 10, bytes: 1 << 30))
    rig.append(1, padding: 1 << 20)
    let tail = try #require(try rig.tail(" last=1"))
    let lines = try tail.lines(until: Self.isPresent)
    let line = try #require(lines.first { Self.number($0) == 1 })
    #expect(line.utf8.count <= TailLines.lineLimit)
    #expect(line.contains("\"alert.truncated\":true"))
  }
}

/// A thread that is waited for.
private final class TestThread {
  private var thread: NamedThread?

  init(_ body: @escaping @Sendable () -> Void) throws { thread = try NamedThread("tail-test", body) }

  func join() { thread.take()?.join() }
}
