import Events
import Testing

@testable import Model

@Suite struct DetailTests {
  @Test("a forked process shares its creator's details until either changes")
  func shared() throws {
    var script = Script()
    script.fork(1, 20)
    script.exec(20, "/bin/sh") { $0.append(.oomScore, Int32(5)) }
    script.fork(20, 21)
    let parent = try #require(script.model.table.row(20))
    let child = try #require(script.model.table.row(21))
    #expect(child.details === parent.details && child.details?.oomScore == 5)
    script.state(21, start: child.startTicks, path: "/bin/sh") { $0.append(.oomScore, Int32(7)) }
    #expect(child.details?.oomScore == 7 && parent.details?.oomScore == 5)
  }

  @Test("an exec forgets what was known of the program before")
  func forgotten() throws {
    var script = Script()
    script.fork(1, 20)
    script.exec(20, "/bin/su") { $0.append(.auxiliaryVector, [1000, 0, 1000, 0, 1] as [UInt32]) }
    let row = try #require(script.model.table.row(20))
    #expect(row.details?.execution?.isSecure == true)
    script.exec(20, "/bin/sh")
    #expect(row.details == nil)
  }

  @Test("of what ended only the environment that is asked for stays, cut")
  func memory() throws {
    var script = Script()
    script.fork(1, 20)
    script.exec(20, "/bin/sh") {
      $0.append(.environment, [UInt8](repeating: 0x78, count: 1000).span)
      $0.append(.oomScore, Int32(5))
    }
    script.fork(20, 21)
    let row = try #require(script.model.table.row(20))
    script.apply(.exited, 20) { $0.append(.exitStatus, UInt32(0)) }
    script.wait(20 * Script.second)
    script.listing(1, [21])
    #expect(row.details?.environment?.count == 256 && row.details?.oomScore == nil)
  }

  @Test("groups are bounded, and what is torn is not known", arguments: [0, 1, 64, 65, 4000])
  func bounds(count: Int) throws {
    var script = Script()
    script.fork(1, 20)
    script.exec(20, "/bin/sh") {
      $0.append(.supplementaryGroups, (0..<UInt32(count)).map { $0 })
      $0.append(.memory, [1, 2] as [UInt64])
      $0.append(.auxiliaryVector, [1] as [UInt32])
      $0.append(.exeFile, [1] as [UInt64])
      $0.append(.standardInput, [0x61].span)
    }
    let details = try #require(script.model.table.row(20)?.details)
    #expect(details.supplementaryGroups?.count == min(count, ProcessDetails.groupLimit))
    #expect(details.memory == nil && details.execution == nil && details.exeFile == nil)
    #expect(details.streams[0] == nil)
  }
}
