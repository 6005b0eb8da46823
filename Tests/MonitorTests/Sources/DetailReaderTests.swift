import Events
import Host
import Testing

@testable import Monitor

@Suite struct DetailReaderTests {
  @Test(
    "of a process that is released while it is read nothing is stated that it does not have any more",
    arguments: [
      (28485 as Int32, [Parameter.name, .taskFlags]),
      (28489 as Int32, [Parameter.name, .parentPID, .processGroup, .session, .terminal, .taskFlags]),
    ])
  func released(pid: Int32, expected: [Parameter]) throws {
    let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
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
