import Events
import Model
import Rules
import Synchronization
import System
import Testing

@testable import Monitor

@Suite struct EngineTests {
  /// What a handler was given, as values.
  private struct Seen: Sendable {
    var events: [(kind: EventKind, pid: Int32, number: UInt64, userName: [UInt8]?)] = []
    var losses: [Loss] = []
    var ticks: [Bool] = []
  }

  private struct Recorder: EventHandler {
    let seen: Mutex<Seen>.Box

    mutating func handle(_ facts: borrowing LiveFacts) {
      let event = facts.event
      let entry = (event.kind, event.process?.pid ?? 0, event.number, facts.model.accounts.user(1000)?.name)
      let change = event.change
      seen.value.withLock { seen in
        seen.events.append(entry)
        if case .loss(let loss) = change { seen.losses.append(loss) }
      }
    }

    mutating func tick(time: UInt64, isLast: Bool) { seen.value.withLock { $0.ticks.append(isLast) } }
  }

  private let bell: EngineBell
  private let connector: RecordFeed
  private let procfs: RecordFeed
  private let mail = Mail()
  private let sweepRequest: SweepRequest
  private let control = EngineControl()
  private let seen = Mutex<Seen>.Box(Seen())

  init() throws {
    bell = try EngineBell()
    connector = RecordFeed(source: .connector, capacityBytes: 1 << 16, bell: bell)
    procfs = RecordFeed(source: .procfs, capacityBytes: 1 << 16, bell: bell)
    sweepRequest = try SweepRequest()
  }

  /// Hands the engine a record.
  /// - Parameter ahead: how long after now it is stamped.
  private func state(
    _ kind: RecordKind, _ pid: Int32, through feed: RecordFeed, ahead: UInt64 = 0,
    _ fill: (inout RecordWriter) -> Void = { _ in }
  ) {
    var record = RecordWriter()
    record.begin(kind, from: feed.source, stamp: Clock.monotonicNanoseconds + ahead, pid: pid)
    fill(&record)
    let isPushed = feed.offer(record)
    #expect(isPushed)
  }

  /// A process as the sweep reads it.
  private func sweep(_ pid: Int32, ahead: UInt64 = 0) {
    state(.state, pid, through: procfs, ahead: ahead) {
      $0.setStartTicks(1)
      $0.insert(.filled)
      $0.append(.name, [0x78].span)
    }
  }

  /// Starts an engine over the two rings.
  private func start(ownPID: Int32 = 0, processLimit: Int = 1000) throws -> NamedThread {
    let feeds = EngineFeeds(
      prompt: [connector], settling: [procfs], bell: bell, mail: mail, sweepRequest: sweepRequest)
    let settings = Model.Settings(
      startStamp: Clock.monotonicNanoseconds, hostNamespaces: .unknown, processLimit: processLimit,
      ownPID: ownPID)
    let (seen, control) = (seen, control)
    return try NamedThread("engine") {
      var engine = Engine(
        feeds: feeds, settings: settings, host: .unknown, handler: Recorder(seen: seen))
      engine.run(control)
    }
  }

  /// Lets the engine work everything off, and end.
  private func end(_ engine: consuming NamedThread) -> Seen {
    control.stop()
    bell.ring()
    engine.join()
    return seen.value.withLock { $0 }
  }

  /// Waits until the handler has been given something.
  private func wait(until isMet: (Seen) -> Bool) -> Bool {
    for _ in 0..<60_000 {
      if seen.value.withLock({ isMet($0) }) { return true }
      Clock.sleep(milliseconds: 1)
    }
    return false
  }

  @Test("what the connector tells a moment later still comes before what the sweep has read")
  func order() throws {
    // Read in half a second: on a busy machine this test may stand for longer than a record settles.
    sweep(20, ahead: 500_000_000)
    let engine = try start()
    Clock.sleep(milliseconds: 3)
    state(.forked, 30, through: connector) { $0.append(.parentPID, Int32(1)) }
    let isSeen = wait { $0.events.count >= 2 }
    #expect(isSeen, "a record that settles is looked at when its time is over, though nobody rings again")
    let seen = end(engine)
    #expect(seen.events.map(\.pid) == [30, 20])
    #expect(seen.events.map(\.number) == [1, 2])
  }

