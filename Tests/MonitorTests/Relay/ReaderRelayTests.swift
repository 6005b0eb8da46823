import Glibc
import Synchronization
import System
import Testing

@testable import Monitor

/// A thing that readers can be made to stand in.
private final class Trap: Sendable {
  let isClosed = Atomic<Bool>(false)

  func step() { while isClosed.load(ordering: .acquiring) { usleep(500) } }
}

/// What the readers of a test did, shared as a source shares its batch.
private struct Progress: Sendable {
  var next = 0
  var done: [Int] = []
  var stuck: [StuckRead] = []
  var holders: [Int32] = []
  var dropped = 0
  var riskless = 0
}

@Suite(.serialized) struct ReaderRelayTests {
  private func wait(_ milliseconds: Int = 60_000, until condition: () -> Bool) -> Bool {
    for _ in 0..<milliseconds {
      if condition() { return true }
      usleep(1000)
    }
    return false
  }

  /// Steps through numbers; a step that `traps` names stands until the trap opens.
  private func makeRelay(
    threads: Int, progress: Mutex<Progress>.Box, traps: [Int: Trap]
  ) throws -> ReaderRelay {
    try ReaderRelay(name: "wh-test", threadCount: threads) { lease in
      if let stuck = lease.predecessorStoodAt {
        _ = lease.commit { progress.value.withLock { $0.stuck.append(stuck) } }
      }
      while lease.isCurrent {
        let holders = lease.takeHolders(for: 4 * ReaderRelay.realTimeDeadline)
        progress.value.withLock { $0.holders += holders }
        let step = lease.commit {
          progress.value.withLock {
            $0.next += 1
            return $0.next - 1
          }
        }
        guard let step else { return }
        if !lease.mayRisk {
          progress.value.withLock { $0.riskless += 1 }
          usleep(1000)
          continue
        }
        let result = lease.reading(memoryOf: Int32(step)) { () -> Bool in
          traps[step]?.step()
          return true
        }
        guard result != nil, lease.commit({ progress.value.withLock { $0.done.append(step) } }) != nil else {
          progress.value.withLock { $0.dropped += 1 }
          return
        }
        lease.rest()
        usleep(1000)
      }
    }
  }

  @Test("a reader that stands is replaced, its step is named, and its late work is dropped")
  func replaced() throws {
    let progress = Mutex<Progress>.Box(Progress())
    let trap = Trap()
    trap.isClosed.store(true, ordering: .releasing)
    let relay = try makeRelay(threads: 4, progress: progress, traps: [5: trap])
    try relay.start()
    #expect(wait { progress.value.withLock { $0.done.contains(20) } })
    // A reader that the machine lets stand for so long is replaced as well.
    let stuck = try #require(progress.value.withLock { $0.stuck.first { $0.pid == 5 } })
    #expect(stuck.nanoseconds >= ReaderRelay.realTimeDeadline)
    #expect(progress.value.withLock { !$0.done.contains(5) })
    #expect(
      wait { progress.value.withLock { $0.holders.count { $0 == 5 } == 1 } },
      "who holds it for long is told, once")
    trap.isClosed.store(false, ordering: .releasing)
    #expect(wait { progress.value.withLock { $0.dropped >= 1 } }, "it comes back and drops its work")
    relay.stop(milliseconds: 2000)
    #expect(progress.value.withLock { $0.done == Array($0.done.sorted()) })
  }

  @Test("a process that holds a reader for a moment only is no holder")
  func busy() throws {
    let progress = Mutex<Progress>.Box(Progress())
    let trap = Trap()
    trap.isClosed.store(true, ordering: .releasing)
    let relay = try ReaderRelay(name: "wh-test", threadCount: 2) { lease in
      if lease.predecessorStoodAt != nil { trap.isClosed.store(false, ordering: .releasing) }
      while lease.isCurrent {
        _ = lease.reading(memoryOf: 7) { trap.step() }
        let isBack = progress.value.withLock { $0.dropped > 0 }
        let holders = isBack ? lease.takeHolders(for: 0) : []
        progress.value.withLock { progress in
          progress.holders += holders
          progress.next += isBack ? 1 : 0
        }
        lease.rest()
        usleep(1000)
      }
      progress.value.withLock { $0.dropped += 1 }
    }
    try relay.start()
    #expect(wait { progress.value.withLock { $0.next > 100 } })
    relay.stop(milliseconds: 2000)
    #expect(progress.value.withLock { $0.holders } == [])
  }

  @Test("with nobody left to take over, the last one takes no risk and goes on")
  func lastReader() throws {
    let progress = Mutex<Progress>.Box(Progress())
    let traps = (0..<3).map { _ in Trap() }
    for trap in traps { trap.isClosed.store(true, ordering: .releasing) }
    let relay = try makeRelay(threads: 4, progress: progress, traps: [2: traps[0], 4: traps[1], 6: traps[2]])
    try relay.start()
    #expect(wait { progress.value.withLock { $0.riskless > 10 } })
    #expect(progress.value.withLock { $0.stuck.count } >= 3)
    for trap in traps { trap.isClosed.store(false, ordering: .releasing) }
    let before = progress.value.withLock { $0.done.count }
    #expect(
      wait { progress.value.withLock { $0.done.count > before + 5 } }, "who comes back stands ready again")
    relay.stop(milliseconds: 2000)
  }

  @Test("a stuck reader does not keep the agent from ending")
  func stopWhileStuck() throws {
    let progress = Mutex<Progress>.Box(Progress())
    let trap = Trap()
    trap.isClosed.store(true, ordering: .releasing)
    let relay = try makeRelay(threads: 2, progress: progress, traps: [1: trap])
    try relay.start()
    #expect(wait { progress.value.withLock { $0.stuck.count >= 1 } })
    let began = Clock.monotonicNanoseconds
    relay.stop(milliseconds: 120_000)
    #expect(Clock.monotonicNanoseconds - began < 60_000_000_000)
    trap.isClosed.store(false, ordering: .releasing)
  }

  @Test("for how long nobody has worked is known once the last reader is held as well")
  func allHeld() throws {
    let trap = Trap()
    trap.isClosed.store(true, ordering: .releasing)
    let held = Atomic<Int>(0)
    let relay = try ReaderRelay(name: "wh-test", threadCount: 2) { lease in
      while lease.isCurrent {
        held.add(1, ordering: .relaxed)
        guard lease.reading(memoryOf: 0, { trap.step() }) != nil else { return }
        lease.rest()
        usleep(1000)
      }
    }
    #expect(relay.secondsHeld == nil)
    try relay.start()
    #expect(wait(20_000) { held.load(ordering: .relaxed) == 2 })
    #expect(wait(20_000) { (relay.secondsHeld ?? 0) >= 1 })
    trap.isClosed.store(false, ordering: .releasing)
    #expect(wait(20_000) { relay.secondsHeld == nil })
    relay.stop(milliseconds: 20_000)
  }
}

extension Mutex {
  /// A mutex that closures can share.
  final class Box: Sendable where Value: Sendable {
    let value: Mutex<Value>

    init(_ initial: Value) { value = Mutex(initial) }
  }
}
