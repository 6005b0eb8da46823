import Events
import Glibc
import Host
import Model
import Rules
import Synchronization
import System
import Testing

@testable import Monitor

/// Keeps what the engine hands on, as values.
struct Collector: EventHandler {
  struct Sight: Sendable {
    let kind: EventKind
    let pid: Int32
    let name: String
    let arguments: [UInt8]?
  }

  let sights: Mutex<[Sight]>.Box

  mutating func handle(_ facts: borrowing LiveFacts) {
    let row = facts.event.process
    let sight = Sight(
      kind: facts.event.kind, pid: row?.pid ?? 0, name: String(decoding: row?.name ?? [], as: UTF8.self),
      arguments: row?.arguments)
    sights.value.withLock { $0.append(sight) }
  }

  mutating func tick(time: UInt64, isLast: Bool) {}
}

extension HostFacts {
  static let unknown = HostFacts(hostname: [], bootID: [])
}

@Suite struct ProcfsSourceTests {
  @Test("the sweep alone sees this process with its arguments, and one that starts later")
  func sweeps() throws {
    let surroundings = try Surroundings()
    let source = try ProcfsSource(
      SourceSetting(
        root: .live, needs: [.arguments, .exe, .credentials, .cgroup, .namespaces],
        surroundings: surroundings))
    let sights = Mutex<[Collector.Sight]>.Box([])
    let run = try SourceRun(source, surroundings, handler: Collector(sights: sights))
    #expect(wait { sights.value.withLock { $0.contains { $0.pid == getpid() && $0.arguments != nil } } })

    let child = try Child(["/bin/sleep", "600"])
    #expect(
      wait {
        sights.value.withLock {
          $0.contains { $0.pid == child.pid && $0.kind == .executed && $0.name == "sleep" }
        }
      })
    child.end()
    #expect(wait { sights.value.withLock { $0.contains { $0.pid == child.pid && $0.kind == .exited } } })
    run.end()
  }

  @Test(
    "sweeps that are asked for faster than their share of a core allows wait for their turn, which is counted"
  )
  func budget() throws {
    let surroundings = try Surroundings()
    let source = try ProcfsSource(
      SourceSetting(root: .live, needs: [.arguments, .exe], surroundings: surroundings))
    let run = try SourceRun(
      source, surroundings, handler: Collector(sights: Mutex<[Collector.Sight]>.Box([])))
    // The first pass is urgent and cost what it cost; one that is asked for right behind it has to wait.
    #expect(
      wait {
        surroundings.sweepRequest.request()
        return source.feed.losses.all.contains { $0.key.reason == .sweepBudget && $0.value > 0 }
      })
    run.end()
  }

  private func wait(_ milliseconds: Int = 120_000, until condition: () -> Bool) -> Bool {
    for _ in 0..<milliseconds {
      if condition() { return true }
      Clock.sleep(milliseconds: 1)
    }
    return false
  }
}
