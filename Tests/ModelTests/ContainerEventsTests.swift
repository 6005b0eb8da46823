import Events
import Testing

@testable import Model

@Suite struct ContainerEventsTests {
  private static let id = String(repeating: "a", count: 64)

  private func enter(
    _ writer: inout RecordWriter, _ id: String = Self.id, user: UInt64 = 7, effective: UInt64 = 0
  ) {
    writer.namespaces {
      $0.mnt = 30
      $0.pid = 50
      $0.user = user
    }
    writer.append(.capabilities, [0, effective, effective, effective, 0] as [UInt64])
    writer.claim(id, vouched: true)
  }

  /// A container as runc starts it, with the events of the exec of its first program.
  private func start(_ script: inout Script, _ pid: Int32 = 20, _ fill: (inout RecordWriter) -> Void)
    -> [Event]
  {
    script.fork(1, pid)
    script.exec(pid, "/usr/bin/runc") { $0.namespaces { _ in } }
    return script.exec(pid, "/bin/app") { fill(&$0) }
  }

  private func answer(_ id: String = Self.id, _ fill: (inout ContainerMetadata.Details) -> Void)
    -> ContainerAnswer
  {
    var details = ContainerMetadata.Details()
    fill(&details)
    return ContainerAnswer(id: Array(id.utf8), metadata: ContainerMetadata(bounding: details), type: .docker)
  }

  @Test("a container starts with its first program, before that is told, and stops with its last process")
  func life() throws {
    var script = Script()
    script.state(1, start: 1, path: "/sbin/init")
    script.listing(1, [1])
    script.wait(3 * Script.second)
    let events = start(&script) { enter(&$0) }
    #expect(events.map(\.kind) == [.containerStarted, .executed])
    #expect(events[0].process?.pid == 20 && events[0].container?.id == Array(Self.id.utf8))
    script.fork(20, 21)
    #expect(script.apply(.exited, 20) { $0.append(.exitStatus, UInt32(0)) }.map(\.kind) == [.exited])
    let last = script.apply(.exited, 21) { $0.append(.exitStatus, UInt32(0)) }
    #expect(last.map(\.kind) == [.exited, .containerStopped])
    #expect(last[1].process?.pid == 20 && last[1].container?.id == Array(Self.id.utf8))
    #expect(script.model.reference(of: last[1].container)?.pid == 20, "for events of its end")
    #expect(start(&script, 30) { enter(&$0) }.map(\.kind) == [.containerStarted, .executed], "once more")
  }

  @Test(
    "a container that is older than the agent is seen, also when something is put into it before the first listing"
  )
  func older() {
    var script = Script()
    let seen = script.state(20, start: 1, path: "/bin/app") { enter(&$0) }
    #expect(seen.map(\.kind) == [.containerSeen, .firstSeen])
    var other = Script()
    #expect(other.model.settings.startStamp < other.stamp)
    other = Script(startStamp: other.stamp)
    #expect(start(&other) { enter(&$0) }.map(\.kind) == [.containerSeen, .executed])
    // Without a sweep nobody waits for its listing for ever.
    other.wait(3 * Script.second)
    let later = other.exec(40, "/bin/b") { enter(&$0, String(repeating: "b", count: 64)) }
    #expect(later.map(\.kind) == [.containerStarted, .executed])
  }

  @Test("what a runtime tells is kept for a while after the container's end, then forgotten")
  func retention() {
    var script = Script()
    _ = start(&script) { enter(&$0) }
    let container = script.model.table.row(20)?.container
    script.learn(answer { $0.name = Array("web".utf8) })
    #expect(script.model.metadata(of: container)?.details.name == Array("web".utf8))
    script.apply(.exited, 20)
    #expect(script.model.metadata(of: container) != nil)
    script.wait(11 * Script.second)
    script.listing(1, [1])
    #expect(script.model.metadata(of: container) == nil)
    #expect(!script.model.isAnswered(Array(Self.id.utf8)))
  }

  @Test("any number of answers is bounded")
  func bounded() {
    var script = Script()
    for number in 0..<5000 { script.learn(answer("c\(number)") { $0.isSandbox = true }) }
    #expect(!script.model.isAnswered(Array("c0".utf8)) && script.model.isAnswered(Array("c4999".utf8)))
  }

