import Alerts
import Events
import Testing

@Suite struct JSONFormatTests {
  @Test("an alert is Falco's object: keys sorted, values typed, absent ones null") func golden() throws {
    // The time of day is local, so on this machine it may be another.
    let line = JSONFormat().text(Sample.shell)
      .replacing(TextFormat().text(Sample.shell).prefix(18), with: "22:13:20.123456789", maxReplacements: 1)
    try expectGolden(line + "\n", "alert.json", in: "Alerts")
  }

  @Test("uuid, sequence, message and the ISO time appear when they are asked for") func options() throws {
    var options = JSONOptions()
    options.includesMessage = true
    options.includesUUID = true
    options.includesSequence = true
    options.usesISO8601 = true
    try expectGolden(
      JSONFormat(options: options).text(Sample.shell) + "\n", "alert-options.json", in: "Alerts")
  }

  @Test("the context is what the rule does not print, and goes first when there is no room") func context()
    throws
  {
    let alert = Alert(
      rule: AlertRule(name: "r", priority: .debug), timeNanoseconds: Sample.time, hostname: "h",
      message: Array("m".utf8), outputFields: [AlertField("proc.pid", .signed(1))],
      context: [AlertField("proc.pid", .signed(2)), AlertField("proc.name", .text("sh"))])
    var options = JSONOptions()
    options.includesContext = true
    let text = JSONFormat(options: options).text(alert)
    #expect(text.hasPrefix(#"{"context":{"proc.name":"sh"},"hostname":"h""#))
    let short = JSONFormat(options: options).text(alert, limit: text.utf8.count - 1)
    #expect(try JSONTree(short)["context"] == nil)
  }

  @Test("output, fields and tags can be left out") func leftOut() throws {
    var options = JSONOptions()
    options.includesOutput = false
    options.includesOutputFields = false
    options.includesTags = false
    let tree = try JSONTree(JSONFormat(options: options).text(Sample.shell))
    #expect(tree.keys == ["hostname", "priority", "rule", "source", "time"])
  }

  @Test("an alert about the agent carries no tags") func inner() throws {
    let alert = Sample.alert(with: Array("x".utf8), source: AlertRule.internal)
    #expect(try JSONTree(JSONFormat().text(alert))["tags"] == nil)
  }

  @Test("output_fields are never empty, and evt.time is written once") func time() throws {
    let bare = Alert(
      rule: AlertRule(name: "r", priority: .debug), timeNanoseconds: Sample.time, hostname: "h", message: [])
    #expect(
      try JSONTree(JSONFormat().text(bare))["output_fields"] == .object(["evt.time": .integer(Sample.time)]))
    let own = Alert(
      rule: AlertRule(name: "r", priority: .debug), timeNanoseconds: Sample.time, hostname: "h", message: [],
      outputFields: [AlertField("evt.time", .unsigned(5))])
    #expect(JSONFormat().text(own).contains(#""output_fields":{"evt.time":5}"#))
  }

  @Test("priorities are Falco's long words", arguments: Priority.allCases)
  func priority(_ priority: Priority) throws {
    let alert = Sample.numbered(1, priority: priority)
    #expect(try JSONTree(JSONFormat().text(alert))["priority"] == .text(priority.name))
  }

  @Test("numbers that JSON has no word for are null", arguments: [Double.nan, .infinity, -.infinity])
  func notANumber(value: Double) throws {
    let alert = Alert(
      rule: AlertRule(name: "r", priority: .debug), timeNanoseconds: 0, hostname: "h", message: [],
      outputFields: [
        AlertField("x", .double(value)), AlertField("y", .signed(.min)), AlertField("z", .unsigned(.max)),
      ])
    let line = JSONFormat().text(alert)
    #expect(line.contains(#""x":null,"y":-9223372036854775808,"z":18446744073709551615"#))
    #expect(throws: Never.self) { try JSONTree(line) }
  }

  @Test("hostile bytes in every place come out as one line of valid JSON that another parser reads back")
  func hostile() throws {
    let line = JSONFormat().text(Sample.alert(with: Sample.hostile))
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    let tree = try JSONTree(line)
    let expected = JSONTree.text(String(decoding: Sample.hostile, as: UTF8.self))
    #expect(tree["output_fields"]?["proc.cmdline"] == expected)
    #expect(tree["hostname"] == expected)
    #expect(tree["rule"] == expected)
    #expect(tree["tags"] == .list([expected]))
  }

  @Test("every byte and every pair of bytes survives as other decoders see it")
  func everyPair() throws {
    for first in UInt8.min...UInt8.max {
      let bytes: [UInt8] = (UInt8.min...UInt8.max).flatMap { second -> [UInt8] in [first, second, 0x20] }
      let tree = try JSONTree(JSONFormat().text(Sample.alert(with: bytes)))
      #expect(tree["output_fields"]?["proc.cmdline"] == .text(String(decoding: bytes, as: UTF8.self)))
    }
  }

  @Test(
    "an alert above the limit loses fields whole, stays JSON, and carries a mark",
    arguments: [480, 700, 1024, 2048, 8192])
  func limit(limit: Int) throws {
    let long = [UInt8](repeating: UInt8(ascii: "\n"), count: 64 << 10)
    let alert = Alert(
      rule: AlertRule(name: "Long", priority: .error, tags: ["a"]), timeNanoseconds: Sample.time,
      hostname: "h",
      message: Array("é".utf8) + long,
      outputFields: [AlertField("proc.cmdline", .bytes(long)), AlertField("proc.name", .text("sh"))])
    var bytes: [UInt8] = []
    #expect(JSONFormat().encode(Sample.entry(alert), limit: limit, into: &bytes))
    #expect(bytes.count <= limit)
    #expect(bytes.count >= limit / 2)
    let tree = try JSONTree(String(decoding: bytes, as: UTF8.self))
    let fields = try #require(tree["output_fields"])
    #expect(
      fields.keys
        == (limit < 700 ? ["alert.truncated", "evt.time"] : ["alert.truncated", "evt.time", "proc.name"]))
    #expect(fields["alert.truncated"] == .bool(true))
    #expect(tree["output"]?.text?.hasSuffix("…") == true)
  }

  @Test("an alert at the limit is whole, and one byte less shortens it") func exactLimit() {
    let whole = JSONFormat().text(Sample.shell)
    #expect(JSONFormat().text(Sample.shell, limit: whole.utf8.count) == whole)
    let shorter = JSONFormat().text(Sample.shell, limit: whole.utf8.count - 1)
    #expect(shorter.contains("alert.truncated"))
    #expect(shorter.utf8.count < whole.utf8.count)
  }
}
