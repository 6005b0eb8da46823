import Events
import Glibc
import Host
import Synchronization
import System
import Testing

@testable import Monitor

@Suite struct ConnectorReaderTests {
  private struct NoMessage: Error {}

  /// The kernel's message about the exec of a process.
  private func exec(of pid: Int32, from connector: ProcessConnector) throws -> ConnectorMessage {
    var batch = ConnectorBatch()
    let deadline = Clock.monotonicNanoseconds + 60_000_000_000
    while Clock.monotonicNanoseconds < deadline {
      guard connector.receive(into: &batch) == .messages else {
        Clock.sleep(milliseconds: 2)
        continue
      }
      let message = batch.messages.first { $0.event == .exec && $0.task.tgid == pid }
      if let message { return message }
    }
    throw NoMessage()
  }

  @Test(
    "an exec whose successor was queued already is told of as incomplete and counted, any other is neither",
    .enabled(if: getuid() == 0, "the process connector is tested as root"))
  func superseded() throws {
    let connector = try ProcessConnector(receiveBufferBytes: 64 << 20)
    let child = try Child(["/bin/sleep", "600"])
    defer { child.end() }
    let message = try exec(of: child.pid, from: connector)
    let surroundings = try Surroundings()
    let feed = RecordFeed(source: .connector, capacityBytes: 64 << 10, bell: surroundings.bell)
    let isDone = Mutex<Bool>.Box(false)
    // So long nobody replaces it; the other thread only stands ready.
    let relay = try ReaderRelay(name: "wh-test", threadCount: 2, deadlineNanoseconds: 600_000_000_000) {
      lease in
      var reader = ConnectorReader(
        root: .live, needs: [.arguments, .exe], scope: .unlimited, feed: feed, surroundings: surroundings,
        counters: ConnectorCounters())
      for isSuperseded in [false, true] {
        _ = reader.handle(message, lease, isSuperseded: { isSuperseded })
      }
      isDone.value.withLock { $0 = true }
      while lease.isCurrent {
        lease.rest()
        Clock.sleep(milliseconds: 1)
      }
    }
    try relay.start()
    for _ in 0..<60_000 where isDone.value.withLock({ !$0 }) { Clock.sleep(milliseconds: 1) }
    relay.stop(milliseconds: 20_000)

    var (areIncomplete, arguments): ([Bool], [[UInt8]]) = ([], [])
    _ = feed.ring.drain { record in
      guard record.kind == .executed else { return true }
      areIncomplete.append(record.flags.contains(.incomplete))
      record.forEachParameter { parameter, value in
        if parameter == .arguments { arguments.append(value.indices.map { value[$0] }) }
      }
      return true
    }
    #expect(areIncomplete == [false, true])
    #expect(Set(arguments) == [Array("/bin/sleep\0600\0".utf8)])
    #expect(feed.losses.all == [.init(reason: .superseded, kind: .executed): 1])
  }
}
