import Testing

@testable import Rules

@Suite struct OutputParserTests {
  private func parse(_ text: String, isField: ((String) -> Bool)? = nil) throws -> OutputTemplate {
    try OutputTemplate(parsing: text, isField: isField)
  }

  private func describe(_ template: OutputTemplate) -> [String] {
    template.segments.map { segment in
      switch segment {
      case .text(let text): text
      case .operand(let operand, nil): "<\(operand.text)>"
      case .operand(let operand, let width?): "<\(operand.text):\(width)>"
      }
    }
  }

  @Test(
    "a template is text and fields",
    arguments: [
      ("", []), ("text", ["text"]), ("%a.b", ["<a.b>"]), ("x %a.b", ["x ", "<a.b>"]),
      ("%a.b%c.d", ["<a.b>", "<c.d>"]),
      ("file=%fd.name.", ["file=", "<fd.name>", "."]), ("(%a.b)", ["(", "<a.b>", ")"]),
      ("%proc.aname[2] x", ["<proc.aname[2]>", " x"]), ("%evt.arg[\"a b\"]!", ["<evt.arg[\"a b\"]>", "!"]),
      ("%toupper(a.b)%b64( c.d )", ["<toupper(a.b)>", "<b64(c.d)>"]),
      ("%join(',', a.b)", ["<join(\",\", a.b)>"]),
      ("%10a.b|", ["<a.b:10>", "|"]), ("a%container.info b", ["a b"]), ("%container.info", []),
      ("ü%a.bü", ["ü", "<a.b>", "ü"]),
    ] as [(String, [String])])
  func segments(text: String, expected: [String]) throws {
    let template = try parse(text)
    #expect(describe(template) == expected)
    #expect(template.text == text && !template.printsMissing)
  }

  @Test("a leading star prints lines whose values are missing")
  func star() throws {
    let template = try parse("*%a.b *")
    #expect(template.printsMissing && template.text == "%a.b *" && describe(template) == ["<a.b>", " *"])
  }

  @Test(
    "a field's name ends where the longest known name ends",
    arguments: [
      ("%evt.type_x", ["<evt.type>", "_x"]), ("%proc.name.x", ["<proc.name>", ".x"]),
      ("%fd.nameraw", ["<fd.nameraw>"]),
      ("%proc.aname[2].x", ["<proc.aname[2]>", ".x"]), ("%evt.type[1]", ["<evt.type[1]>"]),
      ("%no.field", ["<no.field>"]),
    ] as [(String, [String])])
  func longestName(text: String, expected: [String]) throws {
    let known: Set = ["evt.type", "proc.name", "proc.aname", "fd.name", "fd.nameraw"]
    #expect(describe(try parse(text) { known.contains($0) }) == expected)
  }

  @Test(
    "a wrong template is refused with its place",
    arguments: [
      ("%", 0, "an output cannot end in '%'"), ("100%", 3, "an output cannot end in '%'"),
      ("50% of", 2, "no field follows this '%'"), ("%%a.b", 0, "no field follows this '%'"),
      ("%a", 0, "no field follows this '%'"),
      ("%a.b[", 5, "expected an argument after 'a.b[', found the end"),
      ("%a.b[1", 4, "this '[' is never closed"),
      ("%tolower(a.b", 1, "the parenthesis of 'tolower' is never closed"),
      ("%tolower(x)", 9, "expected a field or a transformer in 'tolower(…)', found 'x'"),
      ("%0a.b", 1, "a width goes from 1 to 65535"), ("%99999a.b", 1, "a width goes from 1 to 65535"),
    ])
  func refused(text: String, offset: Int, message: String) {
    let error = #expect(throws: SyntaxError.self) { try OutputTemplate(parsing: text) }
    #expect(error?.message == message)
    #expect(error?.range.lowerBound == offset)
  }

  @Test("all faults of a template are found")
  func several() {
    #expect(
      OutputParser.parse(Array("%x %a.b %tolower(y) %".utf8)).errors.map(\.range.lowerBound) == [0, 17, 20])
  }
}
