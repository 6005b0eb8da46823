import CLinux
import Glibc
import System
import SystemPackage
import Testing

@testable import Host

@Suite struct ConnectorTests {
  /// A datagram as the kernel makes it.
  private func datagram(
    what: UInt32, cpu: UInt32 = 1, sequence: UInt32 = 7, words: [UInt32] = [], end: Int = Int(WH_CN_EVENT_END)
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(WH_CN_EVENT_END))
    func put(_ value: UInt64, _ count: Int, _ offset: Int) {
      for index in 0..<count { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }
    put(1, 4, Int(WH_CN_IDX))
    put(1, 4, Int(WH_CN_VAL))
    put(UInt64(sequence), 4, Int(WH_CN_SEQ))
    put(UInt64(what), 4, Int(WH_CN_EVENT_WHAT))
    put(UInt64(cpu), 4, Int(WH_CN_EVENT_CPU))
    put(99, 8, Int(WH_CN_EVENT_TIME))
    for (index, word) in words.enumerated() { put(UInt64(word), 4, Int(WH_CN_EVENT_DATA) + 4 * index) }
    return Array(bytes.prefix(end))
  }

  private func parse(_ bytes: [UInt8]) -> ConnectorMessage? { ConnectorMessage(parsing: bytes.span) }

  @Test(
    "every event of the kernel's is read",
    arguments: [
      (0x1, [10, 11, 20, 21], ConnectorMessage.Event.fork(parent: .init(pid: 10, tgid: 11)), 20),
      (0x2, [10, 11], .exec, 10),
      (0x4, [10, 11, 1000, 0], .uid(real: 1000, effective: 0), 10),
      (0x40, [10, 11, 5, 6], .gid(real: 5, effective: 6), 10),
      (0x80, [10, 11], .sid, 10),
      (0x100, [10, 11, 30, 31], .ptrace(tracer: .init(pid: 30, tgid: 31)), 10),
      (0x4000_0000, [10, 11], .coredump, 10),
      (0x8000_0000, [10, 11, 256, 17, 1, 1], .exit(status: 256, parent: .init(pid: 1, tgid: 1)), 10),
      (0x0800_0000, [10, 11], .unknown(0x0800_0000), 10),
    ] as [(UInt32, [UInt32], ConnectorMessage.Event, Int32)])
  func events(what: UInt32, words: [UInt32], event: ConnectorMessage.Event, pid: Int32) throws {
    let message = try #require(parse(datagram(what: what, words: words)))
    #expect(message.event == event && message.task.pid == pid)
    #expect(message.cpu == 1 && message.sequence == 7 && message.stampNanoseconds == 99)
  }

  @Test("a name of 15 bytes without an end, and one with any bytes, come whole")
  func names() throws {
    for name in [Array("a b)\n".utf8), [UInt8](repeating: 0xFF, count: 15), []] {
      var bytes = datagram(what: 0x200, words: [10, 10])
      for (index, byte) in name.enumerated() { bytes[Int(WH_CN_EVENT_DATA) + 8 + index] = byte }
      guard case .comm(let read) = try #require(parse(bytes)).event else {
        Issue.record("no name")
        return
      }
      #expect(read.bytes == name)
    }
  }

  @Test("a datagram that is not whole, or of another connector, is none", arguments: 0..<76)
  func torn(end: Int) {
    #expect(parse(datagram(what: 2, end: end)) == nil)
    var other = datagram(what: 2)
    other[Int(WH_CN_IDX)] = 2
    #expect(parse(other) == nil)
  }

  @Test("gaps are counted for each CPU, over the wrap too, and a counter that began anew is none")
  func sequence() throws {
    var tracker = SequenceTracker()
    func lost(_ cpu: UInt32, _ sequence: UInt32) throws -> UInt64 {
      tracker.lost(
        before: try #require(parse(datagram(what: 2, cpu: cpu, sequence: sequence))))
    }
    let steps: [(UInt32, UInt32, UInt64)] = [
      (0, 5, 0), (1, 100, 0), (0, 6, 0), (0, 9, 2), (1, 101, 0), (0, .max, 0), (0, .max, 0), (1, 200, 98),
    ]
    for (cpu, number, expected) in steps {
      let count = try lost(cpu, number)
      #expect(count == expected)
    }
    _ = try lost(2, .max - 1)
    let wrapped = try lost(2, 1)
    #expect(wrapped == 2)
  }

  @Test(
    "the kernel acknowledges, and tells of a child's exec and exit",
    .enabled(if: getuid() == 0, "the process connector is tested as root"))
  func live() throws {
    let connector = try ProcessConnector(receiveBufferBytes: 1 << 20)
    var child: Int32 = 0
    var argv: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("/bin/true"), nil]
    // SAFETY: argv is ended by nil and freed after the call.
    let result = unsafe posix_spawn(&child, "/bin/true", nil, nil, &argv, environ)
    unsafe free(argv[0])
    #expect(result == 0)
    var status: Int32 = 0
    // SAFETY: a local.
    _ = unsafe waitpid(child, &status, 0)
    var batch = ConnectorBatch()
    var events: [ConnectorMessage.Event] = []
    for _ in 0..<1000 {
      guard connector.receive(into: &batch) == .messages else {
        Clock.sleep(milliseconds: 2)
        continue
      }
      for message in batch.messages where message.task.tgid == child { events.append(message.event) }
      if case .exit = events.last { break }
    }
    #expect(events.contains(.exec))
    guard case .exit(let code, _) = events.last else {
      Issue.record("no exit")
      return
    }
    #expect(code == 0)
  }
}
