import Events
import Testing

@testable import Model

@Suite struct ChangeTests {
  @Test("the connector's two ids give an event with before and after; the same ids give none")
  func users() throws {
    var script = Script()
    script.state(10, start: 1) { $0.append(.userIDs, [1000, 1000, 1000, 1000] as [UInt32]) }
    let events = script.apply(.userChanged, 10) { $0.append(.userIDs, [1000, 0] as [UInt32]) }
    guard case .users(let before?, let after) = try #require(events.first).change else {
      Issue.record("no ids before")
      return
    }
    #expect(before.effective == 1000)
    #expect(after == IDSet(real: 1000, effective: 0, saved: 1000, fileSystem: 0))
    #expect(script.apply(.userChanged, 10) { $0.append(.userIDs, [1000, 0] as [UInt32]) }.isEmpty)
  }

  @Test("a change of users that was read with the message about the groups is an event, told once")
  func both() throws {
    var script = Script()
    script.state(10, start: 1) {
      $0.append(.userIDs, [1000, 1000, 1000, 1000] as [UInt32])
      $0.append(.groupIDs, [1000, 1000, 1000, 1000] as [UInt32])
    }
    // Read when setuid(2) had followed setgid(2) already.
    let first = script.apply(.groupChanged, 10) {
      $0.append(.userIDs, [0, 0, 0, 0] as [UInt32])
      $0.append(.groupIDs, [0, 0, 0, 0] as [UInt32])
    }
    #expect(first.map(\.kind) == [.groupChanged, .userChanged])
    #expect(script.apply(.userChanged, 10) { $0.append(.userIDs, [0, 0] as [UInt32]) }.isEmpty)
  }

  @Test("ids that are read for the first time beside a message about others are no change")
  func firstRead() {
    var script = Script()
    script.state(10, start: 1)
    let events = script.apply(.groupChanged, 10) {
      $0.append(.userIDs, [0, 0, 0, 0] as [UInt32])
      $0.append(.groupIDs, [0, 0, 0, 0] as [UInt32])
    }
    #expect(events.map(\.kind) == [.groupChanged])
  }

  @Test("an attached tracer is an event of the traced process that names the tracer; letting go is none")
  func traced() throws {
    var script = Script()
    script.state(10, start: 1)
    script.state(11, start: 1, path: "/usr/bin/gdb")
    let events = script.apply(.traced, 10) { $0.append(.tracerPID, Int32(11)) }
    guard case .tracer(let pid, let row?, _) = try #require(events.first).change else {
      Issue.record("no tracer")
      return
    }
    #expect(pid == 11 && row.name == Array("gdb".utf8))
    #expect(script.apply(.traced, 10) { $0.append(.tracerPID, Int32(0)) }.isEmpty)
  }

  @Test("a new name is an event that holds the old one; a session of one's own has no terminal")
  func nameAndSession() throws {
    var script = Script()
    script.state(10, start: 1, path: "/bin/sh") { $0.append(.terminal, Int32(34816)) }
    let renamed = script.apply(.nameChanged, 10) { $0.append(.name, Array("kworker/0:1".utf8).span) }
    guard case .name(let before) = try #require(renamed.first).change else {
      Issue.record("no name")
      return
    }
    #expect(before == Array("sh".utf8))
    #expect(script.apply(.sessionChanged, 10).map(\.kind) == [.sessionChanged])
    #expect(script.model.table.row(10)?.session == 10 && script.model.table.row(10)?.terminal == 0)
  }

  @Test("a process that held a reader is an event")
  func tampering() {
    var script = Script()
    script.state(10, start: 1)
    #expect(script.apply(.tampering, 10).map(\.kind) == [.tampered])
  }
}
