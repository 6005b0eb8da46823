import Testing

@testable import windhover

@Suite struct TailKeysTests {
  @Test(
    "keys pause, end and search; what means nothing does nothing",
    arguments: [
      (" ", [.pause]), ("q", [.quit]), ("\u{4}", [.quit]), ("xyz\n\u{1B}[A\u{1B}OP\u{1B}[1;5C", []),
      ("/ab\r", [.search(Array("ab".utf8))]), ("f q \n", [.search(Array(" q ".utf8))]),
      ("/aé\u{7F}\u{8}b\n", [.search(Array("b".utf8))]), ("/abc\u{15}\n", [.search([])]),
      ("/a\u{1B}[Ab\u{1}\n ", [.search(Array("ab".utf8)), .pause]),
    ] as [(String, [TailKeys.Wish])])
  func wishes(typed: String, expected: [TailKeys.Wish]) {
    var keys = TailKeys()
    #expect(keys.take(Array(typed.utf8)) == expected)
    #expect(keys.prompt == nil)
    var slow = TailKeys()
    // A sequence comes in one piece, all else a byte at a time.
    if !typed.contains("\u{1B}") { #expect(typed.utf8.flatMap { slow.take([$0]) } == expected) }
  }

  @Test("escape leaves the prompt, and a text has an end")
  func prompt() {
    var keys = TailKeys()
    #expect(keys.take(Array("/abc".utf8)) == [])
    #expect(keys.prompt == Array("abc".utf8))
    #expect(keys.take([0x1B]) == [])
    #expect(keys.prompt == nil)
    #expect(keys.take([UInt8](repeating: UInt8(ascii: "/"), count: 10_000)) == [])
    #expect(keys.prompt?.count == 200)
  }
}

@Suite struct TimestampTests {
  private static let now: UInt64 = 1_700_000_000_000_000_000

  @Test(
    "moments are read as alerts and people write them",
    arguments: [
      ("2023-11-14T22:13:20Z", 0), ("2023-11-14T22:13:20.5Z", 500_000_000),
      ("2023-11-14t23:13:20.000000001+01:00", 1),
      ("2023-11-14T20:43:20.1234567899-0130", 123_456_789), ("0s", 0), ("10m", -600_000_000_000),
      ("2h", -7_200_000_000_000), ("1d", -86_400_000_000_000),
    ] as [(String, Int64)])
  func reading(text: String, offset: Int64) {
    #expect(Timestamp(argument: text, now: Self.now)?.nanoseconds == UInt64(Int64(Self.now) + offset))
  }

  @Test("the ends of what 64 bits hold are kept")
  func ends() {
    #expect(Timestamp(argument: "18000000000s", now: Self.now)?.nanoseconds == 0)
    #expect(Timestamp(argument: "1970-01-01T00:00:00Z", now: 0)?.nanoseconds == 0)
    #expect(Timestamp(argument: "2024-02-29T00:00:00Z", now: 0)?.nanoseconds == 1_709_164_800_000_000_000)
  }

  @Test("a date and a time without a zone are local")
  func local() throws {
    let day = try #require(Timestamp(argument: "2023-11-14 22:13", now: Self.now))
    let clock = try #require(Timestamp(argument: "22:13:00", now: day.nanoseconds))
    #expect(day == clock)
  }

