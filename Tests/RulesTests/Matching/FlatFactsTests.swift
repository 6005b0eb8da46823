import Testing

@testable import Rules

@Suite struct FlatFactsTests {
  @Test(
    "a value that its field cannot have is an error that names it",
    arguments: [
      (#"{"fd.sport":"abc"}"#, "'fd.sport' is PORT, and the event has abc"),
      (#"{"fd.sport":70000}"#, "'fd.sport' is PORT, and the event has 70000"),
      (#"{"fd.sport":-1}"#, "'fd.sport' is PORT, and the event has -1"),
      (#"{"fd.sport":1.5}"#, "'fd.sport' is PORT, and the event has 1.5"),
      (#"{"fd.sport":true}"#, "'fd.sport' is PORT, and the event has true"),
      (#"{"fd.sport":{"a":1}}"#, "'fd.sport' is PORT, and the event has an object"),
      (#"{"fd.sport":[1,2]}"#, "'fd.sport' is PORT, and the event has a list of 2 values"),
      (#"{"fd.sport":[[1]]}"#, "'fd.sport' is PORT, and the event has a list in a list"),
    ])
  func misfits(event: String, error: String) throws {
    #expect {
      _ = try verdict("fd.sport = 1", event)
    } throws: {
      "\($0)" == error
    }
  }

  @Test(
    "what is not one JSON object is refused",
    arguments: [
      "", " ", "{", "[]", "1", "null", "\"a\"", "{} {}", #"{"a":}"#, #"{"a":1,}"#, #"{"a":01}"#, #"{'a':1}"#,
      #"{"a":"\ud800"}"#, "{\"a\":\"\u{1}\"}", #"{"a":99999999999999999999999999}"#, "{\"a\":NaN}",
      String(repeating: #"{"a":"#, count: 2000) + "1" + String(repeating: "}", count: 2000),
    ])
  func notObjects(line: String) {
    var facts = FlatFacts()
    #expect(throws: FlatFactsError.self) { try facts.read(Array(line.utf8).span) }
  }

  @Test("bytes that are not UTF-8 are refused")
  func badText() {
    var facts = FlatFacts()
    #expect(throws: FlatFactsError.self) {
      try facts.read(Array(#"{"a":""#.utf8 + [0xFF] + #""}"#.utf8).span)
    }
  }

  @Test("after a bad line the next one is judged alone")
  func recovery() throws {
    var facts = FlatFacts()
    var matcher = try ConditionMatcher(try ConditionParser.parse(Array("proc.name = a".utf8)))
    try facts.read(Array(#"{"proc.name":"a"}"#.utf8).span)
    #expect(try matcher.matches(facts))
    #expect(throws: FlatFactsError.self) { try facts.read(Array(#"{"proc.name":"a""#.utf8).span) }
    #expect(try !matcher.matches(facts))
    try facts.read(Array(#"{"proc.name":"a"}"#.utf8).span)
    #expect(try matcher.matches(facts))
  }

  @Test("of members with one name the last counts, and unknown names are ignored")
  func doubles() throws {
    #expect(try verdict("proc.name = b", #"{"proc.name":"a","no.such":{"x":[1,[2]]},"proc.name":"b"}"#))
    #expect(try verdict("not proc.name exists", #"{"proc.name":"a","proc.name":null}"#))
  }

  @Test("an array gives its values, without nulls; an empty one gives none")
  func arrays() throws {
    #expect(try verdict("fd.types in (a)", #"{"fd.types":["a",null,"a"]}"#))
    #expect(try verdict("not fd.types exists", #"{"fd.types":[]}"#))
    #expect(try verdict("not proc.name exists", #"{"proc.name":[null]}"#))
    #expect(try verdict("proc.name = a", #"{"proc.name":["a"]}"#))
  }

  @Test("thousands of members are found by name")
  func manyMembers() throws {
    let members = (0..<5000).map { #""x\#($0)":\#($0)"# }.joined(separator: ",")
    #expect(try verdict("proc.pid = 7", "{\(members),\"proc.pid\":7}"))
  }

  @Test("escapes are read, NUL included")
  func escapes() throws {
    #expect(try verdict("proc.name = 'a\nb'", #"{"proc.name":"a\nb"}"#))
    #expect(try verdict("len(proc.name) = 3", #"{"proc.name":"a\u0000b"}"#))
    #expect(try verdict("proc.name endswith b", #"{"proc.name":"a\u0000b"}"#))
  }

  @Test("an argument may follow a point or stand in brackets, in rule and event alike")
  func arguments() throws {
    #expect(try verdict("evt.arg.flags contains X", #"{"evt.arg.flags":"AXB"}"#))
    #expect(try verdict("evt.arg[flags] contains X", #"{"evt.arg.flags":"AXB"}"#))
    #expect(try verdict("container.label.app = x", #"{"container.label[app]":"x"}"#))
    #expect(try verdict("container.label[app] = x", #"{"container.label.app":"x"}"#))
    #expect(try verdict("evt.rawarg.uid = 0", #"{"evt.rawarg.uid":0}"#))
    #expect(try verdict("evt.arg[0] = a", #"{"evt.arg[0]":"a"}"#))
  }
}
