import Alerts
import Events
import Glibc
import Synchronization
import System
import SystemPackage
import Testing

@Suite struct JournalTests {
  @Test("a cursor reads every alert once and in order") func order() throws {
    let journal = Journal()
    let cursor = try journal.makeCursor(named: "test")
    for number in 0..<10 { journal.append(Sample.numbered(number)) }
    let batch = cursor.next(limit: 100, waitMilliseconds: 0)
    #expect(batch.entries.map(\.sequence) == Array(1...10))
    #expect(batch.missed == nil)
    #expect(cursor.next(limit: 100, waitMilliseconds: 0).isEmpty)
    #expect(cursor.status.lag == 10)
    cursor.acknowledge(through: 10)
    #expect(cursor.status.lag == 0)
  }

  @Test("a rewind goes back to the first alert that is not acknowledged") func rewind() throws {
    let journal = Journal()
    let cursor = try journal.makeCursor(named: "test")
    for number in 0..<10 { journal.append(Sample.numbered(number)) }
    _ = cursor.next(limit: 8, waitMilliseconds: 0)
    cursor.acknowledge(through: 3)
    cursor.rewind()
    #expect(cursor.next(limit: 2, waitMilliseconds: 0).entries.map(\.sequence) == [4, 5])
  }

  @Test("what is dropped before it was read is told once, with its numbers") func dropped() throws {
    let journal = Journal(limits: JournalLimits(entries: 4))
    let cursor = try journal.makeCursor(named: "test")
    for number in 0..<10 { journal.append(Sample.numbered(number)) }
    #expect(cursor.status.missed == 6)
    let batch = cursor.next(limit: 100, waitMilliseconds: 0)
    #expect(batch.missed == 1...6)
    #expect(batch.entries.map(\.sequence) == [7, 8, 9, 10])
    #expect(cursor.status.missed == 6)
    #expect(journal.status.dropped == 6)
    #expect(cursor.next(limit: 100, waitMilliseconds: 0).isEmpty)
  }

  @Test("the bytes are bounded, and the newest alert is kept however large it is") func bytes() throws {
    let journal = Journal(limits: JournalLimits(entries: 1000, bytes: 10_000))
    for number in 0..<100 { journal.append(Sample.numbered(number, padding: 700)) }
    #expect(journal.status.bytes <= 10_000)
    #expect(journal.status.entries >= 8)
    journal.append(Sample.numbered(100, padding: 64 << 10))
    #expect(journal.status.entries == 1)
    #expect(journal.last(5).map(\.sequence) == [101])
  }

  @Test("the last alerts are there as long as they are kept") func last() {
    let journal = Journal(limits: JournalLimits(entries: 5))
    #expect(journal.last(3).isEmpty)
    for number in 0..<12 { journal.append(Sample.numbered(number)) }
    #expect(journal.last(3).map(\.sequence) == [10, 11, 12])
    #expect(journal.last(100).map(\.sequence) == [8, 9, 10, 11, 12])
    #expect(journal.last(0).isEmpty)
  }

  @Test("a reader that sleeps is woken by the next alert, and by `wake`") func waking() throws {
    let journal = Journal()
    let cursor = try journal.makeCursor(named: "test")
    let thread = try NamedThread("writer") {
      usleep(20_000)
      journal.append(Sample.shell)
      usleep(20_000)
      cursor.wake()
    }
    #expect(cursor.next(limit: 1, waitMilliseconds: 60_000).entries.count == 1)
    #expect(cursor.next(limit: 1, waitMilliseconds: 60_000).isEmpty)
    thread.join()
  }

  @Test("a wait ends when its time is up") func timeout() throws {
    let cursor = try Journal().makeCursor(named: "test")
    let start = Clock.monotonicNanoseconds
    #expect(cursor.next(limit: 1, waitMilliseconds: 30).isEmpty)
    #expect(Clock.monotonicNanoseconds - start >= 29_000_000)
  }

