import Events
import Testing

@testable import Model

@Suite struct SweepTests {
  @Test(
    "a process older than the agent is first seen, not executed; a younger one that runs its own program executed"
  )
  func firstSight() {
    var script = Script()
    #expect(script.state(10, start: 1, path: "/sbin/init").map(\.kind) == [.firstSeen])
    let young = script.state(20, start: script.ticks, parent: 10, path: "/bin/sh")
    #expect(young.map(\.kind) == [.executed] && young.first?.source == .procfs)
    let forked = script.state(21, start: script.ticks, parent: 20, path: "/bin/sh")
    #expect(forked.map(\.kind) == [.forked])
  }

  @Test("the first pass alone raises nothing: it reads stat only")
  func firstPass() {
    var script = Script()
    let events = script.apply(.state, 10, from: .procfs, start: 1) {
      $0.append(.name, Array("init".utf8).span)
    }
    #expect(events.isEmpty && script.model.table.row(10) != nil)
    #expect(script.state(10, start: 1, path: "/sbin/init").map(\.kind) == [.firstSeen])
  }

  @Test("what was read before the connector's word does not undo it")
  func voidRead() throws {
    var script = Script()
    script.fork(1, 20)
    script.exec(20, "/bin/new")
    #expect(script.state(20, start: 0, path: "/bin/old", age: 5_000).isEmpty)
    #expect(script.model.table.row(20)?.exePath == Array("/bin/new".utf8))
    #expect(script.model.lateRecords == 1)
  }

  @Test("a sweep that finds another program tells of an exec")
  func missedExec() {
    var script = Script()
    script.state(10, start: 1, path: "/bin/a")
    let deleted = script.state(10, start: 1, path: "/bin/a (deleted)") {
      $0.append(.name, Array("a".utf8).span)
    }
    #expect(deleted.map(\.kind) == [.attributeChanged])
    #expect(script.state(10, start: 1, path: "/bin/b").map(\.kind) == [.executed])
  }

  @Test("changes of ids, capabilities, namespaces and tracer are events with before and after")
  func changes() throws {
    var script = Script()
    let capabilities: [UInt64] = [0, 1, 1, 3, 0]
    script.state(10, start: 1) {
      $0.append(.userIDs, [1, 1, 1, 1] as [UInt32])
      $0.append(.groupIDs, [2, 2, 2, 2] as [UInt32])
      $0.append(.capabilities, capabilities)
      $0.append(.tracerPID, Int32(0))
      $0.namespaces { _ in }
    }
    let users = script.state(10, start: 1) { $0.append(.userIDs, [0, 0, 0, 0] as [UInt32]) }
    guard case .users(let before?, let after) = try #require(users.first).change else {
      Issue.record("no ids before")
      return
    }
    #expect(before.effective == 1 && after.effective == 0)
    #expect(
      script.state(10, start: 1) { $0.append(.groupIDs, [0, 0, 0, 0] as [UInt32]) }.map(\.kind) == [
        .groupChanged
      ])
    #expect(
      script.state(10, start: 1) { $0.append(.capabilities, [0, 3, 3, 3, 0] as [UInt64]) }.map(\.kind)
        == [.capabilitiesChanged])
    #expect(script.state(10, start: 1) { $0.namespaces { $0.mnt = 99 } }.map(\.kind) == [.namespacesChanged])
    #expect(script.state(10, start: 1) { $0.append(.tracerPID, Int32(5)) }.map(\.kind) == [.traced])
    #expect(script.state(10, start: 1) { $0.append(.tracerPID, Int32(5)) }.isEmpty)
  }

  @Test("a row absent from two whole listings ends; one listing is not enough")
  func absence() {
    var script = Script()
    script.state(10, start: 1)
    script.state(11, start: 1)
    #expect(script.listing(1, [10, 11]).isEmpty)
    #expect(script.listing(2, [10]).isEmpty)
    #expect(script.listing(3, [10, 11]).isEmpty, "it was there again")
    #expect(script.listing(4, [10]).isEmpty)
    let gone = script.listing(5, [10])
    #expect(
      gone.map(\.kind) == [.exited] && gone.first?.process?.pid == 11 && gone.first?.isIncomplete == true)
  }

  @Test("a process made while a listing ran is not missed by it")
  func bornDuringListing() {
    var script = Script()
    for number in 1...3 as ClosedRange<Int32> {
      let began = script.stamp
      if number == 1 { script.fork(1, 30) }
      let events = script.apply(.listingEnded, number, from: .procfs, age: script.stamp + 1000 - began)
      #expect(events.isEmpty == (number < 3))
    }
  }
}
