import CLinux
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
    put(UInt64(WH_CN_EVENT_END), 4, Int(WH_NLMSG_LENGTH))
    put(UInt64(WH_NLMSG_DONE), 2, Int(WH_NLMSG_TYPE))
    put(UInt64(WH_CN_EVENT_END - WH_CN_EVENT_WHAT), 2, Int(WH_CN_LENGTH))
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

  @Test("a datagram may hold several messages")
  func several() {
    let first = datagram(what: 2, sequence: 1)
    let second = datagram(what: 2, sequence: 2)
    #expect(read(first + second) == Reading(sequences: [1, 2], isWhole: true))
    // A length that is no multiple of four is filled up to one.
    var odd = first + [0]
    odd[Int(WH_NLMSG_LENGTH)] += 1
    #expect(read(odd + [0, 0, 0] + second) == Reading(sequences: [1, 2], isWhole: true))
  }

  @Test("what is wrong in a datagram ends it, and is told")
  func wrong() {
    let good = datagram(what: 2, sequence: 1)
    func header(length: UInt8) -> [UInt8] { [length, 0, 0, 0, 3, 0] + [UInt8](repeating: 0, count: 10) }
    #expect(read([]) == Reading(sequences: [], isWhole: false))
    #expect(read(good + [1, 2, 3]) == Reading(sequences: [1], isWhole: false))
    #expect(read(good + header(length: 15)) == Reading(sequences: [1], isWhole: false))
    #expect(read(good + header(length: 16)) == Reading(sequences: [1], isWhole: false))
    #expect(read(good + header(length: 255)) == Reading(sequences: [1], isWhole: false))
    for (offset, value) in [(Int(WH_NLMSG_TYPE), 2 as UInt8), (Int(WH_CN_VAL), 2), (Int(WH_CN_LENGTH), 39)] {
      var other = good
      other[offset] = value
      #expect(read(other) == Reading(sequences: [], isWhole: false))
    }
  }

  @Test("spoilt input never traps")
  func fuzz() {
    let seeds = [
      datagram(what: 1, words: [1, 2, 3, 4]) + datagram(what: 0x200, words: [1, 2, 0x6161_6161]),
      datagram(what: 0x8000_0000, words: [1, 2, 3, 4, 5, 6]),
    ]
    Mutation.forEach(of: seeds, rounds: 20_000) { #expect(read($0).sequences.count <= $0.count / 76) }
  }

  private struct Reading: Equatable {
    var sequences: [UInt32]
    var isWhole: Bool
  }

  private func read(_ datagram: [UInt8]) -> Reading {
    var messages: [ConnectorMessage] = []
    let isWhole = ConnectorBatch.appendMessages(in: datagram.span, to: &messages)
    return Reading(sequences: messages.map(\.sequence), isWhole: isWhole)
  }

  @Test("each failure says what is missing")
  func failures() {
    for (failure, word) in [
      (.cannotOpen(.notPermitted), "CAP_NET_ADMIN"), (.refused(.notPermitted), "CAP_NET_ADMIN"),
      (.refused(.connectionRefused), "network namespace"), (.cannotOpen(.protocolNotSupported), "kernel"),
      (.notAcknowledged, "pid and user namespace"),
    ] as [(ConnectorFailure, String)] {
      #expect(HostError.connector(failure).description.contains(word))
    }
  }
}
