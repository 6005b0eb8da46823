import Alerts
import Events
import Glibc
import SystemPackage
import Testing

@Suite struct TextFormatTests {
  private let iso: TextFormat = {
    var options = TextOptions()
    options.usesISO8601 = true
    return TextFormat(options: options)
  }()

  @Test("a line is time, priority and message, escaped as Falco escapes it") func golden() throws {
    try expectGolden(iso.text(Sample.shell) + "\n", "alert.txt", in: "Alerts")
  }

  @Test("the time is the host's local time of day, as date(1) has it") func localTime() throws {
    let seconds = Sample.time / 1_000_000_000
    let date = try Program("/bin/date", ["-d", "@\(seconds)", "+%H:%M:%S"], environment: Self.zone).finish()
    let expected = date.output.prefix(8) + ".123456789: Notice A shell"
    #expect(TextFormat().text(Sample.shell).hasPrefix(expected))
  }

  @Test("hostile bytes make one printable line") func hostile() {
    let line = iso.text(Sample.alert(with: Sample.hostile))
    #expect(
      line == "2023-11-14T22:13:20.123456789+0000: Error "
        + #"a\nb\r\t\"]\\'\u001b[2J\u007f\u009b31m\u202e\u2028\ufeff\udb40\udc41é😀\u0000\b\f"#
        + String(repeating: "\u{FFFD}", count: 11))
  }

  @Test("any bytes come back by the rules of JSON's strings, as Falco writes them", arguments: hostileValues)
  func hostileFields(bytes: [UInt8]) throws {
    let text = iso.text(Sample.alert(with: bytes)).dropFirst(
      "2023-11-14T22:13:20.123456789+0000: Error ".count)
    #expect(try JSONTree("{\"m\":\"\(text)\"}")["m"] == .text(String(decoding: bytes, as: UTF8.self)))
  }

  @Test("a line that is too long ends between two characters, with a mark", arguments: 60...80)
  func limit(limit: Int) {
    let alert = Sample.alert(with: Array(String(repeating: "é\n😀", count: 100).utf8))
    var bytes: [UInt8] = []
    #expect(iso.encode(Sample.entry(alert), limit: limit, into: &bytes))
    #expect(bytes.count <= limit && bytes.count > limit - 8)
    let line = String(decoding: bytes, as: UTF8.self)
    #expect(Array(line.utf8) == bytes)
    let rest = line.dropFirst("2023-11-14T22:13:20.123456789+0000: Error ".count)
    #expect(rest.hasSuffix("…"))
    #expect(String(repeating: "é\\n😀", count: 100).hasPrefix(rest.dropLast()))
  }

  private static var zone: [String: String] {
    unsafe getenv("TZ").map { ["TZ": unsafe String(cString: $0)] } ?? ["TZ": ":/etc/localtime"]
  }
}

@Suite struct UUIDTests {
  @Test("a uuid is of version 7 and variant 1, and begins with the time") func version() {
    var generator = SystemRandomNumberGenerator()
    let text = UUID(timeNanoseconds: Sample.time, using: &generator).description
    #expect(text.hasPrefix("018bcfe5-687b-7"))
    #expect("89ab".contains(text.dropFirst(19).first ?? " "))
    #expect(text.count == 36)
  }
}
