import Events
import Host
import Model
import Synchronization
import System
import Testing

@testable import Monitor

@Suite struct ContainerSourceTests {
  private static let id = String(repeating: "0123456789abcdef", count: 4)
  private let tree: HostTree
  private let surroundings: Surroundings

  init() throws {
    tree = try HostTree()
    surroundings = try Surroundings()
  }

  private func start() throws -> ContainerSource {
    var setting = SourceSetting(root: tree.host, needs: .containerMetadata, surroundings: surroundings)
    #expect(throws: SourceError.self) { try ContainerSource(setting) }
    setting.others = [.procfs]
    let source = try ContainerSource(setting)
    try source.start()
    return source
  }

  private func write(_ name: String, id: String = Self.id, at root: String = "var/lib/docker") throws {
    try tree.write(
      #"{"Config":{"Image":"r.example/web@sha256:ab"},"Name":"/\#(name)","MountPoints":{}}"#,
      to: "\(root)/containers/\(id)/config.v2.json")
  }

  private func vouch(at directory: String = "run/docker/runtime-runc/moby", id: String = Self.id) throws {
    try tree.write(
      #"{"init_process_pid":42,"init_process_start":47,"cgroup_paths":{"":"/sys/fs/cgroup/docker/\#(id)"},"config":{}}"#,
      to: "\(directory)/\(id)/state.json")
  }

  private func ask(_ id: String = Self.id, mustAnswer: Bool = true) {
    surroundings.containerRequests.request(
      ContainerRequest(id: Array(id.utf8), cgroup: Array("/docker/\(id)".utf8), mustAnswer: mustAnswer))
  }

  private func nextAnswer(_ source: ContainerSource) -> ContainerAnswer? {
    for _ in 0..<60_000 {
      let answers = surroundings.mail.containers.withLock { answers in
        defer { answers = [] }
        return answers
      }
      if let answer = answers.first {
        var boxes: [Mailbox?] = []
        for _ in 0..<60_000 where boxes.isEmpty {
          _ = source.feed.ring.drain { record in
            boxes.append(record.mailbox)
            #expect(record.stamp == 0, "an answer does not settle")
            return true
          }
          if boxes.isEmpty { Clock.sleep(milliseconds: 1) }
        }
        #expect(boxes == [.containers])
        return answer
      }
      Clock.sleep(milliseconds: 1)
    }
    return nil
  }

  @Test("a container that is asked for is answered with what its runtime's files tell")
  func answers() throws {
    try vouch()
    try write("web")
    let source = try start()
    defer { source.stop(milliseconds: 1000) }
    ask()
    let answer = try #require(nextAnswer(source))
    #expect(answer.id == Array(Self.id.utf8) && answer.type == .docker)
    let details = try #require(answer.metadata?.details)
    #expect(details.name == Array("web".utf8) && details.repository == Array("r.example/web".utf8))
    #expect(details.digest == Array("sha256:ab".utf8) && details.tag == nil)
  }

  @Test("files that appear a moment later are found; what nobody knows is answered too")
  func late() throws {
    let source = try start()
    defer { source.stop(milliseconds: 1000) }
    // Once more for another where this thread stood still for longer than the source waits.
    let isFound = try (0..<20).contains { number in
      let id = String(number, radix: 16).leftPadded(to: 64)
      ask(id)
      Clock.sleep(milliseconds: 30)
      try write("web", id: id)
      try vouch(id: id)
      return try #require(nextAnswer(source)).metadata?.details.name == Array("web".utf8)
    }
    #expect(isFound)
    let other = String(Self.id.reversed())
    ask(other)
    let nothing = try #require(nextAnswer(source))
    #expect(nothing.id == Array(other.utf8) && nothing.metadata == nil && nothing.type == nil)
  }

  @Test("a shim's arguments lead to a daemon's own directories, which the readers of cgroups learn too")
  func hints() throws {
    try write("elsewhere", at: "srv/data")
    try tree.write(
      """
      {"init_process_pid":42,"init_process_start":47,"cgroup_paths":{"":"/sys/fs/cgroup/docker/\(Self.id)"},
       "config":{"rootfs":"/srv/data/overlay2/0/merged"}}
      """, to: "srv/exec/runtime-runc/moby/\(Self.id)/state.json")
    let source = try start()
    defer { source.stop(milliseconds: 1000) }
    let arguments =
      "/usr/bin/containerd-shim-runc-v2\0-namespace\0moby\0-id\0x\0-address\0/srv/exec/containerd/containerd.sock\0"
    surroundings.containerRequests.note(RuntimeProcess(pid: 7, arguments: Array(arguments.utf8)))
    ask()
    #expect(try #require(nextAnswer(source)).metadata?.details.name == Array("elsewhere".utf8))

    var reader = ContainerReader(root: tree.host, losses: LossCounters())
    reader.report(to: surroundings.containerRequests)
    var record = RecordWriter()
    record.begin(.state, from: .procfs, stamp: 1, pid: 7)
    let standing = reader.append(cgroup: Array("0::/docker/\(Self.id)\n".utf8).span, to: &record)
    #expect(standing == .vouched)
  }

  @Test("a reader of cgroups asks for every container that it meets, and once for each")
  func met() throws {
    let requests = surroundings.containerRequests
    requests.beginService(losses: LossCounters())
    var reader = ContainerReader(root: tree.host, losses: LossCounters())
    reader.report(to: requests)
    for cgroup in ["0::/docker/\(Self.id)\n", "0::/docker/\(Self.id)\n", "0::/user.slice\n"] {
      var record = RecordWriter()
      record.begin(.state, from: .procfs, stamp: 1, pid: 7)
      _ = reader.append(cgroup: Array(cgroup.utf8).span, to: &record)
    }
    #expect(
      requests.take().requests == [
        ContainerRequest(id: Array(Self.id.utf8), cgroup: Array("/docker/\(Self.id)".utf8), mustAnswer: false)
      ])
  }

  @Test("requests are bounded, each that is dropped is counted, and none kept when no rule wants an answer")
  func bounded() {
    let requests = surroundings.containerRequests
    let losses = LossCounters()
    ask()
    #expect(requests.take().requests.isEmpty)
    requests.beginService(losses: losses)
    for number in 0..<ContainerRequests.limit { ask("\(number)") }
    // Asked already: nothing that is lost.
    ask("7")
    #expect(losses.all.isEmpty)
    for number in 0..<1000 { ask("more \(number)") }
    #expect(losses.all == [.init(reason: .requestDropped, kind: nil): 1000])
    #expect(requests.take().requests.count == ContainerRequests.limit)
    ask()
    #expect(requests.take().requests.count == 1, "there is room again")
    #expect(losses.sum == 1000)
  }

  @Test("arguments of runtimes are bounded too, and each that is dropped is counted")
  func boundedProcesses() {
    let requests = surroundings.containerRequests
    let losses = LossCounters()
    requests.beginService(losses: losses)
    for pid in 1...300 as ClosedRange<Int32> { requests.note(RuntimeProcess(pid: pid, arguments: [])) }
    #expect(UInt64(requests.take().processes.count) + losses.sum == 300)
    #expect(losses.all[.init(reason: .requestDropped, kind: nil)] == losses.sum && losses.sum > 0)
  }

  @Test("a request that is dropped is a loss of the source that would have answered")
  func ownLoss() throws {
    let source = try start()
    source.stop(milliseconds: 1000)
    for number in 0..<(ContainerRequests.limit + 5) { ask("\(number)") }
    #expect(source.feed.losses.all == [.init(reason: .requestDropped, kind: nil): 5])
  }
}
