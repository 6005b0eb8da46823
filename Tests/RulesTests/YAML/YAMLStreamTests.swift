import Testing

@testable import Rules

@Suite struct YAMLStreamTests {
  /// A node as text: mappings in braces, sequences in brackets, scalars as they are.
  private func describe(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let scalar): scalar.isNull ? "null" : scalar.text
    case .sequence(let nodes): "[" + nodes.map(describe).joined(separator: ",") + "]"
    case .mapping(let mapping):
      "{" + mapping.entries.map { describe($0.key) + ":" + describe($0.value) }.joined(separator: ",") + "}"
    }
  }

  private func parse(_ text: String) -> YAMLStream { YAMLStream(parsing: Array(text.utf8)) }

  @Test(
    "documents become trees",
    arguments: [
      ("", []), ("# c\n", []), ("a", ["a"]), ("---\na\n---\nb\n...\n", ["a", "b"]), ("- a\n- b\n", ["[a,b]"]),
      ("a: 1\nb: [x, y]\n", ["{a:1,b:[x,y]}"]), ("a:\n  - b: c\n    d:\n", ["{a:[{b:c,d:null}]}"]),
      ("{a: b, c: }", ["{a:b,c:null}"]), ("[=]", ["[=]"]), ("a: =\n", ["{a:=}"]),
      ("- '='\n- \"=\"\n", ["[=,=]"]),
      ("a: >\n  b\n  c\n\n  d\n", ["{a:b c\nd\n}"]), ("a: |-\n  b\n   c\n", ["{a:b\n c}"]),
      ("a: 'it''s'\n", ["{a:it's}"]),
      ("a: \"\\u00e9\\n\"\n", ["{a:é\n}"]), ("a: b\n  c\n", ["{a:b c}"]),
      ("- ~\n- null\n- 'null'\n- !!str null\n", ["[null,null,null,null]"]),
      ("- &x [a]\n- *x\n", ["[[a],[a]]"]), ("a: yes\nb: 0x1F\n", ["{a:yes,b:0x1F}"]),
      ("\u{feff}a: b\n", ["{a:b}"]),
      ("a: b\r\nc: d\r\n", ["{a:b,c:d}"]), ("a: 1\na: 2\n", ["{a:1,a:2}"]), ("? [a]\n: b\n", ["{[a]:b}"]),
    ] as [(String, [String])])
  func trees(text: String, expected: [String]) {
    let stream = parse(text)
    #expect(stream.error == nil)
    #expect(stream.documents.map(describe) == expected)
  }

  @Test("a quoted or tagged null is text")
  func nulls() throws {
    let nodes = try parse("[~, null, NULL, '', 'null', !!str null, ! null, nul]").documents[0].list()
    #expect(nodes.map(\.isNull) == [true, true, true, false, false, false, false, false])
  }

  @Test(
    "a broken text is refused with its place and the cure",
    arguments: [
      (
        "a: b: c\n", 4, "mapping values are not allowed in this context",
        "put a value that holds ': ' in quotes, or after '>' on lines of its own"
      ),
      (
        "a:\n\tb: c\n", 3, "while scanning for the next token: found character that cannot start any token",
        "indent with blanks, not with tabs"
      ),
      (
        "a: %b\n", 3, "while scanning for the next token: found character that cannot start any token",
        "put the value in quotes"
      ),
      ("a: 'b\n", 3, "while scanning a quoted scalar: found unexpected end of stream", "close the quote"),
      (
        "a: [b\n", 3, "while parsing a flow sequence: did not find expected ',' or ']'",
        "put a value that holds ',', '[', ']', '{' or '}' in quotes, and close the bracket"
      ),
      (
        "é: [é\n", 4, "while parsing a flow sequence: did not find expected ',' or ']'",
        "put a value that holds ',', '[', ']', '{' or '}' in quotes, and close the bracket"
      ),
      (
        "- a\nb: c\n", 4, "while parsing a block collection: did not find expected '-' indicator",
        "begin every item with '- ' in the same column"
      ),
      ("a: *x\n", 3, "there is no complete anchor '&x' before this alias", nil),
      (
        "- &abcd x\n- *abdc\n", 12, "there is no complete anchor '&abdc' before this alias",
        "did you mean '*abcd'?"
      ),
      ("&x [*x]\n", 4, "there is no complete anchor '&x' before this alias", nil),
      ("a: !mine b\n", 3, "the tag '!mine' is not known", "remove the tag"),
      ("a: \u{1}\n", 3, "control characters are not allowed", "write it as an escape in double quotes"),
    ] as [(String, Int, String, String?)])
  func broken(text: String, offset: Int, message: String, cure: String?) {
    let error = parse(text).error
    #expect(error?.message == message)
    #expect(error?.cure == cure)
    #expect(error?.range.lowerBound == offset)
  }

  @Test("text that is no UTF-8 is refused at its byte")
  func notUTF8() {
    let stream = YAMLStream(parsing: Array("é: ".utf8) + [0xFF, 0x0A])
    #expect(stream.error?.range == 4..<5)
    #expect(stream.error?.cure == "save the file as UTF-8")
    #expect(YAMLStream(parsing: [0xFF, 0xFE, 0x61, 0x00]).error != nil)
  }

  @Test("items before a fault are kept, the one that holds it is not")
  func cutShort() {
    let stream = parse("- a: 1\n- [b]\n- c: [\n")
    #expect(stream.error != nil)
    #expect(stream.documents.map(describe) == ["[{a:1},[b]]"])
  }

  @Test("a billion laughs are counted, not built")
  func laughs() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...40 {
      text +=
        "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
        + "]\n"
    }
    var stream = parse("")
    let time = ContinuousClock().measure { stream = parse(text) }
    #expect(stream.error?.message == "there are more than 4000000 nodes, aliases expanded")
    #expect(time < .seconds(20), "\(time)")
  }

  @Test(
    "nesting is bounded, in blocks and in flow",
    arguments: ["[", "{a: ", "- ", "? "])
  func depth(opening: String) {
    let bytes = Array(String(repeating: opening, count: 100_000).utf8)
    let time = ContinuousClock().measure { #expect(YAMLStream(parsing: bytes).error != nil) }
    #expect(time < .seconds(20), "\(time)")
  }

  @Test("the limits hold at their edges")
  func limits() {
    var limits = YAMLLimits()
    limits.depth = 3
    limits.nodeCount = 5
    limits.byteCount = 20
    func isRead(_ text: String) -> Bool { YAMLStream(parsing: Array(text.utf8), limits: limits).error == nil }
    #expect(isRead("[[[a]]]") && !isRead("[[[[a]]]]"))
    #expect(isRead("[a, b, c, d]") && !isRead("[a, b, c, d, e]") && !isRead("[&a [b], *a, *a]"))
    #expect(isRead("# 456789012345678901") == true && !isRead("# 4567890123456789012"))
  }

  @Test("a configuration file is one document or none")
  func single() throws {
    #expect(try YAMLStream.document(parsing: Array("# c\n".utf8)) == nil)
    #expect(try YAMLStream.document(parsing: Array("a: b\n".utf8)).map(describe) == "{a:b}")
    #expect(throws: SyntaxError.self) { try YAMLStream.document(parsing: Array("a\n---\nb\n".utf8)) }
    #expect(throws: SyntaxError.self) { try YAMLStream.document(parsing: Array("a: [".utf8)) }
  }
}
