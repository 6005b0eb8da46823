import Events
import Host
import Model
import System
import Testing

@testable import Monitor

@Suite struct ContainerReaderTests {
  private static let id = String(repeating: "0123456789abcdef", count: 4)
  private let root: HostTree
  private let losses = LossCounters()

  init() throws { root = try HostTree() }

  /// What a reader states of a process with this `/proc/PID/cgroup`.
  private func state(_ cgroup: String, by reader: inout ContainerReader) -> StatedRecord {
    var record = RecordWriter()
    record.begin(.state, from: .procfs, stamp: 1, pid: 7)
    _ = reader.append(cgroup: Array(cgroup.utf8).span, to: &record)
    return StatedRecord(record)
  }

  private func state(_ cgroup: String) -> StatedRecord {
    var reader = ContainerReader(root: root.host, losses: losses)
    return state(cgroup, by: &reader)
  }

  /// Has a runtime vouch for the container in this cgroup.
  private func vouch(
    for cgroup: String, in file: String = "run/docker/runtime-runc/moby/\(id)/state.json"
  ) throws {
    try root.write(
      #"{"id":"x","init_process_pid":42,"init_process_start":47,"cgroup_paths":{"":"/sys/fs/cgroup\#(cgroup)"}}"#,
      to: file)
  }

  @Test(
    "a process of the host claims no container, which is stated too",
    arguments: ["/", "/user.slice/a.service"])
  func host(path: String) {
    let stated = state("0::\(path)\n")
    #expect(stated.text(.cgroup) == path)
    #expect(stated.text(.containerID) == "")
    #expect(stated.parameters[.containerType] == nil)
    #expect(losses.sum == 0)
  }

  @Test("a claim is stated with its standing: what a runtime's file says of it")
  func standing() throws {
    let cgroup = "/system.slice/docker-\(Self.id).scope"
    func standing(_ path: String) -> [UInt8]? {
      let stated = state("0::\(path)\n")
      #expect(stated.text(.containerID) == Self.id)
      #expect(stated.parameters[.containerType] == [ContainerType.docker.rawValue])
      return stated.parameters[.containerVouched]
    }
    #expect(standing(cgroup) == [Container.Standing.unvouched.rawValue])
    try vouch(for: cgroup)
    #expect(standing(cgroup) == [Container.Standing.vouched.rawValue])
    let elsewhere = "/user.slice/user-1000.slice/docker-\(Self.id).scope"
    #expect(standing(elsewhere) == [Container.Standing.forged.rawValue])
  }

  @Test("what the files said is remembered, and that they said nothing only for a moment")
  func memory() throws {
    let cgroup = "0::/system.slice/docker-\(Self.id).scope\n"
    var reader = ContainerReader(root: root.host, losses: losses)
    let began = Clock.monotonicNanoseconds
    #expect(state(cgroup, by: &reader).parameters[.containerVouched] == [0])
    // The file appears after the cgroup: runc writes it when the container is complete.
    try vouch(for: "/system.slice/docker-\(Self.id).scope")
    let again = state(cgroup, by: &reader).parameters[.containerVouched]
    #expect(again == [0] || Clock.monotonicNanoseconds - began > 500_000_000, "asked a moment ago")
    Clock.sleep(milliseconds: 600)
    #expect(state(cgroup, by: &reader).parameters[.containerVouched] == [1])
    try root.write("{}", to: "run/docker/runtime-runc/moby/\(Self.id)/state.json")
    #expect(state(cgroup, by: &reader).parameters[.containerVouched] == [1], "a word holds for seconds")
  }

  @Test("of nested claims the innermost that is vouched for counts, else the innermost")
  func nested() throws {
    let inner = String(Self.id.reversed())
    let path = "/docker/\(Self.id)/docker/\(inner)"
    #expect(state("0::\(path)\n").text(.containerID) == inner)
    try vouch(for: "/docker/\(Self.id)")
    let stated = state("0::\(path)\n")
    #expect(stated.text(.containerID) == Self.id)
    #expect(stated.parameters[.containerVouched] == [1])
  }

  @Test("a place without a runtime's name is a container only where a file says so")
  func anyPlace() throws {
    let path = "/custom/web"
    #expect(state("0::\(path)\n").text(.containerID) == "")
    // A client of containerd may choose namespace and name.
    try vouch(for: path, in: "run/containerd/runc/custom/web/state.json")
    #expect(state("0::\(path)\n").text(.containerID) == "web")
  }

  @Test("what is no cgroup file is counted, and the record is incomplete", arguments: ["", "x", "1:cpu\n"])
  func nonsense(text: String) {
    let stated = state(text)
    #expect(stated.parameters.isEmpty)
    #expect(stated.isIncomplete)
    #expect(losses.all == [.init(reason: .unreadable, kind: nil): 1])
  }

  @Test("memory is bounded: any number of places can be asked for")
  func bounded() {
    var reader = ContainerReader(root: root.host, losses: losses)
    for number in 0..<3000 {
      let id = String(repeating: "0", count: 60) + String(number, radix: 16).leftPadded(to: 4)
      #expect(state("0::/docker/\(id)\n", by: &reader).text(.containerID) == id)
    }
  }
}

extension String {
  func leftPadded(to count: Int) -> String {
    String(repeating: "0", count: max(0, count - self.count)) + self
  }
}
