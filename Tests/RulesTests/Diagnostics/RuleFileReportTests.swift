import Testing

@testable import Rules

@Suite struct RuleFileReportTests {
  private func report(_ name: String) throws -> [RuleFileReport] {
    let bytes = try RuleFixture.bytes(RuleFixture.path("errors/\(name).yaml"))
    return RuleLoader().load([RuleFile(name: "\(name).yaml", bytes: bytes)]).reports
  }

  private func expect(_ text: String, in file: String) throws {
    let path = RuleFixture.path("errors/\(file)")
    if RuleFixture.isUpdating { try RuleFixture.write(text, to: path) }
    let expected = String(decoding: try RuleFixture.bytes(path), as: UTF8.self)
    #expect(text == expected, "\(file) differs; see its README")
  }

  @Test(
    "what is wrong with a file is told as it always was",
    arguments: ["conditions", "structure", "changes", "broken", "hostile", "warnings"])
  func golden(name: String) throws {
    let reports = try report(name)
    try expect(reports.map { $0.text + $0.summary }.joined(), in: "\(name).txt")
    try expect(RuleFileReport.json(reports) + "\n", in: "\(name).json")
  }

  @Test(
    "what is wrong with names and types is told once rules are compiled, and what is legal and most likely not meant",
    arguments: ["types", "lints"])
  func compiled(name: String) throws {
    let bytes = try RuleFixture.bytes(RuleFixture.path("errors/\(name).yaml"))
    let reports = CompiledRules([RuleFile(name: "\(name).yaml", bytes: bytes)]).resolved.reports
    try expect(reports.map { $0.text + $0.summary }.joined(), in: "\(name).txt")
    try expect(RuleFileReport.json(reports) + "\n", in: "\(name).json")
  }

  @Test("every kind of fault stands in one of the files above")
  func everyCode() throws {
    var text = ""
    for name in ["conditions", "structure", "changes", "broken", "hostile", "warnings", "lints"] {
      text += String(decoding: try RuleFixture.bytes(RuleFixture.path("errors/\(name).txt")), as: UTF8.self)
    }
    // There are no extensions, and the tests of the command have a file that is missing.
    let elsewhere: Set<DiagnosticCode> = [.extensionError, .warningExtension, .fileRead]
    for code in DiagnosticCode.allCases where !elsewhere.contains(code) {
      #expect(text.contains("[\(code.rawValue)]"), "\(code.rawValue)")
    }
  }

  @Test("nothing from a file reaches the terminal as a control character")
  func hostile() throws {
    let text = try report("hostile").map(\.text).joined()
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7F) })
    #expect(!text.unicodeScalars.contains("\u{202E}"))
    let name = RuleLoader().load([RuleFile(name: "a\u{1B}[2J\n.yaml", bytes: Array("x: [".utf8))]).reports[0]
    #expect(name.text.hasPrefix("a\\u{1b}[2J\\u{a}.yaml:1:5: error: "))
    #expect(name.summary == "a\\u{1b}[2J\\u{a}.yaml: 1 error\n")
  }

  @Test("a finding is told once, in the order of the file, errors before what is cut off")
  func limits() {
    var text = ""
    for number in 0..<1_500 { text += "- item: \(number)\n" }
    let report = load(text + "- macro: m\n  condition: a.b =\n").reports[0]
    #expect(report.errors.count == 1 && report.warnings.count == 999 && report.omittedCount == 501)
    let lines = report.warnings.map(\.location.line)
    #expect(lines == lines.sorted())
    #expect(report.text.hasSuffix("1.yaml: 501 more\n"))
  }

  @Test("JSON strings hold any text")
  func json() {
    var json = JSONText()
    json.array(["\"\\/\u{8}\u{0}\n", "\u{2028}ü\u{7F}😀"]) { $0.string($1) }
    #expect(json.text == "[\"\\\"\\\\/\\u0008\\u0000\\n\",\"\\u2028ü\\u007f😀\"]")
  }

  @Test("a fault at the very end of a file has a place")
  func end() {
    #expect(load("- macro: m\n  condition: a.b =").reports[0].errors[0].excerpt?.text.hasSuffix("^") == true)
    #expect(load("- macro: m\n  condition: '").reports[0].errors[0].location.line == 2)
  }
}