  /// Random appends, reads, acknowledgements and rewinds of three cursors against a plain model of each.
  @Test("several cursors: nothing is lost uncounted, told twice, or out of order", arguments: 1...12)
  func properties(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let limit = Int.random(in: 1...20, using: &random)
    let journal = Journal(limits: JournalLimits(entries: limit))
    var models = try ["a", "b", "c"].map { CursorModel(cursor: try journal.makeCursor(named: $0)) }
    var appended: UInt64 = 0
    for _ in 0..<2000 {
      let index = Int.random(in: 0..<models.count, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5: appended = journal.append(Sample.numbered(0))
      case 5..<7:
        models[index].read(Int.random(in: 1...8, using: &random), appended: appended, kept: UInt64(limit))
      case 7..<9: models[index].acknowledge(using: &random)
      default: models[index].rewind()
      }
    }
    #expect(journal.status.lastSequence == appended)
    #expect(journal.status.dropped == appended - min(appended, UInt64(limit)))
    for model in models { model.check(appended: appended, kept: UInt64(limit)) }
  }

  @Test("four readers on four threads see all of 20,000 alerts of one writer or are told which they missed")
  func threads() throws {
    let journal = Journal(limits: JournalLimits(entries: 256))
    let total: UInt64 = 20_000
    let complete = Mutex(0)
    let cursors = try (0..<4).map { try journal.makeCursor(named: "reader \($0)") }
    let shared = Shared(complete: complete)
    for cursor in cursors {
      // Detached: the loop below waits for what they count.
      _ = try NamedThread("reader") {
        var next: UInt64 = 1
        while next <= total {
          let batch = cursor.next(limit: 64, waitMilliseconds: 1000)
          if let missed = batch.missed {
            guard missed.lowerBound == next else { return }
            next = missed.upperBound + 1
          }
          for entry in batch.entries {
            guard entry.sequence == next else { return }
            next += 1
          }
          cursor.acknowledge(through: next - 1)
        }
        shared.complete.withLock { $0 += 1 }
      }
    }
    for number in 0..<Int(total) { journal.append(Sample.numbered(number)) }
    for _ in 0..<6000 where shared.complete.withLock({ $0 }) < 4 { usleep(10_000) }
    #expect(shared.complete.withLock { $0 } == 4)
    #expect(journal.status.cursors.allSatisfy { $0.lag == 0 })
  }

  private final class Shared: Sendable {
    let complete: Mutex<Int>
    init(complete: consuming Mutex<Int>) { self.complete = complete }
  }
}

/// What a cursor must do, in the plainest words.
private struct CursorModel {
  let cursor: JournalCursor
  var position: UInt64 = 1
  var acknowledged: UInt64 = 0
  /// Told as missed: for good, and since the last rewind.
  var missed: Set<UInt64> = []
  var told: Set<UInt64> = []

  init(cursor: JournalCursor) { self.cursor = cursor }

  mutating func read(_ limit: Int, appended: UInt64, kept: UInt64) {
    let oldest = appended - min(appended, kept) + 1
    let batch = cursor.next(limit: limit, waitMilliseconds: 0)
    if position < oldest {
      #expect(batch.missed == position...(oldest - 1))
      told.formUnion(position..<oldest)
      position = oldest
    } else {
      #expect(batch.missed == nil)
    }
    let expected = position..<min(position + UInt64(limit), appended + 1)
    #expect(batch.entries.map(\.sequence) == Array(expected))
    position = expected.upperBound
  }

  mutating func acknowledge(using random: inout SplitMix64) {
    guard position > acknowledged + 1 else { return }
    acknowledged = .random(in: acknowledged + 1..<position, using: &random)
    cursor.acknowledge(through: acknowledged)
    missed.formUnion(told.filter { $0 <= acknowledged })
    told = told.filter { $0 > acknowledged }
  }

  mutating func rewind() {
    position = acknowledged + 1
    told = []
    cursor.rewind()
  }

  func check(appended: UInt64, kept: UInt64) {
    let oldest = appended - min(appended, kept) + 1
    let unread = position < oldest ? Set(position..<oldest) : []
    #expect(cursor.status.missed == UInt64(missed.count + told.union(unread).count))
    #expect(cursor.status.acknowledged == acknowledged)
    #expect(cursor.status.lag == appended - acknowledged)
  }
}
