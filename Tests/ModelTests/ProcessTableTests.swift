import Testing

@testable import Model

@Suite struct ProcessTableTests {
  /// Has each of so many processes made by a chain of others that end.
  private func fill(_ table: inout ProcessTable, leaves: Int, chain: Int, below top: ProcessRow) {
    var (pid, stamp) = (Int32(1000), UInt64(1))
    for _ in 0..<leaves {
      var creator = top
      for generation in 0...chain {
        pid += 1
        stamp += ProcessTable.endedRetention / 100
        let row = ProcessRow(pid: pid, startTicks: stamp, stamp: stamp)
        row.adopt(creator: creator)
        _ = table.insert(row)
        if generation > 0 {
          creator.hasEnded = true
          table.end(creator, stamp: stamp)
        }
        creator = row
      }
    }
  }

  @Test("creators that have ended are remembered up to a limit, the nearest of each process longest")
  func memories() {
    var table = ProcessTable(limit: 131_072)
    let top = ProcessRow(pid: 2, startTicks: 1, stamp: 1)
    _ = table.insert(top)
    fill(&table, leaves: 8000, chain: 14, below: top)
    #expect(table.count == 8001)
    #expect(table.countMemories() <= ProcessTable.memoryLimit + 16_384 + ProcessTable.endedLimit)
    #expect(table.evictions > 0)
    #expect(table.rows.allSatisfy { $0 === top || $0.ancestors.first?.hasEnded == true })
  }

  @Test("few processes keep all their creators, though these have ended, and so do many whose creators live")
  func kept() {
    var table = ProcessTable(limit: 131_072)
    let top = ProcessRow(pid: 2, startTicks: 1, stamp: 1)
    _ = table.insert(top)
    for pid in 100_000..<110_000 as Range<Int32> {
      let row = ProcessRow(pid: pid, startTicks: 1, stamp: 1)
      row.adopt(creator: top)
      _ = table.insert(row)
    }
    fill(&table, leaves: 3000, chain: 14, below: top)
    #expect(table.rows.allSatisfy { $0 === top || [1, 15].contains($0.ancestors.count) })
    #expect(table.evictions == 0)
  }
}
