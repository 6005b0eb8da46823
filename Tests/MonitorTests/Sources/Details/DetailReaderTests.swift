import Events
import Host
import Testing

@testable import Monitor

@Suite struct DetailReaderTests {
  /// What is stated of the place of a process in the root of version 1.
  private func statedPlace(isZombie: Bool, needs: Needs) throws -> StatedRecord {
    let tree = try HostTree()
    let flags = isZombie ? "4194564" : "4194560"
    try tree.write(
      "7 (true) \(isZombie ? "Z" : "S") 1 7 7 0 -1 \(flags) 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0\n",
      to: "proc/7/stat")
    // As the kernel writes it, without the lines about memory when there is none.
    let tests = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    var buffer = ReadBuffer()
    let outcome = HostRoot("/\(tests)/Fixtures/docker-default")
      .read("/proc/17551/status", limit: 16 << 10, into: &buffer)
    #expect(outcome == .complete)
    let status = buffer.withBytes { bytes in
      String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self).split(separator: "\n")
    }
    try tree.write(
      status.filter { !isZombie || !$0.hasPrefix("Vm") }.map { $0 + "\n" }.joined(), to: "proc/7/status")
    try tree.write("2:pids:/\n1:name=systemd:/\n0::/\n", to: "proc/7/cgroup")
    var reader = DetailReader(root: tree.host, needs: needs, stuck: StuckProcesses(), losses: LossCounters())
    var record = RecordWriter()
    record.begin(.executed, from: .connector, stamp: 1, pid: 7)
    reader.select(7)
    _ = reader.appendStat(to: &record)
    let isThere = reader.appendPlace(to: &record) && reader.appendCredentials(to: &record)
    #expect(isThere)
    #expect(reader.lacksPlace == isZombie)
    return StatedRecord(record)
  }

  @Test(
    "the root of version 1 is the place of a process that runs, and nobody's knowledge of one that ends",
    arguments: [Needs.cgroup, [.cgroup, .users]])
  func rootOfVersion1(needs: Needs) throws {
    let running = try statedPlace(isZombie: false, needs: needs)
    #expect(running.text(.cgroup) == "/")
    #expect(running.text(.containerID) == "")
    let ending = try statedPlace(isZombie: true, needs: needs)
    #expect(ending.text(.cgroup) == nil)
    #expect(ending.text(.containerID) == nil)
  }

  @Test(
    "of a process that is released while it is read nothing is stated that it does not have any more",
    arguments: [
      (28485 as Int32, [Parameter.name, .taskFlags]),
      (28489 as Int32, [Parameter.name, .parentPID, .processGroup, .session, .terminal, .taskFlags]),
    ])
  func released(pid: Int32, expected: [Parameter]) throws {
    let tests = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    var reader = DetailReader(
      root: HostRoot("/\(tests)/Fixtures/released-while-read"), needs: [], stuck: StuckProcesses(),
      losses: LossCounters())
    var record = RecordWriter()
    record.begin(.executed, from: .connector, stamp: 1, pid: pid)
    reader.select(pid)
    let stat = reader.appendStat(to: &record)
    #expect(stat?.pid == pid)

    let ring = Ring(capacityBytes: 64 << 10)
    let isPushed = ring.push(record)
    #expect(isPushed)
    var stated: [Parameter] = []
    _ = ring.drain { view in
      view.forEachParameter { parameter, _ in stated.append(parameter) }
      return true
    }
    #expect(stated == expected)
  }
}