  @Test(
    "what is no moment is none",
    arguments: [
      "", "s", "m", "-5m", "1.5h", "10w", "10", "yesterday", "99999999999999999999s", "18000000001s",
      "1000000d",
      "2023-11-14", "2023-13-01T00:00:00Z", "2023-11-14T24:00:00Z", "2023-11-14T22:13:20.Z",
      "2023-11-14T22:13:20Zx",
      "2023-11-14T22:13:20+1", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z", "24:00", "1:00", "16:4", "漢字m",
    ])
  func refusal(text: String) { #expect(Timestamp(argument: text, now: Self.now) == nil) }
}

@Suite struct JSONMembersTests {
  @Test("members are found whatever blanks, nesting and escapes stand around them")
  func reading() throws {
    let text = Array(#" { "a" : "x\"}," , "b":[1,{"c":"]"}], "d" :-1.5e3,"e":null, "a":2 } "#.utf8)
    let members = try #require(JSONMembers(text))
    func value(_ name: String) -> String? { members[name].map { String(decoding: text[$0], as: UTF8.self) } }
    #expect(members.members.count == 5)
    #expect(value("a") == "2")
    #expect(value("b") == #"[1,{"c":"]"}]"#)
    #expect(value("d") == "-1.5e3")
    #expect(value("e") == "null")
    #expect(value("c") == nil)
    #expect(JSONMembers(Array("{}".utf8))?.members.isEmpty == true)
  }

  @Test(
    "what is no object is none",
    arguments: [
      "", " ", "{", "}", "[]", "1", "\"a\"", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1}x", "{a:1}",
      "{\"a\":1 2}",
      "{\"a\":\"", "{\"a\":\"\\", "{\"a\":[}", "{\"a\":{\"b\":1}", "{\"a\":[\"\\", "{\"a\":1}{\"b\":2}",
      "{\"a\":,\"b\":1}",
    ])
  func refusal(text: String) { #expect(JSONMembers(Array(text.utf8)) == nil) }

  @Test("damaged alerts are read, or not, without harm")
  func mutation() {
    let alert = Array(
      TailInputTests.alert(#"\u001b x"#, fields: #","proc.lineage":"a(1)","l":[1,"\\"]"#).utf8.dropLast())
    var generator = SystemRandomNumberGenerator()
    let renderer = AlertRenderer(width: 40, palette: Palette(hasColour: false))
    for _ in 0..<5000 {
      var bytes = alert
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        default: bytes.insert(Array("\"\\{}[]:,".utf8).randomElement() ?? 0, at: place)
        }
      }
      guard let read = TailedAlert(bytes) else { continue }
      let lines = renderer.lines(of: read)
      #expect(lines.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F })
      _ = (read.fields, read.uuid, read.sequence)
    }
  }

  @Test(
    "strings lose their escapes",
    arguments: [
      (#"plain"#, "plain"), (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"\u00e9\ud83d\ude00"#, "é😀"),
      (#"\ud83d"#, "\u{FFFD}"), (#"\ud83dx"#, "\u{FFFD}x"), (#"\ude00"#, "\u{FFFD}"),
      (#"\ud83d\u0041"#, "\u{FFFD}A"),
      (#"\u12"#, "\u{12}"), (#"\uzzzz"#, "\u{FFFD}"), (#"\"#, "\\"),
    ])
  func strings(written: String, meant: String) {
    #expect(String(decoding: JSONString.decoded(Array(written.utf8)[...]), as: UTF8.self) == meant)
  }
}

@Suite struct FoldingTests {
  @Test(
    "lines are broken behind blanks where that leaves them half full, and by columns, not characters",
    arguments: [
      ("", 10, []), ("short", 10, ["short"]), ("one two three", 8, ["one two ", "three"]),
      ("a verylongword", 8, ["a verylo", "ngword"]), ("漢字漢字", 5, ["漢字", "漢字"]),
      ("e\u{301}e\u{301}e", 2, ["e\u{301}e\u{301}", "e"]),
      ("abc", 0, ["ab", "c"]),
    ])
  func lines(text: String, width: Int, expected: [String]) {
    #expect(Folding.lines(text, width: width, limit: 20).map(String.init) == expected)
  }

  @Test("more lines than there may be end with a mark; beginnings and ends fit")
  func cuts() {
    #expect(Folding.lines("abcdefghij", width: 3, limit: 2) == ["abc", "de…"])
    #expect(Folding.beginning("abcdef", width: 4) == "abc…")
    #expect(Folding.beginning("abcd", width: 4) == "abcd")
    #expect(Folding.end("abcdef", width: 4) == "…def")
    #expect(Folding.end("漢字漢字", width: 4) == "…字")
    #expect(Folding.end("abcd", width: 4) == "abcd")
    #expect(Folding.end("init(1) > sh(2) > bash(3)", width: 14, from: " > ") == "… > bash(3)")
    #expect(Folding.end("sh(2) > bash(3)", width: 15, from: " > ") == "sh(2) > bash(3)")
    #expect(Folding.end("sh(2) > averylongname(3)", width: 8, from: " > ") == "…name(3)")
  }
}

@Suite struct TailPlaceTests {
  private func line(_ number: Int) -> [UInt8] {
    Array(
      #"{"context":{},"priority":"Notice","rule":"r","sequence":\#(number),"time":"2023-11-14T22:13:20Z","uuid":"00000000-0000-7000-8000-\#(100_000_000_000 + number)"}"#
        .utf8)
  }

  @Test(
    "a tail asks for what comes behind its last alert, and for what is not much older if that is not known")
  func resumption() {
    var place = TailPlace()
    #expect(place.resumption == nil)
    let first = place.isNew(line(7))
    #expect(first)
    #expect(place.sequence == 7)
    #expect(place.resumption == " after=7/00000000-0000-7000-8000-100000000007 since=1699999990000000000")
  }

  @Test("alerts that come again are left out, unless the agent has said that none does")
  func repetition() {
    var place = TailPlace()
    place.begin(isResumed: false)
    for number in 1...5 { _ = place.isNew(line(number)) }
    place.begin(isResumed: false)
    let again = (3...7).filter { place.isNew(line($0)) }
    #expect(again == [6, 7])
    place.begin(isResumed: true)
    // Not looked at: its number is right behind.
    let next = place.isNew(line(8))
    #expect(next)
  }
}

@Suite struct AgentNoticeTests {
  @Test(
    "a notice has one of its keys and no rule; an alert is none, also one that was shortened",
    arguments: [
      (#"{"tail":{"version":"1"}}"#, true), (#"{"live":true}"#, true), (#"{"missed":5}"#, true),
      (#"{"dropped":5}"#, true), (#"{"error":"busy"}"#, true),
      (#"{"context":{},"priority":"Notice","rule":"r"}"#, false),
      (#"{"hostname":"h","output":"o","output_fields":{"live":true},"priority":"Notice","rule":"r"}"#, false),
      (#"{"error":"e","rule":"r"}"#, false), (#"{"hostname":"h"}"#, false),
    ])
  func notices(line: String, isNotice: Bool) { #expect(AgentNotice.mayBe(Array(line.utf8)) == isNotice) }
}

@Suite struct LineBufferTests {
  @Test("lines come whole, however the bytes come", arguments: [1, 2, 3, 100])
  func chunks(size: Int) {
    var buffer = LineBuffer()
    var lines: [String] = []
    let bytes = Array("one\n\ntwo\nthree".utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      buffer.append(Array(bytes[start..<min(start + size, bytes.count)]))
      while let line = buffer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    }
    #expect(lines == ["one", "", "two"])
    #expect(buffer.takeRest() == Array("three".utf8))
    #expect(buffer.takeRest() == [])
  }
}
