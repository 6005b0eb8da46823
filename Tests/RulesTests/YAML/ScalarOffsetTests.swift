import Testing

@testable import Rules

@Suite struct ScalarOffsetTests {
  @Test(
    "every visible byte of a scalar is found again in the file",
    arguments: [
      "a: plain text", "a: plain\n  over\n  lines", "a: 'single ''quoted'' text'",
      "a: 'single\n  over\n\n  lines'",
      "a: \"double \\\"quoted\\\" \\u00e9 \\t text\"", "a: \"over\n  lines \\\n  joined\"",
      "a: >\n  folded\n  text\n\n  more\n    deep\n",
      "a: >-\n  folded # no comment\n  text\n", "a: |\n  literal\n    text\n\n  more\n",
      "a: |2\n    two\n  less\n", "a: &x !!str tagged",
      "a: &x\n  'anchored'", "a: é ü\n  ö", "a: > # comment\n  text\n", "a: \"\\x41\\U0001F600\\_b\"",
      "a: |\r\n  crlf\r\n  text\r\n",
      "a: >+\n\n  text\n\n\n",
    ])
  func offsets(text: String) throws {
    let bytes = Array(text.utf8)
    let node = try #require(try YAMLStream.document(parsing: bytes)?.mapping()["a"])
    guard case .scalar(let scalar) = node.content else { return }
    let escapes: [UInt8: [UInt8]] = [
      0x5C: Array("\"éA😀\u{a0}".utf8), 0x27: [0x27],
    ]
    var last = node.range.lowerBound
    for (index, byte) in scalar.text.utf8.enumerated() where byte > 0x20 {
      let offset = scalar.fileOffset(ofByte: index, range: node.range, in: bytes)
      #expect(node.range.contains(offset) && offset >= last)
      #expect(
        bytes[offset] == byte || escapes[bytes[offset]]?.contains(byte) == true, "\(index) at \(offset)")
      last = offset
    }
  }

  @Test("a fault in folded, quoted, pasted and appended text is found where it stands")
  func conditions() {
    let cases = [
      ("- macro: m\n  condition: >\n    a.b = c\n    and a.b ?\n", "1.yaml:4:13"),
      ("- macro: m\n  condition: |\n    a.b = c\n\n    and a.b ?\n", "1.yaml:5:13"),
      ("- macro: m\n  condition: 'a.b = ''c'' ?'\n", "1.yaml:2:27"),
      ("- macro: m\n  condition: \"a.b = \\\"c\\\" ?\"\n", "1.yaml:2:27"),
      ("- macro: m\n  condition: a.b = c\n    ?\n", "1.yaml:3:5"),
      ("- macro: m\n  condition: a.b = ü ?\n", "1.yaml:2:22"),
      ("- list: l\n  items: [c, d ')' e]\n- macro: m\n  condition: a.b in (l) ?\n", "1.yaml:4:25"),
      ("- list: l\n  items: [c, '(']\n- macro: m\n  condition: a.b in (l)\n", "1.yaml:2:15"),
      (
        "- macro: m\n  condition: x\n- macro: m\n  condition: a.b ?\n  override: {condition: append}\n",
        "1.yaml:4:14"
      ),
    ]
    for (text, place) in cases { #expect(load(text).findings == ["LOAD_ERR_COMPILE_CONDITION \(place)"]) }
  }
}
