import Events
import Glibc
import Synchronization
import System
import Testing

@testable import Monitor

@Suite struct EngineBellTests {
  @Test("a ring wakes the sleeper long before its time")
  func wakes() throws {
    let bell = try EngineBell()
    let isAwake = Shared()
    let began = Clock.monotonicNanoseconds
    let sleeper = try NamedThread("sleeper") {
      bell.sleep(milliseconds: 600_000) { false }
      isAwake.number.store(1, ordering: .releasing)
    }
    // Ringing before it sleeps would be lost, as it may be: then there is work, which the sleeper looks for itself.
    while isAwake.number.load(ordering: .acquiring) == 0 {
      bell.ring()
      usleep(1000)
    }
    sleeper.join()
    #expect(Clock.monotonicNanoseconds - began < 300_000_000_000)
  }

  @Test("whoever finds work does not sleep, and a ring for nobody is not kept")
  func awake() throws {
    let bell = try EngineBell()
    let first = Clock.monotonicNanoseconds
    bell.sleep(milliseconds: 600_000) { true }
    bell.ring()
    let began = Clock.monotonicNanoseconds
    #expect(began - first < 300_000_000_000)
    bell.sleep(milliseconds: 30) { false }
    #expect(Clock.monotonicNanoseconds - began >= 30_000_000)
  }

  @Test("no ring is lost between a look for work and the sleep")
  func handOver() throws {
    let rounds = 20_000
    let (there, back) = (try EngineBell(), try EngineBell())
    let turn = Shared()
    let began = Clock.monotonicNanoseconds
    // Each sleeps for ten minutes unless it is woken: one lost ring would be noticed.
    @Sendable func play(_ own: EngineBell, _ other: EngineBell, parity: Int) {
      while true {
        let now = turn.number.load(ordering: .acquiring)
        if now >= rounds { return other.ring() }
        if now % 2 == parity {
          turn.number.store(now + 1, ordering: .releasing)
          other.ring()
        } else {
          own.sleep(milliseconds: 600_000) {
            let now = turn.number.load(ordering: .acquiring)
            return now % 2 == parity || now >= rounds
          }
        }
      }
    }
    let player = try NamedThread("player") { play(back, there, parity: 1) }
    play(there, back, parity: 0)
    player.join()
    #expect(turn.number.load(ordering: .relaxed) == rounds)
    #expect(Clock.monotonicNanoseconds - began < 300_000_000_000)
  }
}

@Suite struct MailSlotTests {
  @Test("a value is taken once, and a newer one replaces the one that nobody took")
  func once() {
    let slot = MailSlot<Int>()
    #expect(slot.take() == nil)
    slot.put(1)
    slot.put(2)
    #expect(slot.take() == 2)
    #expect(slot.take() == nil)
  }
}

@Suite struct LossCountersTests {
  @Test("each reason and kind counts for itself, and the sum tells of any")
  func counts() {
    let counters = LossCounters()
    #expect(counters.all.isEmpty && counters.sum == 0)
    counters.count(.ringFull, of: .forked)
    counters.count(.ringFull, of: .forked, by: 2)
    counters.count(.ringFull, of: .exited)
    counters.count(.sequenceGap, by: 7)
    counters.count(.sequenceGap, by: 0)
    #expect(
      counters.all == [
        .init(reason: .ringFull, kind: .forked): 3, .init(reason: .ringFull, kind: .exited): 1,
        .init(reason: .sequenceGap, kind: nil): 7,
      ])
    #expect(counters.sum == 11)
  }

  @Test("when a loss began is told once, and of several losses the first beginning")
  func beginnings() {
    let counters = LossCounters()
    let key = LossCounters.Key(reason: .readerEnded, kind: nil)
    #expect(counters.takeBeginning(of: key) == nil)
    counters.count(.readerEnded)
    #expect(counters.takeBeginning(of: key) == nil)
    for began in [7, 5, 9] as [UInt64] { counters.count(.readerEnded, since: began) }
    #expect(counters.all == [key: 4])
    #expect(counters.takeBeginning(of: key) == 5)
    #expect(counters.takeBeginning(of: key) == nil)
  }

  @Test("several threads count at once, and none of it is lost")
  func threads() throws {
    let counters = LossCounters()
    @Sendable func count() { for _ in 0..<10_000 { counters.count(.vanished, of: .executed) } }
    let other = try NamedThread("counter") { count() }
    count()
    other.join()
    #expect(counters.all == [.init(reason: .vanished, kind: .executed): 20_000])
    #expect(counters.sum == 20_000)
  }
}

@Suite struct RecordFeedTests {
  @Test("what does not fit into the ring is refused, and what came through is counted")
  func full() throws {
    let feed = RecordFeed(source: .procfs, capacityBytes: 4096, bell: try EngineBell())
    var record = RecordWriter()
    record.begin(.state, from: .procfs, stamp: 1, pid: 1)
    record.append(.name, [UInt8](repeating: 0x78, count: 900).span)
    var offered = 0
    while feed.offer(record) { offered += 1 }
    #expect((1...100).contains(offered))
    #expect(feed.recordCount == UInt64(offered))
    var drained = 0
    _ = feed.ring.drain { _ in
      drained += 1
      return true
    }
    #expect(drained == offered)
    let fits = feed.offer(record)
    #expect(fits)
  }
}

/// A number that closures of several threads share.
private final class Shared: Sendable {
  let number = Atomic<Int>(0)
}
