import Events
import Glibc
import System
import SystemPackage
import Testing

@testable import Alerts

@Suite struct JournalStoreTests {
  @Test(
    "an entry comes back from its bytes as it was",
    arguments: [Sample.shell, Sample.alert(with: Sample.hostile)])
  func roundTrip(alert: Alert) throws {
    let entry = Sample.entry(alert)
    var bytes: [UInt8] = []
    EntryCoding.append(entry, to: &bytes)
    let back = try #require(EntryCoding.entry(from: bytes[...]))
    #expect(back.alert == alert && back.sequence == entry.sequence && back.uuid == entry.uuid)
    #expect(EntryCoding.sequence(of: bytes[...]) == entry.sequence)
  }

  @Test("an entry cut at any byte is none, and one with any byte changed is read without a trap")
  func damagedEntry() {
    var bytes: [UInt8] = []
    EntryCoding.append(Sample.entry(Sample.shell), to: &bytes)
    for length in bytes.indices { #expect(EntryCoding.entry(from: bytes[..<length]) == nil) }
    for position in bytes.indices {
      for value: UInt8 in [0, 1, 7, 0x7F, 0xFF] {
        var damaged = bytes
        damaged[position] = value
        _ = EntryCoding.entry(from: damaged[...])
      }
    }
  }

  @Test("lists within lists end at a depth that no stack minds") func depth() {
    var bytes: [UInt8] = []
    EntryCoding.append(Sample.entry(Sample.numbered(1)), to: &bytes)
    // A million opening lists where the only field's value begins.
    let nested = bytes.dropLast(13) + (0..<1_000_000).flatMap { _ -> [UInt8] in [7, 1, 0, 0, 0] }
    #expect(EntryCoding.entry(from: nested[...]) == nil)
  }

  @Test("the checksum is CRC-32C") func checksum() {
    #expect(Checksum.of("123456789".utf8) == 0xE306_9283)
  }

  @Test("segments go when all in them is too old, never because a clock went back, and the newest stays")
  func age() throws {
    let directory = try TemporaryDirectory()
    let store = try SegmentStore(directory: directory.path.appending("journal"))
    var limits = StorageLimits()
    limits.segmentBytes = 1
    limits.maximumAgeSeconds = 100
    var appender = SegmentAppender(store: store, limits: limits)
    let second: UInt64 = 1_000_000_000
    for number in 1...3 {
      try appender.append(
        [Sample.entry(Sample.numbered(number), sequence: UInt64(number))],
        nowNanoseconds: (1000 + UInt64(number)) * second)
    }
    for (now, oldest) in [(900, 1), (1102, 1), (1103, 2), (100_000, 3), (100_000, 3)] as [(UInt64, UInt64)] {
      _ = appender.retire(nowNanoseconds: now * second)
      #expect(store.oldestSequence == oldest, "at \(now) s")
    }
  }

  @Test("sinks see an alert when it is on disk, and after a second also when the disk stands still")
  func patience() {
    // Once more where this thread stood still for too long.
    var (state, since) = (JournalState(firstSequence: 1, limits: JournalLimits(), isStored: true), UInt64(0))
    for _ in 1...20 {
      state = JournalState(firstSequence: 1, limits: JournalLimits(), isStored: true)
      since = Clock.monotonicNanoseconds
      _ = state.append(Sample.entry(Sample.shell, sequence: 1))
      let (before, hasMore) = (state.readableThrough, state.hasUnreadable)
      _ = state.store(through: 1, oldest: 1)
      let stored = state.readableThrough
      _ = state.append(Sample.entry(Sample.shell, sequence: 2))
      let after = state.readableThrough
      guard Clock.monotonicNanoseconds - since < 900_000_000 else { continue }
      #expect(before == 0 && hasMore)
      #expect(stored == 1 && after == 1)
      break
    }
    usleep(1_010_000)
    #expect(state.readableThrough == 2)
  }

  @Test(
    "a sink that slept when an alert came gets it though the disk stands still, and nothing wakes it without need"
  )
  func asleep() throws {
    let directory = try TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    // Not started: nothing is written, as by a thread that stands in fsync(2), and was about to sleep.
    let journal = try Journal(storage: JournalStorage(directory: directory.path.appending("journal").string))
    #expect(journal.withState { $0.takeUnstored(limit: 1).isEmpty })
    let record = ScriptedSink.Record([])
    let runner = try SinkRunner(named: "scripted", journal: journal)
    try runner.start(format: TextFormat()) { ScriptedSink(record) }
    func sleeps() -> Bool { journal.withState { $0.cursors.values.allSatisfy(\.isWaiting) } }
    for _ in 0..<20_000 where !sleeps() { usleep(1000) }
    journal.tick()
    #expect(sleeps())

    let appended = Clock.monotonicNanoseconds
    journal.append(Sample.numbered(1))
    #expect(sleeps())
    for _ in 0..<100 where record.sequences.isEmpty {
      journal.tick()
      for _ in 0..<200 where record.sequences.isEmpty { usleep(1000) }
    }
    #expect(record.sequences == [1])
    #expect(Clock.monotonicNanoseconds - appended >= JournalState.patienceNanoseconds)
    // What it has read already does not wake it again, however long the disk takes.
    for _ in 0..<20_000 where !sleeps() { usleep(1000) }
    journal.tick()
    #expect(sleeps())
    #expect(runner.stop(deadlineMilliseconds: 20_000))
  }

  @Test("a cursor sleeps as long as it wants to, but not while the disk has something for it to wait for")
  func sleep() {
    var state = JournalState(firstSequence: 1, limits: JournalLimits(), isStored: true)
    for wish in [-1, 20, 60_000] as [Int32] { #expect(state.sleep(atMost: wish) == wish) }
    _ = state.append(Sample.entry(Sample.shell, sequence: 1))
    for wish in [-1, 60_000] as [Int32] { #expect((0...1001).contains(state.sleep(atMost: wish))) }
    #expect(state.sleep(atMost: 0) == 0)
    _ = state.store(through: 1, oldest: 1)
    #expect(state.sleep(atMost: -1) == -1)
  }
}
