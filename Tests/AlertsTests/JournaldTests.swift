import Events
import Glibc
import SystemPackage
import Testing

@testable import Alerts

@Suite struct JournaldTests {
  @Test("an entry has journald's own fields, and the alert's by name") func fields() throws {
    let format = JournaldFormat(facility: .local3, identity: "kestrel")
    let entry = try #require(ParsedEntry(format.bytes(Sample.program)))
    #expect(entry["MESSAGE"]?.hasPrefix("Program that is not in the image | command=miner") == true)
    #expect(
      entry["PRIORITY"] == "3" && entry["SYSLOG_FACILITY"] == "19" && entry["SYSLOG_IDENTIFIER"] == "kestrel")
    #expect(entry["MESSAGE_ID"] == JournaldFormat.messageID && JournaldFormat.messageID.utf8.count == 32)
    #expect(entry["WINDHOVER_RULE"] == Sample.program.rule.name && entry["WINDHOVER_SEQUENCE"] == "7")
    #expect(entry["WINDHOVER_TIME"] == "2023-11-14T22:13:20.123456789Z")
    #expect(entry["WINDHOVER_PROC_PID"] == "4242" && entry["WINDHOVER_PROC_ANAME_2"] == "nginx")
    #expect(entry.values("WINDHOVER_PROC_ARGV") == ["/tmp/.x/miner", "--pool=a=b|c"])
    #expect(entry.values("WINDHOVER_TAG") == Sample.program.rule.tags)
    #expect(entry["WINDHOVER_TRUNCATED"] == nil)
  }

  @Test("an entry without line feeds is text") func golden() throws {
    let bytes = JournaldFormat().bytes(Sample.program)
    try expectGolden(String(decoding: bytes, as: UTF8.self), "alert.journald", in: "Alerts")
  }

  @Test("the bytes of every field arrive as they were", arguments: hostileValues)
  func hostile(bytes: [UInt8]) throws {
    let alert = Sample.alert(with: bytes, inEachOf: mappedFields)
    let entry = try #require(ParsedEntry(JournaldFormat().bytes(alert)))
    for name in ["WINDHOVER_PROC_CMDLINE", "WINDHOVER_PROC_PID", "WINDHOVER_CONTAINER_ID"] {
      #expect(entry.fields.filter { $0.name == name }.map(\.value) == [bytes], "\(name)")
    }
    #expect(entry["MESSAGE"]?.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } == true)
    for (name, _) in entry.fields {
      #expect(
        name.utf8.count <= 64 && name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x5A).contains($0) }, "\(name)")
    }
  }

  @Test("no entry is larger than the limit, and a smaller one is marked", arguments: [2048, 8192, 60_000])
  func limits(limit: Int) throws {
    let long = Sample.hostile + [UInt8](repeating: UInt8(ascii: "\n"), count: 64 << 10)
    var bytes: [UInt8] = []
    let alert = Sample.alert(with: long, inEachOf: mappedFields)
    #expect(JournaldFormat().encode(Sample.entry(alert), limit: limit, into: &bytes))
    #expect(bytes.count <= limit)
    let entry = try #require(ParsedEntry(bytes))
    #expect(
      entry["WINDHOVER_TRUNCATED"] == "true" && entry["MESSAGE"] != nil && entry["WINDHOVER_RULE"] != nil)
  }

  @Test("an entry that the socket does not take makes the limit smaller until it does") func tooLarge() throws
  {
    let directory = try TemporaryDirectory()
    var options = JournaldOptions()
    options.path = directory.path.appending("socket").string
    options.messageLimit = 16 << 20
    let receiver = try UnixReceiver(path: directory.path.appending("socket"), isStream: false)
    let sink = JournaldSink(options: options)
    try sink.open()
    for _ in 0..<20 where sink.settled == 0 {
      do throws(SinkError) {
        try sink.deliver([EncodedAlert(1, String(repeating: "x", count: sink.messageLimit))])
      } catch {
        #expect(error == .tooLarge)
      }
    }
    #expect(sink.settled == 1 && sink.messageLimit < 16 << 20)
    #expect(try receiver.messages().count == 1)
  }

  @Test("an entry of the usual limit passes through a socket of this host") func usual() throws {
    let directory = try TemporaryDirectory()
    var options = JournaldOptions()
    options.path = directory.path.appending("socket").string
    let receiver = try UnixReceiver(path: directory.path.appending("socket"), isStream: false)
    let sink = JournaldSink(options: options)
    try sink.open()
    try sink.deliver([EncodedAlert(1, String(repeating: "x", count: options.messageLimit))])
    #expect(try receiver.messages().first?.count == options.messageLimit)
  }

  @Test(
    "journald stores what was sent, hostile bytes too",
    .enabled(if: Journald.canRun, "needs root, systemd-journald and mount namespaces of its own"))
  func daemon() throws {
    let daemon = try Journald()
    var options = JournaldOptions()
    options.path = daemon.socket.string
    let delivery = try Delivery(outputs: [
      Output(named: "journald", sink: .journald(options), format: JournaldFormat(identity: "wh-test"))
    ])
    try delivery.start {}
    delivery.append(Sample.program)
    delivery.append(Sample.alert(with: Sample.hostile))
    let entries = try daemon.entries(of: "wh-test", atLeast: 2).map { try JSONTree($0) }
    try #require(entries.count == 2)
    #expect(entries[0]["WINDHOVER_PROC_PID"] == .text("4242") && entries[0]["PRIORITY"] == .text("3"))
    #expect(entries[0]["MESSAGE_ID"] == .text(JournaldFormat.messageID))
    #expect(entries[0]["WINDHOVER_PROC_ARGV"] == .list([.text("/tmp/.x/miner"), .text("--pool=a=b|c")]))
    #expect(
      entries[1]["WINDHOVER_PROC_CMDLINE"] == .list(Sample.hostile.map { .integer(UInt64($0)) }))
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
    try daemon.stop()
  }
}

extension AlertFormat {
  fileprivate func bytes(_ alert: Alert) -> [UInt8] {
    var bytes: [UInt8] = []
    _ = encode(Sample.entry(alert), limit: .max, into: &bytes)
    return bytes
  }
}

/// An entry of journald's native protocol, read as its documentation has it, for the test.
struct ParsedEntry {
  var fields: [(name: String, value: [UInt8])] = []

  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "=") }) {
      let name = String(decoding: rest[..<end], as: UTF8.self)
      let isText = rest[end] == UInt8(ascii: "=")
      rest = rest[(end + 1)...]
      var count = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 - rest.startIndex } ?? rest.count
      if !isText {
        guard rest.count >= 8 else { return nil }
        count = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(8)
      }
      guard rest.count > count, rest[rest.startIndex + count] == UInt8(ascii: "\n") else { return nil }
      fields.append((name, Array(rest.prefix(count))))
      rest = rest.dropFirst(count + 1)
    }
    guard rest.isEmpty else { return nil }
  }

  func values(_ name: String) -> [String] {
    fields.filter { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
  }

  subscript(name: String) -> String? { values(name).first }
}
