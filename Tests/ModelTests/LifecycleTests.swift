import Events
import Testing

@testable import Model

@Suite struct LifecycleTests {
  @Test("a fork has its creator's program, an exec its own, an exit ends it")
  func life() throws {
    var script = Script()
    script.state(10, start: 1, path: "/usr/sbin/sshd")
    #expect(script.fork(10, 20).map(\.kind) == [.forked])
    let child = try #require(script.model.table.row(20))
    #expect(child.name == Array("sshd".utf8) && child.exePath == Array("/usr/sbin/sshd".utf8))
    #expect(child.startTicks == script.ticks && child.ancestors.map(\.pid) == [10])

    let events = script.exec(20, "/bin/bash")
    #expect(events.map(\.kind) == [.executed] && events.first?.process === child)
    #expect(child.name == Array("bash".utf8) && child.hasExecuted)

    let exits = script.apply(.exited, 20) { $0.append(.exitStatus, UInt32(256)) }
    #expect(exits.map(\.kind) == [.exited] && child.exitStatus == 256 && child.hasEnded)
    #expect(script.model.table.row(20) == nil)
    #expect(script.model.table.row(child.key) === child, "a late record still finds it")
  }

  @Test("an exec of which nothing could be read keeps nothing of the program before and says so")
  func vanishedExec() throws {
    var script = Script()
    script.state(10, start: 1)
    script.fork(10, 20)
    let events = script.apply(.executed, 20) { $0.insert(.incomplete) }
    let row = try #require(events.first?.process)
    #expect(events.first?.isIncomplete == true)
    #expect(row.name.isEmpty && row.arguments == nil && row.exePath == nil)
  }

  @Test("the start that stat tells may be one below the stamp's, and counts as the same process")
  func startTicks() throws {
    var script = Script()
    script.fork(1, 20)
    let row = try #require(script.model.table.row(20))
    let computed = row.startTicks
    script.state(20, start: computed - 1)
    #expect(script.model.table.row(20) === row && row.startTicks == computed - 1)
    let events = script.state(20, start: computed + 5)
    #expect(events.contains { $0.kind == .exited && $0.process === row }, "another start is another process")
    #expect(script.model.table.row(20) !== row)
  }

  @Test("a pid that comes back is another process, though the end of the first was lost")
  func recycledPID() throws {
    var script = Script()
    script.fork(1, 20)
    let first = try #require(script.model.table.row(20))
    script.wait(Script.second)
    let events = script.fork(1, 20)
    #expect(events.map(\.kind) == [.exited, .forked] && events.first?.isIncomplete == true)
    #expect(script.model.table.row(20) !== first && first.hasEnded)
  }

  @Test("ancestors are creators, also when they have ended, 16 at most")
  func ancestors() throws {
    var script = Script()
    script.state(1000, start: 1, path: "/sbin/init")
    for pid in 1001...1040 as ClosedRange<Int32> {
      script.fork(pid - 1, pid)
      script.apply(.exited, pid - 1) { $0.append(.exitStatus, UInt32(0)) }
    }
    let last = try #require(script.model.table.row(1040))
    #expect(last.ancestors.map(\.pid) == (1024...1039).reversed().map { Int32($0) })
  }

  @Test("a chain of 5,000 generations whose parents die at once keeps a bounded number of rows")
  func longChain() throws {
    var script = Script()
    weak var early: ProcessRow?
    script.fork(1, 2)
    early = script.model.table.row(2)
    for pid in 3...5003 as ClosedRange<Int32> {
      script.fork(pid - 1, pid)
      script.apply(.exited, pid - 1) { $0.append(.exitStatus, UInt32(0)) }
    }
    #expect(script.model.table.count == 1)
    #expect(early == nil, "nobody within 16 generations lives")
  }

  @Test("the table is bounded, and what it drops is counted")
  func eviction() {
    var script = Script(processLimit: 10)
    for pid in 1...25 as ClosedRange<Int32> { script.fork(0, pid) }
    #expect(script.model.table.count == 10 && script.model.table.evictions == 15)
    #expect(script.model.table.row(25) != nil && script.model.table.row(1) == nil)
  }

  @Test("of processes that come and go for long nothing adds up, and the oldest still goes first")
  func births() {
    var script = Script(processLimit: 1000)
    for pid in 1...10 as ClosedRange<Int32> { script.fork(0, pid) }
    for pid in 100...20_100 as ClosedRange<Int32> {
      script.fork(1, pid)
      script.apply(.exited, pid) { $0.append(.exitStatus, UInt32(0)) }
    }
    #expect(script.model.table.count == 10)
    #expect(script.model.table.rememberedBirths <= 2 * 11 + 1024)
    for pid in 30_000..<30_991 as Range<Int32> { script.fork(1, pid) }
    #expect(script.model.table.row(1) == nil && script.model.table.row(2) != nil)
  }

  @Test("a row keeps at most its limit of text; arguments are cut and counted")
  func rowLimit() throws {
    var script = Script()
    script.fork(1, 20)
    let long = [UInt8](repeating: 97, count: 4096)
    script.apply(.executed, 20) {
      for path in [Parameter.exePath, .workingDirectory, .root, .cgroup] {
        $0.append(path, long.span, limit: 2500)
      }
      $0.append(.arguments, long.span)
    }
    let row = try #require(script.model.table.row(20))
    let text = [row.exePath, row.workingDirectory, row.root, row.cgroup, row.arguments].compactMap {
      $0?.count
    }
    #expect(text.reduce(row.name.count, +) <= ProcessRow.textLimit)
    #expect((row.arguments?.count ?? 0) > 500 && script.model.clippedRows == 1)
  }

