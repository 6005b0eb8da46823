import Alerts
import Events
import System
import SystemPackage
import Testing

@Suite struct SyslogFormatTests {
  private static var options: SyslogOptions {
    var options = SyslogOptions()
    options.processID = 42
    options.enterpriseNumber = 32473
    return options
  }

  @Test("RFC 5424 carries header, number, and the alert field by field") func golden() throws {
    var json = Self.options
    json.body = .json
    json.json.usesISO8601 = true
    var bare = Self.options
    bare.enterpriseNumber = nil
    bare.facility = .local0
    let lines = [Self.options, json, bare].map { RFC5424Format(options: $0).text(Sample.shell) + "\n" }
    try expectGolden(lines.joined(), "alert.rfc5424", in: "Alerts")
  }

  @Test("RFC 3164 carries local time, host, name and pid") func bsd() throws {
    let line = RFC3164Format(options: Self.options).text(Sample.shell)
    let date = try Program("/bin/date", ["-d", "@1700000000", "+%b %e %T"]).finish()
    let message = String(decoding: Sample.shell.message, as: UTF8.self).replacing("\"", with: "\\\"")
    #expect(line == "<13>\(date.output.dropLast()) kestrel.example windhover[42]: \(message)")
  }

  @Test(
    "header fields are printable ASCII of their lengths, and `-` when empty",
    arguments: [
      ("", "-"), ("a b\u{1}é", "a_b___"),
      (String(repeating: "h", count: 300), String(repeating: "h", count: 255)),
    ])
  func header(hostname: String, expected: String) {
    let alert = Alert(
      rule: AlertRule(name: "r", priority: .emergency), timeNanoseconds: Sample.time, hostname: hostname,
      message: [])
    var options = Self.options
    options.applicationName = String(repeating: "n", count: 60)
    let line = RFC5424Format(options: options).text(alert)
    let name = String(repeating: "n", count: 48)
    #expect(
      line.hasPrefix("<8>1 2023-11-14T22:13:20.123456Z \(expected) \(name) 42 alert [meta sequenceId=\"7\"][")
    )
  }

  @Test(
    "sequence numbers stay in the range of the RFC",
    arguments: [
      (1, 1), (2_147_483_647, 2_147_483_647), (2_147_483_648, 1), (4_294_967_295, 1),
    ] as [(UInt64, UInt64)])
  func sequence(number: UInt64, expected: UInt64) {
    var bytes: [UInt8] = []
    _ = RFC5424Format().encode(Sample.entry(Sample.shell, sequence: number), limit: .max, into: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self).contains("[meta sequenceId=\"\(expected)\"]"))
  }

  @Test("hostile bytes leave one line whose structured data parses by the RFC's grammar") func hostile()
    throws
  {
    let line = RFC5424Format(options: Self.options).text(Sample.alert(with: Sample.hostile))
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    let parsed = try #require(ParsedSyslog(line))
    #expect(parsed.elements.keys.sorted() == ["meta", "windhover@32473"])
    let values = try #require(parsed.elements["windhover@32473"])
    #expect(values["proc.cmdline"]?.hasPrefix(#"a\nb\r\t"]\\'\u{1b}[2J"#) == true)
    #expect(values.keys.allSatisfy { $0.utf8.count <= 32 })
  }

  @Test("hostile bytes in every field come back in the words of safe text", arguments: hostileValues)
  func hostileFields(bytes: [UInt8]) throws {
    let alert = Sample.alert(with: bytes)
    let parsed = try #require(ParsedSyslog(RFC5424Format(options: Self.options).text(alert)))
    var safe: [UInt8] = []
    SafeText.append(bytes.span, to: &safe)
    let expected = String(decoding: safe, as: UTF8.self)
    let values = try #require(parsed.elements["windhover@32473"])
    for key in ["rule", "tags", "proc.cmdline"] { #expect(values[key] == expected, "\(key)") }
    // The messages are escaped as Falco escapes them, which is how JSON does it.
    let old = RFC3164Format(options: Self.options).text(alert)
    let start = try #require(old.firstRange(of: "windhover[42]: ")?.upperBound)
    for message in [parsed.message, String(old[start...])] {
      let text = try JSONTree("{\"m\":\"\(message)\"}")["m"]
      #expect(text == .text(String(decoding: bytes, as: UTF8.self)), "\(message)")
    }
  }

  @Test("arguments of a field stand behind a point in the name of its parameter, and an unset login has none")
  func parameterNames() throws {
    let parsed = try #require(ParsedSyslog(RFC5424Format(options: Self.options).text(Sample.program)))
    let values = try #require(parsed.elements["windhover@32473"])
    #expect(values["proc.apid.1"] == "4200" && values["proc.aname.2"] == "nginx")
    #expect(values["user.loginuid"] == nil && values["user.uid"] == "33")
    #expect(values.keys.allSatisfy { !$0.contains("[") })
  }

  @Test(
    "no format exceeds a limit of 480 bytes or more, whatever is in the alert",
    arguments: FormatKind.allCases, [480, 1024, 8192])
  func limits(kind: FormatKind, limit: Int) throws {
    var options = FormatOptions()
    options.syslog = Self.options
    options.json.usesISO8601 = true
    options.json.includesUUID = true
    options.json.includesSequence = true
    let format = kind.make(options)
    let long = [UInt8](repeating: UInt8(ascii: "]"), count: 64 << 10)
    for alert in [
      Sample.alert(with: long), Sample.alert(with: Sample.hostile + long),
      Sample.numbered(1, padding: 90_000),
    ] {
      var bytes: [UInt8] = []
      #expect(format.encode(Sample.entry(alert, sequence: .max / 2), limit: limit, into: &bytes))
      #expect(bytes.count <= limit)
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(Array(text.utf8) == bytes)
      if kind == .json { #expect(throws: Never.self) { try JSONTree(text) } }
      if kind == .rfc5424 { #expect(ParsedSyslog(text) != nil) }
    }
  }

  @Test("a message that is too large loses fields, the largest first, and carries a mark") func shortened()
    throws
  {
    let alert = Alert(
      rule: AlertRule(name: "Long", priority: .error, tags: ["a", "b"]), timeNanoseconds: Sample.time,
      hostname: "h",
      message: Array("short".utf8),
      outputFields: [
        AlertField("proc.name", .text("sh")),
        AlertField("proc.cmdline", .bytes([UInt8](repeating: UInt8(ascii: "x"), count: 4000))),
      ])
    let parsed = try #require(ParsedSyslog(RFC5424Format(options: Self.options).text(alert, limit: 2048)))
    let values = try #require(parsed.elements["windhover@32473"])
    #expect(values["proc.name"] == "sh" && values["proc.cmdline"] == nil && values["truncated"] == "true")
    #expect(values["tags"] == "a,b")
    #expect(parsed.message == "short")
  }

  @Test(
    "a target is a host with or without port, in either address version",
    arguments: [
      ("siem.example", "siem.example", 514), ("10.0.0.1:6514", "10.0.0.1", 6514), ("[::1]:601", "::1", 601),
      ("[fe80::1]", "fe80::1", 514),
    ] as [(String, String, UInt16)])
  func target(text: String, host: String, port: UInt16) {
    #expect(SyslogTarget(text) == SyslogTarget(host: host, port: port))
    #expect(
      SyslogTarget(SyslogTarget(host: host, port: port).description) == SyslogTarget(host: host, port: port))
  }

  @Test(
    "nonsense is no target",
    arguments: [
      "", ":514", "host:", "host:x", "host:0", "host:65536", "[::1]x", "[]:1", "::1", "::1:514", "tcp://a",
    ])
  func noTarget(text: String) { #expect(SyslogTarget(text) == nil) }
}

/// A syslog message by the grammar of RFC 5424 §6, written for the test.
struct ParsedSyslog {
  var header: [Substring] = []
  var elements: [String: [String: String]] = [:]
  var message = ""

  init?(_ line: String) {
    var rest = line[...]
    for _ in 0..<6 {
      guard let space = rest.firstIndex(of: " ") else { return nil }
      header.append(rest[..<space])
      rest = rest[rest.index(after: space)...]
    }
    guard rest.first == "[" else { return nil }
    while rest.first == "[" {
      rest.removeFirst()
      let identifier = rest.prefix { $0 != " " && $0 != "]" }
      rest = rest.dropFirst(identifier.count)
      var values: [String: String] = [:]
      while rest.first == " " {
        let name = rest.dropFirst().prefix { $0 != "=" }
        rest = rest.dropFirst(1 + name.count)
        guard rest.hasPrefix("=\"") else { return nil }
        rest = rest.dropFirst(2)
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
          guard character != "]" else { return nil }
          if character == "\\" {
            guard let escaped = rest.popFirst(), "\"\\]".contains(escaped) else { return nil }
            value.append(escaped)
          } else {
            value.append(character)
          }
        }
        values[String(name)] = value
      }
      guard rest.popFirst() == "]" else { return nil }
      elements[String(identifier)] = values
    }
    guard rest.popFirst() == " " else { return nil }
    message = String(rest)
  }
}
