import Testing

@testable import Monitor

@Suite struct SweepPlanTests {
  private func look(_ start: UInt64, name: Int = 0) -> SweepPlan.Look {
    SweepPlan.Look(
      startTicks: start, parentPID: 1, group: 1, session: 1, terminal: 0, hasNotExecuted: false,
      nameHash: name)
  }

  /// Runs one pass and returns the processes that were read in full.
  private func pass(_ plan: inout SweepPlan, _ processes: [Int32: SweepPlan.Look]) -> [Int32] {
    var read: [Int32] = []
    plan.begin()
    while true {
      switch plan.step() {
      case .list: plan.listed(processes.keys.sorted(), began: 1)
      case .glance(let pid): if let look = processes[pid] { _ = plan.glanced(pid, look) }
      case .endListing: break
      case .read(let pid): read.append(pid)
      case .rest: return read
      }
    }
  }

  private func expect(_ step: SweepPlan.Step, _ plan: inout SweepPlan) {
    let next = plan.step()
    #expect(next == step)
  }

  private func expect(_ pids: [Int32], _ read: [Int32]) { #expect(pids == read) }

  @Test("the first pass glances at all, ends the listing, then reads all")
  func firstPass() {
    var plan = SweepPlan(rereadLimit: 0)
    expect(.list, &plan)
    plan.listed([1, 2], began: 7)
    expect(.glance(1), &plan)
    _ = plan.glanced(1, look(1))
    expect(.glance(2), &plan)
    _ = plan.glanced(2, look(1))
    expect(.endListing(1, began: 7), &plan)
    expect(.read(1), &plan)
    expect(.read(2), &plan)
    expect(.rest, &plan)
    expect(.rest, &plan)
  }

  @Test("a later pass reads what looks new or changed only")
  func changes() {
    var plan = SweepPlan(rereadLimit: 0)
    _ = pass(&plan, [1: look(1), 2: look(1), 3: look(1)])
    expect([], pass(&plan, [1: look(1), 2: look(1), 3: look(1)]))
    expect([2, 3, 4], pass(&plan, [1: look(1), 2: look(9), 3: look(1, name: 5), 4: look(2)]))
    expect([], pass(&plan, [2: look(9), 3: look(1, name: 5), 4: look(2), 1: look(1)]))
  }

  @Test("in turn, processes that look the same are read again, so that all are within a few passes")
  func rotation() {
    var plan = SweepPlan(rereadLimit: 3)
    let processes = Dictionary(uniqueKeysWithValues: (1...10).map { (Int32($0), look(1)) })
    _ = pass(&plan, processes)
    var seen = Set<Int32>()
    for _ in 0..<4 {
      let read = pass(&plan, processes)
      #expect(read.count == 3)
      seen.formUnion(read)
    }
    #expect(seen.count == 10)
  }
}

@Suite struct ShedMeterTests {
  private static let second: UInt64 = 1_000_000_000

  @Test("above 30 % of a core for a second details are left out, until it falls below 15 %")
  func sheds() {
    var meter = ShedMeter(now: 0, cpu: 0)
    meter.update(now: Self.second, cpu: Self.second * 29 / 100)
    #expect(!meter.isShedding)
    meter.update(now: 2 * Self.second, cpu: Self.second * 29 / 100 + Self.second * 31 / 100)
    #expect(meter.isShedding)
    meter.update(now: 3 * Self.second, cpu: Self.second * 80 / 100)
    #expect(meter.isShedding, "20 % is not below 15 %")
    meter.update(now: 4 * Self.second, cpu: Self.second * 90 / 100)
    #expect(!meter.isShedding)
  }

  @Test("a second's allowance used up within a tenth sheds at once")
  func burst() {
    var meter = ShedMeter(now: 0, cpu: 0)
    meter.update(now: Self.second / 3, cpu: Self.second * 31 / 100)
    #expect(meter.isShedding)
  }
}

@Suite struct StuckProcessesTests {
  @Test("a process is known until it ends, and the number of them is bounded")
  func bounded() {
    let stuck = StuckProcesses()
    #expect(!stuck.contains(1))
    for pid in 0..<300 as Range<Int32> { stuck.insert(pid) }
    #expect(!stuck.contains(0) && stuck.contains(299))
    stuck.forget(299)
    #expect(!stuck.contains(299))
    stuck.keep(only: [1, 298])
    #expect(stuck.contains(298) && !stuck.contains(297))
  }
}