  @Test(
    "a container is privileged as its runtime was told, else when its first process has all that the host has",
    arguments: [
      (nil, UInt64.max, 7, true), (nil, (1 << 38) - 1, 7, true), (nil, 0xa804_25fb, 7, false),
      (nil, UInt64.max, 99, false),
      (false, UInt64.max, 7, false), (true, 0, 7, true), (nil, UInt64.max, 0, nil), (nil, 1 << 37, 99, false),
    ] as [(Bool?, UInt64, UInt64, Bool?)])
  func privileged(told: Bool?, effective: UInt64, user: UInt64, expected: Bool?) {
    var script = Script()
    _ = start(&script) { enter(&$0, user: user, effective: effective) }
    if let told { script.learn(answer { $0.isPrivileged = told }) }
    // 0 is a link that was not read; the runtime's init had the host's.
    let container = script.model.table.row(20)?.container
    #expect(script.model.isPrivileged(container) == (user == 0 && told == nil ? true : expected))
    #expect(script.model.isPrivileged(nil) == nil)
  }

  @Test("what a host cannot give nobody needs to have")
  func hostCapabilities() {
    var script = Script(hostCapabilities: ~(1 << 24))
    _ = start(&script) { enter(&$0, effective: ~(1 << 24)) }
    #expect(script.model.isPrivileged(script.model.table.row(20)?.container) == true)
  }

  @Test("the namespaces that a pod shares are those of its sandbox, the others the container's own")
  func pod() throws {
    var script = Script()
    let sandbox = String(repeating: "5", count: 64)
    _ = start(&script, 19) { writer in
      enter(&writer, sandbox)
      writer.namespaces {
        $0.pid = 60
        $0.mnt = 61
        $0.net = 44
      }
    }
    _ = start(&script) { enter(&$0) }
    let container = script.model.table.row(20)?.container
    #expect(script.model.sharesHost(.net, container) == true)
    script.learn(answer { $0.sandboxID = Array(sandbox.utf8) })
    let reference = try #require(script.model.reference(of: container))
    #expect(reference.pid == 20 && reference.namespaces[.net] == 44 && reference.namespaces[.mnt] == 30)
    #expect(script.model.sharesHost(.net, container) == false)
    #expect(script.model.sharesHost(.pid, container) == false)
  }

  @Test("metadata is bounded in all, and what was given of the host is kept before labels")
  func metadataLimit() {
    var details = ContainerMetadata.Details()
    details.name = [UInt8](repeating: 1, count: 100_000)
    details.labels = (0..<3000).map {
      .init(key: Array("k\($0)".utf8), value: [UInt8](repeating: 2, count: 50))
    }
    details.mounts = (0..<100).map {
      .init(source: Array("/s\($0)".utf8), destination: [UInt8](repeating: 3, count: 50))
    }
    let metadata = ContainerMetadata(bounding: details)
    #expect(metadata.isClipped)
    #expect(metadata.details.name?.count == 4096)
    #expect(metadata.details.mounts.count == 100)
    let bytes =
      4096 + metadata.details.labels.reduce(0) { $0 + $1.key.count + $1.value.count }
      + metadata.details.mounts.reduce(0) { $0 + $1.source.count + $1.destination.count }
    #expect(bytes <= ContainerMetadata.byteLimit && !metadata.details.labels.isEmpty)
  }

  @Test("a snapshot of a row has everything of the row, and stays as it was")
  func snapshot() throws {
    var script = Script()
    script.state(10, start: 1) { enter(&$0) }
    script.fork(10, 20)
    script.exec(20, "/bin/app") {
      enter(&$0)
      $0.append(.workingDirectory, Array("/srv".utf8).span)
      $0.append(.root, Array("/".utf8).span)
      $0.append(.cgroup, Array("/docker/x".utf8).span)
      $0.append(.userIDs, [1, 2, 3, 4] as [UInt32])
      $0.append(.groupIDs, [1, 2, 3, 4] as [UInt32])
      $0.append(.loginUser, UInt32(5))
      $0.append(.seccomp, UInt8(2))
      $0.append(.noNewPrivileges, UInt8(1))
      $0.append(.tracerPID, Int32(9))
      $0.append(.virtualPID, Int32(1))
      $0.append(.terminal, Int32(8))
    }
    let row = try #require(script.model.table.row(20))
    func texts(_ row: ProcessRow) -> [String] {
      // Of creators it is enough that they are the same.
      Mirror(reflecting: row).children.map { child in
        child.label == "ancestors" ? "\(row.ancestors.map(\.pid))" : "\(child.label ?? ""): \(child.value)"
      }
    }
    let copy = row.snapshot(ancestors: row.ancestors)
    #expect(texts(copy) == texts(row))
    script.exec(20, "/bin/other")
    #expect(copy.exePath == Array("/bin/app".utf8) && row.exePath == Array("/bin/other".utf8))
  }
}
