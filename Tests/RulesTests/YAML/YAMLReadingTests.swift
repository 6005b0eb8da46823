import Testing

@testable import Rules

@Suite struct YAMLReadingTests {
  private func node(_ text: String) throws -> YAMLNode {
    try #require(try YAMLStream.document(parsing: Array(text.utf8)))
  }

  @Test(
    "truth has YAML's words, in three cases",
    arguments: [
      ("true", true), ("True", true), ("TRUE", true), ("yes", true), ("On", true), ("'true'", true),
      ("y", true),
      ("false", false), ("No", false), ("OFF", false), ("n", false), ("tRUE", nil), ("1", nil), ("", nil),
      ("[true]", nil),
    ] as [(String, Bool?)])
  func bool(text: String, expected: Bool?) throws {
    #expect((try? node("- \(text)").list()[0].bool()) == expected)
  }

  @Test(
    "whole numbers are read within bounds",
    arguments: [
      ("5", 5), ("0", 0), ("100", 100), ("101", nil), ("-1", nil), ("0x10", 16), ("1.0", nil), ("1e2", nil),
      ("x", nil),
      ("99999999999999999999", nil), ("~", nil),
    ] as [(String, Int?)])
  func integer(text: String, expected: Int?) throws {
    let node = try node("- \(text)").list()[0]
    #expect((try? node.integer(in: 0...100)) == expected)
  }

  @Test(
    "numbers are finite",
    arguments: [(".03333", 0.03333), ("5", 5), ("1e3", 1000), ("nan", nil), ("inf", nil), ("x", nil)]
      as [(String, Double?)])
  func double(text: String, expected: Double?) throws {
    #expect((try? node("- \(text)").list()[0].double()) == expected)
  }

  @Test("a wrong type is told with its place")
  func types() throws {
    let mapping = try node("a: [b]\nc: d\ne:\n").mapping()
    let errors = [
      #expect(throws: SyntaxError.self) { try mapping["a"]?.string() },
      #expect(throws: SyntaxError.self) { try mapping["c"]?.list() },
      #expect(throws: SyntaxError.self) { try mapping["c"]?.mapping() },
      #expect(throws: SyntaxError.self) { try mapping["e"]?.string() },
    ]
    #expect(
      errors.map { $0?.message } == [
        "expected text, found a list", "expected a list, found text", "expected keys with values, found text",
        "expected text, found nothing",
      ])
    #expect(errors.map { $0?.range } == [3..<6, 10..<11, 10..<11, 14..<14])
  }

  @Test("unknown and doubled keys are told, with what was meant")
  func keys() throws {
    let mapping = try node("name: a\nnmae: b\nname: c\n[x]: d\nzzz: e\n").mapping()
    let problems = mapping.keyProblems(known: ["name", "size"])
    #expect(problems.map(\.kind) == [.unknown, .duplicate, .unknown, .unknown])
    #expect(problems.map(\.error.range.lowerBound) == [8, 16, 24, 31])
    #expect(problems.map(\.error.cure) == ["did you mean 'name'?", nil, nil, nil])
    #expect(try mapping["name"]?.string() == "a")
  }
}
