import Events
import System
import Testing

@testable import Alerts

@Suite struct CEFFormatTests {
  @Test("an alert has the dictionary's keys, and our own for what is in no dictionary") func golden() throws {
    try expectGolden(CEFFormat().text(Sample.program) + "\n", "alert.cef", in: "Alerts")
  }

  @Test("a parser of the specification reads every value back") func values() throws {
    let parsed = try #require(ParsedCEF(CEFFormat().text(Sample.program)))
    #expect(
      parsed.header == [
        "CEF:0", "Windhover", "Windhover", Product.version, Sample.program.rule.name,
        Sample.program.rule.name, "7",
      ])
    #expect(parsed.values["rt"] == "1700000000123")
    #expect(parsed.values["msg"] == String(decoding: Sample.program.message, as: UTF8.self))
    #expect(parsed.values["cs1"] == #"miner --pool="a=b|c""# && parsed.values["cs1Label"] == "CommandLine")
    #expect(parsed.values["cn2"] == nil && parsed.values["spid"] == "4242")
    #expect(parsed.values["WindhoverProcAname2"] == "nginx")
    #expect(parsed.values["WindhoverProcArgv"] == #"["/tmp/.x/miner","--pool=a=b|c"]"#)
    #expect(parsed.values["WindhoverUserShell"] == nil && parsed.values["WindhoverTruncated"] == nil)
  }

  @Test(
    "priorities are numbers from 0 to 10",
    arguments: zip(Priority.allCases, [10, 9, 8, 7, 5, 3, 1, 0]))
  func severity(priority: Priority, expected: Int) throws {
    let parsed = try #require(ParsedCEF(CEFFormat().text(Sample.numbered(1, priority: priority))))
    #expect(parsed.header[6] == "\(expected)")
  }

  @Test(
    "hostile bytes in every field come back as they were, but for what could move a terminal",
    arguments: hostileValues)
  func hostile(bytes: [UInt8]) throws {
    let line = CEFFormat().text(Sample.alert(with: bytes, inEachOf: mappedFields))
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    let parsed = try #require(ParsedCEF(line), "\(line)")
    let expected = Self.readable(bytes)
    #expect(parsed.header[4] == expected.replacing("\n", with: " ").replacing("\r", with: " "))
    for key in ["msg", "cat", "sproc", "suser", "filePath", "cs1", "cs2", "cs5", "flexString1"] {
      #expect(parsed.values[key] == expected, "\(key)")
    }
    #expect(parsed.values["WindhoverProcCwd"] == expected)
    // A number's place takes numbers alone.
    #expect(parsed.values["spid"] == nil && parsed.values["WindhoverProcPid"] == expected)
  }

  /// Text with the words that stand for what is not safe to print.
  private static func readable(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
      guard !["\n", "\r", "\\"].contains(scalar) else { return String(scalar) }
      var safe: [UInt8] = []
      SafeText.append(String(scalar), to: &safe)
      return String(decoding: safe, as: UTF8.self)
    }.joined()
  }

  @Test("no value is longer than the dictionary allows, and the alert then carries the mark") func lengths()
    throws
  {
    let long = Array(String(repeating: "é=", count: 3000).utf8)
    var bytes: [UInt8] = []
    let alert = Sample.alert(with: long, inEachOf: mappedFields)
    #expect(CEFFormat().encode(Sample.entry(alert), limit: .max, into: &bytes))
    let parsed = try #require(ParsedCEF(String(decoding: bytes, as: UTF8.self)))
    for (key, limit) in [("msg", 1023), ("dvchost", 100), ("suser", 1023), ("cs1", 4000), ("cat", 1023)] {
      let value = try #require(parsed.values[key])
      #expect(value.utf8.count <= limit && value.hasSuffix("…") && !value.contains("\u{FFFD}"), "\(key)")
    }
    #expect(parsed.values["WindhoverTruncated"] == "true")
  }

  @Test("two fields whose names become the same key are both there") func keys() throws {
    let alert = Alert(
      rule: AlertRule(name: "r", priority: .debug), timeNanoseconds: 0, hostname: "h", message: [],
      outputFields: [
        AlertField("a.b", .text("1")), AlertField("a-b", .text("2")), AlertField("truncated", .text("3")),
        AlertField("é", .text("4")),
      ])
    let parsed = try #require(ParsedCEF(CEFFormat().text(alert)))
    #expect(Set(parsed.values.filter { $0.key.hasPrefix("Windhover") }.values) == ["1", "2", "3", "4"])
  }
}

/// An alert in CEF as its specification has it read, written for the test.
struct ParsedCEF {
  var header: [String] = []
  var values: [String: String] = [:]

  init?(_ line: String) {
    var rest = Array(line.unicodeScalars)[...]
    while header.count < 7 {
      var part = ""
      while let scalar = rest.popFirst(), scalar != "|" {
        guard scalar == "\\" else {
          part.unicodeScalars.append(scalar)
          continue
        }
        guard let next = rest.popFirst(), next == "\\" || next == "|" else { return nil }
        part.unicodeScalars.append(next)
      }
      header.append(part)
    }
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: "=") else { return nil }
      let key = rest[..<equals]
      guard !key.isEmpty, key.allSatisfy({ $0.properties.isAlphabetic || ("0"..."9").contains($0) }) else {
        return nil
      }
      rest = rest[(equals + 1)...]
      // A value ends before the last blank in front of the next bare `=`.
      var end = rest.startIndex
      while end < rest.endIndex, rest[end] != "=" { end += rest[end] == "\\" ? 2 : 1 }
      if end < rest.endIndex {
        guard let blank = rest[..<end].lastIndex(of: " ") else { return nil }
        end = blank
      }
      guard let value = Self.unescaped(rest[..<end]) else { return nil }
      let name = String(String.UnicodeScalarView(key))
      guard values.updateValue(value, forKey: name) == nil else { return nil }
      rest = rest[end...].dropFirst()
    }
  }

  private static func unescaped(_ scalars: ArraySlice<UnicodeScalar>) -> String? {
    var (result, rest) = ("", scalars)
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "\\": result += "\\"
      case "=": result += "="
      case "n": result += "\n"
      case "r": result += "\r"
      default: return nil
      }
    }
    return result
  }
}