  @Test("an engine that sleeps is woken by a record, whichever ring it comes through")
  func wakes() throws {
    let engine = try start()
    for number in 0..<20 as Range<Int32> {
      Clock.sleep(milliseconds: 20)
      let began = Clock.monotonicNanoseconds
      if number % 2 == 0 {
        state(.forked, 100 + number, through: connector) { $0.append(.parentPID, Int32(1)) }
      } else {
        sweep(100 + number)
      }
      let isSeen = wait { $0.events.count == Int(number) + 1 }
      #expect(isSeen)
      // It would look by itself after a second.
      #expect(Clock.monotonicNanoseconds - began < 900_000_000)
    }
    _ = end(engine)
  }

  @Test("at the end nothing is left in the rings, and the last tick says that it is the last")
  func drains() throws {
    for pid in 1...200 as ClosedRange<Int32> {
      state(.forked, pid, through: connector) { $0.append(.parentPID, Int32(0)) }
      sweep(1000 + pid)
    }
    let seen = end(try start())
    #expect(seen.events.count == 400)
    #expect(seen.events.map(\.number) == Array(1...400))
    #expect(seen.ticks.last == true && seen.ticks.dropLast().allSatisfy { !$0 })
    #expect(control.status.events == 400)
    #expect(control.status.processes == 400)
  }

  @Test("the agent's own process raises no event")
  func ownProcess() throws {
    state(.forked, 7, through: connector) { $0.append(.parentPID, Int32(1)) }
    state(.forked, 8, through: connector) { $0.append(.parentPID, Int32(7)) }
    #expect(end(try start(ownPID: 7)).events.map(\.pid) == [8])
  }

  @Test("users and groups come through their mailbox with the notice in the ring")
  func mailbox() throws {
    sweep(20)
    mail.accounts.put(
      Accounts(users: [1000: .init(name: Array("al".utf8), home: [], shell: [])], groups: [:]))
    state(.notice, 0, through: procfs) { $0.append(.mailbox, Mailbox.accounts.rawValue) }
    sweep(21)
    let seen = end(try start())
    #expect(seen.events.map(\.userName) == [nil, Array("al".utf8)])
  }

  @Test("a loss that blinds rules is an event within the second or so, and only what grew since is told")
  func losses() throws {
    let engine = try start()
    connector.losses.count(.shed, of: .executed, by: 3)
    connector.losses.count(.vanished, of: .executed, by: 9)
    #expect(wait { !$0.losses.isEmpty })
    connector.losses.count(.shed, of: .executed, by: 2)
    let seen = end(engine)
    #expect(
      seen.losses == [
        Loss(source: .connector, reason: .shed, count: 3, kind: .executed),
        Loss(source: .connector, reason: .shed, count: 2, kind: .executed),
      ])
    #expect(!sweepRequest.wait(milliseconds: 0), "details alone need no sweep")
  }

  @Test("a loss that is found out late says when it began, on the calendar")
  func lossSince() throws {
    let began = Clock.monotonicNanoseconds - 7_000_000_000
    let calendar = Clock.realtimeNanoseconds - 7_000_000_000
    connector.losses.count(.readerEnded, since: began)
    let since = try #require(end(try start()).losses.first?.since)
    #expect(since > calendar - 1_000_000_000 && since < calendar + 1_000_000_000)
  }

  @Test(
    "where whole happenings may be unknown a sweep is asked for",
    arguments: LossReason.allCases.filter(\.ordersSweep))
  func sweepAfterLoss(reason: LossReason) throws {
    connector.losses.count(reason)
    _ = end(try start())
    #expect(sweepRequest.wait(milliseconds: 0))
  }

  @Test("a table that is full drops rows, which is a loss of the agent's own")
  func evictions() throws {
    for pid in 1...15 as ClosedRange<Int32> {
      state(.forked, pid, through: connector) { $0.append(.parentPID, Int32(0)) }
    }
    let seen = end(try start(processLimit: 10))
    #expect(seen.losses == [Loss(source: .agent, reason: .tableEvicted, count: 5)])
    #expect(control.status.evictions == 5)
  }
}
