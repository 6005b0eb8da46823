import Events
import Testing

@testable import Model

/// Changes of what a process keeps, which have no kind of event of their own.
@Suite struct AttributeTests {
  private static func changes(_ events: [Event]) -> [String] {
    events.compactMap { event in
      guard case .attribute(let change) = event.change else { return nil }
      let texts = [change.before, change.after].map { String(decoding: $0, as: UTF8.self) }
      return "\(change.attribute.rawValue) \(texts[0]) \(texts[1])"
    }
  }

  @Test(
    "what a sweep finds changed is an event with before and after; what is the same, or was not known, is none",
    arguments: [
      (.supplementaryGroups, [4, 20], [4, 27], "groups 4,20 4,27"),
      (.seccompFilters, [1], [2], "seccomp_filters 1 2"),
      (.session, [7], [10], "session 7 10"), (.processGroup, [7], [10], "pgid 7 10"),
      (.loginUser, [0xFFFF_FFFF], [1000], "loginuid 4294967295 1000"),
      (.oomScore, [0], [UInt32(bitPattern: -500)], "oom_score_adj 0 -500"),
      (.tracerPID, [99], [0], "tracer 99 0"),
    ] as [(Parameter, [UInt32], [UInt32], String)])
  func numbers(parameter: Parameter, before: [UInt32], after: [UInt32], expected: String) {
    var script = Script()
    script.state(10, start: 1)
    #expect(Self.changes(script.state(10, start: 1) { $0.append(parameter, before) }).isEmpty)
    #expect(Self.changes(script.state(10, start: 1) { $0.append(parameter, before) }).isEmpty)
    let changed = script.state(10, start: 1) { $0.append(parameter, after) }
    #expect(Self.changes(changed) == [expected])
    #expect(changed.allSatisfy { $0.kind == .attributeChanged && $0.process?.pid == 10 })
  }

  @Test(
    "flags and paths too",
    arguments: [
      (.seccomp, [0], [2], "seccomp 0 2"), (.noNewPrivileges, [0], [1], "no_new_privs 0 1"),
      (.workingDirectory, Array("/".utf8), Array("/tmp".utf8), "cwd / /tmp"),
      (.root, Array("/".utf8), Array("/srv/jail".utf8), "root / /srv/jail"),
      (
        .securityLabel, Array("unconfined".utf8), Array("docker-default".utf8),
        "security_label unconfined docker-default"
      ),
    ] as [(Parameter, [UInt8], [UInt8], String)])
  func bytes(parameter: Parameter, before: [UInt8], after: [UInt8], expected: String) {
    var script = Script()
    script.state(10, start: 1) { $0.append(parameter, before.span) }
    #expect(Self.changes(script.state(10, start: 1) { $0.append(parameter, after.span) }) == [expected])
  }

  @Test("a program whose file is deleted while it runs is the same program")
  func deleted() {
    var script = Script()
    script.state(10, start: 1, path: "/bin/a")
    let events = script.state(10, start: 1, path: "/bin/a (deleted)")
    #expect(Self.changes(events) == ["exe /bin/a /bin/a (deleted)"])
  }

  @Test("an exec brings to light what was changed before it, but not what execs change")
  func exec() {
    var script = Script()
    script.fork(1, 20)
    script.exec(20, "/bin/sh") {
      $0.append(.noNewPrivileges, UInt8(0))
      $0.append(.supplementaryGroups, [4] as [UInt32])
      $0.append(.securityLabel, Array("a".utf8).span)
    }
    let events = script.exec(20, "/bin/service") {
      $0.append(.noNewPrivileges, UInt8(1))
      $0.append(.supplementaryGroups, [] as [UInt32])
      $0.append(.securityLabel, Array("b".utf8).span)
    }
    #expect(Self.changes(events) == ["no_new_privs 0 1", "groups 4 "])
    #expect(events.first?.kind == .executed)
  }

  @Test("a new name that a sweep finds is an event, unless the program is another too")
  func name() {
    var script = Script()
    script.state(10, start: 1, path: "/bin/sh")
    let renamed = script.state(10, start: 1, path: "/bin/sh") { $0.append(.name, Array("kworker".utf8).span) }
    #expect(renamed.map(\.kind) == [.nameChanged])
    #expect(script.state(10, start: 1, path: "/bin/cat").map(\.kind) == [.executed])
  }

  @Test("a worker of the kernel is called what it works on, which is no event")
  func kernelWorker() {
    var script = Script()
    script.state(10, start: 1) { $0.append(.taskFlags, UInt64(0x0420_8060)) }
    let events = script.state(10, start: 1) {
      $0.append(.taskFlags, UInt64(0x0420_8060))
      $0.append(.name, Array("kworker/u8:4+netns".utf8).span)
    }
    #expect(events.isEmpty)
    #expect(script.model.table.row(10)?.name == Array("kworker/u8:4+netns".utf8))
  }

  @Test("a new session says which it was before")
  func session() {
    var script = Script()
    script.state(10, start: 1) { $0.append(.session, Int32(5)) }
    let events = script.apply(.sessionChanged, 10)
    #expect(events.map(\.kind) == [.sessionChanged] && Self.changes(events) == ["session 5 10"])
  }

  @Test("a glance at a process that is known changes nothing: the whole reading follows")
  func glance() {
    var script = Script()
    script.state(10, start: 1) { $0.append(.processGroup, Int32(5)) }
    script.apply(.state, 10, from: .procfs, start: 1) { $0.append(.processGroup, Int32(6)) }
    #expect(Self.changes(script.state(10, start: 1) { $0.append(.processGroup, Int32(6)) }) == ["pgid 5 6"])
  }
}
