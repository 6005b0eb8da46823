import Events
import System
import Testing

@testable import Alerts

@Suite struct LEEFFormatTests {
  @Test("an alert has the predefined attributes, and our own for what is none of them") func golden() throws {
    try expectGolden(LEEFFormat().text(Sample.program) + "\n", "alert.leef", in: "Alerts")
  }

  @Test("a parser of the specification reads every attribute back") func values() throws {
    let parsed = try #require(ParsedLEEF(LEEFFormat().text(Sample.program)))
    #expect(
      parsed.header == ["LEEF:2.0", "Windhover", "Windhover", Product.version, Sample.program.rule.name])
    #expect(parsed.values["devTime"] == "1700000000123" && parsed.values["sev"] == "7")
    #expect(parsed.values["usrName"] == "www-data" && parsed.values["proc_pid"] == "4242")
    #expect(parsed.values["proc_cmdline"] == #"miner --pool="a=b|c""#)
    #expect(parsed.values["cat"] == Sample.program.rule.tags.joined(separator: ","))
    #expect(parsed.values["truncated"] == nil)
  }

  @Test(
    "priorities are numbers from 1 to 10", arguments: zip(Priority.allCases, [10, 9, 8, 7, 5, 3, 1, 1]))
  func severity(priority: Priority, expected: Int) throws {
    let parsed = try #require(ParsedLEEF(LEEFFormat().text(Sample.numbered(1, priority: priority))))
    #expect(parsed.values["sev"] == "\(expected)")
  }

  @Test("hostile bytes in every field come back in the words of safe text", arguments: hostileValues)
  func hostile(bytes: [UInt8]) throws {
    let line = LEEFFormat().text(Sample.alert(with: bytes, inEachOf: mappedFields))
    #expect(
      line.unicodeScalars.allSatisfy { $0 == "\t" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    let parsed = try #require(ParsedLEEF(line), "\(line)")
    var safe: [UInt8] = []
    SafeText.append(bytes.span, to: &safe)
    let expected = String(decoding: safe, as: UTF8.self)
    #expect(parsed.header[4] == expected.replacing("|", with: "/"))
    for key in ["msg", "identHostName", "policy", "cat", "usrName", "resource", "proc_cmdline", "proc_aid_1"]
    {
      #expect(parsed.values[key] == expected, "\(key)")
    }
    #expect(parsed.values["srcPort"] == nil && parsed.values["fd_cport"] == expected)
  }

  @Test("a field whose name is a predefined attribute's does not take its place") func keys() throws {
    let alert = Alert(
      rule: AlertRule(name: "r", priority: .debug), timeNanoseconds: 0, hostname: "h", message: [],
      outputFields: [
        AlertField("sev", .text("1")), AlertField("dst", .text("2")), AlertField("..", .text("3")),
      ])
    let parsed = try #require(ParsedLEEF(LEEFFormat().text(alert)))
    #expect(parsed.values["sev"] == "1" && parsed.values["sev_"] == "1" && parsed.values["dst_"] == "2")
    #expect(parsed.values["field"] == "3" && parsed.values["dst"] == nil)
  }
}

/// An alert in LEEF 2.0 as its specification has it read, written for the test.
struct ParsedLEEF {
  var header: [String] = []
  var values: [String: String] = [:]

  init?(_ line: String) {
    let parts = line.split(separator: "|", maxSplits: 6, omittingEmptySubsequences: false)
    guard parts.count == 7, parts[5] == "x09" else { return nil }
    header = parts.prefix(5).map(String.init)
    for attribute in parts[6].split(separator: "\t", omittingEmptySubsequences: false) {
      guard let equals = attribute.firstIndex(of: "=") else { return nil }
      let (key, value) = (String(attribute[..<equals]), String(attribute[attribute.index(after: equals)...]))
      guard !key.isEmpty, values.updateValue(value, forKey: key) == nil else { return nil }
    }
  }
}