  @Test(
    "where there are very many processes each keeps less text, and what is known of the others has not changed"
  )
  func crowd() throws {
    var script = Script(processLimit: 131_072)
    func path(_ last: String) -> [UInt8] { Array(("/" + String(repeating: "d/", count: 200) + last).utf8) }
    script.state(20, start: 1) {
      $0.append(.workingDirectory, path("first").span, limit: 2500)
      $0.append(.arguments, [UInt8](repeating: 97, count: 2900).span)
    }
    for pid in 1000..<34_000 as Range<Int32> { script.fork(1, pid) }
    let told = script.state(20, start: 1) { $0.append(.workingDirectory, path("first").span, limit: 2500) }
    #expect(told.isEmpty)
    #expect(script.model.table.row(20)?.workingDirectory == path("first"))
    let program = String(decoding: path("second"), as: UTF8.self)
    script.state(2000, start: script.model.table.row(2000)?.startTicks ?? 0, path: program) {
      for place in [Parameter.workingDirectory, .root, .cgroup] {
        $0.append(place, path("second").span, limit: 2500)
      }
      $0.append(.arguments, [UInt8](repeating: 97, count: 2000).span)
    }
    let row = try #require(script.model.table.row(2000))
    let text = [row.exePath, row.workingDirectory, row.root, row.cgroup, row.arguments].compactMap {
      $0?.count
    }
    #expect(text.count == 5)
    #expect(text.reduce(row.name.count, +) <= 1300)
    #expect(row.exePath?.suffix(7) == Array("/second".utf8)[...])
    #expect(script.model.clippedRows == 1)
    // As the sweep sees it when the others have gone.
    for pid in 3000..<34_000 as Range<Int32> {
      script.apply(.exited, pid) { $0.append(.exitStatus, UInt32(0)) }
    }
    let later = script.state(2000, start: row.startTicks, path: program) {
      $0.append(.workingDirectory, path("second").span, limit: 2500)
    }
    #expect(later.isEmpty)
    #expect((row.workingDirectory?.count ?? 0) <= 280)
  }

  @Test("the text of a full table of rows as large as can be takes no more than a quarter of a gigabyte")
  func fullTable() {
    let limit = Model.Settings(startStamp: 0, hostNamespaces: .unknown).processLimit
    let ordinary = TextAllowance.crowd * TextAllowance.ordinary.row
    // Paths, name and id of the container may take more than the row's share, and leave nothing to arguments then.
    let crowded =
      (limit - TextAllowance.crowd) * max(TextAllowance.crowded.row, 4 * TextAllowance.crowded.path + 128)
    #expect(ordinary + crowded < 256 << 20)
  }

  @Test("a record about a process that was never met makes a row, and one about a dead one does nothing")
  func unknown() {
    var script = Script()
    #expect(script.exec(77, "/bin/true").map(\.kind) == [.executed])
    #expect(script.apply(.exited, 78).isEmpty && script.model.lateRecords == 1)
  }

  @Test("details of a process that took the pid over after the exec are not the exec's")
  func foreignDetails() throws {
    var script = Script()
    script.fork(1, 20)
    let row = try #require(script.model.table.row(20))
    let events = script.apply(.executed, 20, start: script.ticks + 50) {
      $0.append(.exePath, Array("/bin/other".utf8).span)
    }
    #expect(events.map(\.kind) == [.executed] && events.first?.isIncomplete == true)
    #expect(events.first?.process === row && row.exePath == nil)
  }
}

@Suite struct ThreadedLifeTests {
  @Test("an exec by another thread than the first keeps the process, its creators and its container")
  func execByThread() throws {
    var script = Script()
    script.state(10, start: 1, path: "/usr/sbin/nginx")
    script.fork(10, 20)
    let row = try #require(script.model.table.row(20))
    script.apply(.exited, 20) { $0.append(.exitStatus, UInt32(0)) }
    let events = script.exec(20, "/bin/sh")
    #expect(events.map(\.kind) == [.executed] && events.first?.process === row)
    #expect(row.ancestors.map(\.pid) == [10] && !row.hasEnded && script.model.table.row(20) === row)
  }

  @Test("a process whose first thread has ended still is the creator of what its others fork")
  func forkByThread() throws {
    var script = Script()
    script.state(10, start: 1, path: "/usr/sbin/nginx")
    script.apply(.exited, 10)
    script.fork(10, 21)
    #expect(script.model.table.row(21)?.name == Array("nginx".utf8))
  }

  @Test("ids that an exec finds changed, though nobody told of it, are an event")
  func silentChange() throws {
    var script = Script()
    script.state(10, start: 1) {
      $0.append(.userIDs, [1000, 1000, 1000, 1000] as [UInt32])
      $0.append(.groupIDs, [1000, 1000, 1000, 1000] as [UInt32])
    }
    let events = script.exec(10, "/bin/sh") {
      $0.append(.userIDs, [0, 0, 0, 0] as [UInt32])
      $0.append(.groupIDs, [0, 0, 0, 0] as [UInt32])
    }
    #expect(events.map(\.kind) == [.groupChanged, .userChanged, .executed])
  }

  @Test("of a path that is too long the end is kept, which tells that the file was deleted")
  func longPath() throws {
    var script = Script()
    script.fork(1, 20)
    let path = "/opt/" + String(repeating: "d/", count: 500) + "x (deleted)"
    script.exec(20, path)
    let exe = try #require(script.model.table.row(20)?.exePath)
    #expect(exe.count == 640 && exe.suffix(11).elementsEqual(" x (deleted)".utf8.suffix(11)))
    #expect(script.model.clippedRows == 1)
  }
}
