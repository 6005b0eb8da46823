import Testing

@testable import Rules

@Suite struct ProgramTests {
  private func listing(_ condition: String) throws -> String {
    var compiler = ConditionCompiler()
    let expression = compiler.compile(try ConditionParser.parse(Array(condition.utf8))).simplified
    let start = compiler.builder.write(expression, ifTrue: .match, ifFalse: .noMatch)
    return compiler.builder.tables.listing(from: start)
  }

  @Test("a program goes on as soon as the outcome is known")
  func jumps() throws {
    #expect(
      try listing("proc.name = a and (proc.pid = 1 or not proc.pname in (b, c)) and evt.failed = true") == """
        0: proc.name = "a" ? 1 : no match
        1: proc.pid = 1 ? 3 : 2
        2: proc.pname in (b, c) ? no match : 3
        3: evt.failed = 1 ? match : no match

        """)
  }

  @Test("what is asked twice is one predicate, and equal ends are one step")
  func sharing() throws {
    var compiler = ConditionCompiler()
    let texts = [
      "proc.name = a and proc.pid = 1", "proc.name == 'a' and proc.pid = 1",
      "proc.name in (a) and proc.pid in (1, 1)",
    ]
    let starts = try texts.map { text in
      let expression = compiler.compile(try ConditionParser.parse(Array(text.utf8)))
      return compiler.builder.write(expression, ifTrue: .match, ifFalse: .noMatch)
    }
    #expect(starts[0] == starts[1])
    let predicates = compiler.builder.tables.predicates.count
    let steps = compiler.builder.tables.steps.count
    #expect(predicates == 2)
    #expect(steps == 2)
    #expect(starts[0] == starts[2])
  }

  @Test(
    "constants vanish",
    arguments: [
      ("proc.name in () and proc.pid = 1", "no match\n"), ("not proc.name in ()", "match\n"),
      ("proc.name in () or proc.pid = 1", "0: proc.pid = 1 ? match : no match\n"),
      ("not (not proc.pid = 1)", "0: proc.pid = 1 ? match : no match\n"),
    ])
  func constants(condition: String, expected: String) throws { #expect(try listing(condition) == expected) }
}
