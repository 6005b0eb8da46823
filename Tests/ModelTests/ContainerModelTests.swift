import Events
import Testing

@testable import Model

@Suite struct ContainerModelTests {
  private static let id = String(repeating: "a", count: 64)

  /// A container as runc starts it: its init in the host's place, then the container's program.
  private func start(_ script: inout Script) {
    script.state(10, start: 1, path: "/usr/bin/containerd-shim") { $0.namespaces { _ in } }
    script.fork(10, 20)
    script.exec(20, "/usr/bin/runc") { $0.namespaces { _ in } }
    script.exec(20, "/bin/app") {
      $0.namespaces {
        $0.mnt = 30
        $0.pid = 50
      }
      $0.claim(Self.id, vouched: true)
    }
  }

  @Test(
    "a claim that a runtime vouches for counts at the first exec after the runtime's init, without events before"
  )
  func vouched() throws {
    var script = Script()
    start(&script)
    let row = try #require(script.model.table.row(20))
    #expect(row.container?.id == Array(Self.id.utf8) && row.container?.type == .docker)
    #expect(script.model.reference(of: row.container)?.pid == 20 && !row.isContainerExec)
    #expect(script.model.isHost(.mnt, of: row) == false && script.model.isHost(.net, of: row) == true)
  }

  @Test(
    "a process in a container's cgroup with the host's mounts, of which nobody could read what it runs, is not yet the container's"
  )
  func unreadInit() throws {
    var script = Script()
    script.state(10, start: 1, path: "/usr/bin/containerd-shim") { $0.namespaces { _ in } }
    script.fork(10, 20)
    let events = script.apply(.executed, 20) {
      $0.insert(.incomplete)
      $0.append(.name, Array("exe".utf8).span)
      $0.namespaces { _ in }
      $0.claim(Self.id, vouched: true)
    }
    #expect(events.map(\.kind) == [.executed])
    #expect(script.model.table.row(20)?.container == nil)
    // The container's program, of which no more could be read than where it was before.
    let next = script.apply(.executed, 20) {
      $0.insert(.incomplete)
      $0.namespaces {
        $0.mnt = 30
        $0.pid = 50
      }
      $0.claim(Self.id, vouched: true)
    }
    #expect(next.map(\.kind) == [.containerStarted, .executed])
    #expect(script.model.sharesHost(.pid, script.model.table.row(20)?.container) == false)
  }

  @Test("a forged name in the host's namespaces stays a claim")
  func forged() throws {
    var script = Script()
    script.state(10, start: 1) {
      $0.namespaces { _ in }
      $0.claim(Self.id, vouched: false)
    }
    let row = try #require(script.model.table.row(10))
    #expect(row.container == nil && row.claim?.id == Array(Self.id.utf8))
  }

  @Test("a claim nobody vouches for counts when the mount or pid namespace is not the host's")
  func otherNamespace() throws {
    var script = Script()
    script.state(10, start: 1) {
      $0.namespaces { $0.pid = 99 }
      $0.claim("payload", .nspawn, vouched: false)
    }
    #expect(script.model.table.row(10)?.container?.id == Array("payload".utf8))
  }

  @Test("an id that a runtime knows elsewhere does not count, whatever the namespaces")
  func contradicted() throws {
    var script = Script()
    script.state(10, start: 1) {
      $0.namespaces { $0.pid = 99 }
      $0.append(.containerID, Array(Self.id.utf8).span)
      $0.append(.containerVouched, Container.Standing.forged.rawValue)
    }
    #expect(script.model.table.row(10)?.container == nil)
    #expect(script.model.table.row(10)?.claim?.standing == .forged)
  }

  @Test("a process put into a running container is a container exec; the container's own children are not")
  func containerExec() throws {
    var script = Script()
    start(&script)
    script.fork(10, 40)
    script.exec(40, "/usr/bin/runc") { $0.namespaces { _ in } }
    let events = script.exec(40, "/bin/sh") {
      $0.namespaces {
        $0.mnt = 30
        $0.pid = 50
      }
      $0.claim(Self.id, vouched: true)
    }
    #expect(events.map(\.kind) == [.executed])
    #expect(events.first?.process?.isContainerExec == true)
    script.fork(20, 41)
    let child = script.exec(41, "/bin/sh") { $0.claim(Self.id, vouched: true) }
    #expect(child.first?.process?.isContainerExec == false)
    #expect(child.first?.process?.container?.id == Array(Self.id.utf8))
  }

  @Test("a process of a container that goes to the host's namespaces is a namespace event")
  func escape() throws {
    var script = Script()
    start(&script)
    script.fork(20, 60)
    let events = script.exec(60, "/bin/sh") {
      $0.namespaces { _ in }
      $0.claim(Self.id, vouched: true)
    }
    #expect(events.map(\.kind) == [.namespacesChanged, .executed])
    guard case .namespaces(let before, let after) = try #require(events.first).change else {
      Issue.record("no namespaces")
      return
    }
    #expect(before.mnt == 30 && after.mnt == Script.hostNamespaces.mnt)
  }

  @Test("a container is forgotten with its last process")
  func forgotten() throws {
    var script = Script()
    start(&script)
    script.fork(20, 21)
    script.apply(.exited, 20)
    let child = try #require(script.model.table.row(21))
    #expect(script.model.reference(of: child.container) != nil)
    script.apply(.exited, 21)
    script.wait(11 * Script.second)
    script.listing(1, [])
    #expect(script.model.reference(of: child.container) == nil)
  }

  @Test("a container's first process that leaves its namespaces differs from what it was")
  func firstProcessEscapes() throws {
    var script = Script()
    start(&script)
    let events = script.exec(20, "/bin/sh") {
      $0.namespaces { _ in }
      $0.claim(Self.id, vouched: true)
    }
    #expect(events.map(\.kind) == [.namespacesChanged, .executed])
    let container = try #require(events.first?.container)
    #expect(script.model.reference(of: container)?.namespaces.mnt == 30)
  }

  @Test("leaving the cgroup as well does not hide that the namespaces were left")
  func leavesCgroup() throws {
    var script = Script()
    start(&script)
    script.fork(20, 60)
    let events = script.exec(60, "/bin/sh") {
      $0.namespaces { _ in }
      $0.append(.containerID, [UInt8]().span)
    }
    #expect(events.map(\.kind) == [.namespacesChanged, .executed])
    #expect(events.first?.container?.id == Array(Self.id.utf8) && events.last?.container == nil)
  }

  @Test("in a container a program called runc is a program like any other")
  func namedLikeRuntime() throws {
    var script = Script()
    start(&script)
    script.fork(10, 40)
    let events = script.exec(40, "/usr/bin/runc") {
      $0.namespaces {
        $0.mnt = 30
        $0.pid = 50
      }
      $0.claim(Self.id, vouched: true)
    }
    #expect(
      events.last?.container?.id == Array(Self.id.utf8) && events.last?.process?.isContainerExec == true)
  }

  @Test("a process whose cgroup could not be read is where its parent is")
  func inheritedPlace() throws {
    var script = Script()
    start(&script)
    let events = script.apply(.executed, 77) { $0.append(.parentPID, Int32(20)) }
    #expect(events.last?.container?.id == Array(Self.id.utf8))
  }
}
