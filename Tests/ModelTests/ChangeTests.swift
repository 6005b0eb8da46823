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

  /// A set-uid program's new ids are told of before its exec.
  @Test(
    "a set-uid program is told of with its own name, file and arguments, and with none that are not its own")
  func setUserProgram() throws {
    for isRead in [true, false] {
      var script = Script()
      script.state(10, start: 1, path: "/bin/su") {
        $0.append(.userIDs, [1000, 1000, 1000, 1000] as [UInt32])
        $0.append(.arguments, Array("su\0-c\0/tmp/x/setid a\0".utf8).span)
        $0.append(.environment, Array("A=su's\0".utf8).span)
      }
      let told = script.apply(.userChanged, 10) {
        $0.append(.name, Array("setid".utf8).span)
        $0.append(.exePath, Array("/tmp/x/setid".utf8).span)
        if isRead { $0.append(.arguments, Array("setid\0a\0".utf8).span) }
        $0.append(.userIDs, [1000, 0] as [UInt32])
      }
      let row = try #require(script.model.table.row(10))
      #expect(told.map(\.kind) == [.userChanged])
      #expect(told.map(\.isIncomplete) == [!isRead])
      #expect(row.name == Array("setid".utf8) && row.exePath == Array("/tmp/x/setid".utf8))
      #expect(row.arguments == (isRead ? Array("setid\0a\0".utf8) : nil))
      #expect(row.details?.environment == nil)
      #expect(script.exec(10, "/tmp/x/setid").map(\.kind) == [.executed])
    }
  }

  @Test("a program that changes its user keeps the arguments of its exec, whatever it wrote over them")
  func overwrittenArguments() throws {
    var script = Script()
    script.state(10, start: 1, path: "/tmp/evil") {
      $0.append(.userIDs, [1000, 1000, 1000, 1000] as [UInt32])
      $0.append(.arguments, Array("evil\0--steal\0".utf8).span)
    }
    let told = script.apply(.userChanged, 10) {
      $0.append(.name, Array("evil".utf8).span)
      $0.append(.exePath, Array("/tmp/evil (deleted)".utf8).span)
      $0.append(.arguments, Array("sshd: user\0".utf8).span)
      $0.append(.userIDs, [0, 0] as [UInt32])
    }
    #expect(told.map(\.kind) == [.userChanged, .attributeChanged])
    #expect(told.allSatisfy { !$0.isIncomplete })
    #expect(script.model.table.row(10)?.arguments == Array("evil\0--steal\0".utf8))
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
