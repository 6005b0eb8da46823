import Testing

@testable import Rules

/// What an output prints for a template on a live event.
func text(_ template: String, _ facts: borrowing LiveFacts) throws -> String {
  var compiler = ConditionCompiler()
  let plan = compiler.compile(try OutputTemplate(parsing: template))
  #expect(compiler.takeNotes().faults.map(\.message) == [])
  var evaluator = Evaluator(compiler.builder.tables)
  evaluator.begin()
  return String(decoding: evaluator.message(plan, compiler.builder.tables, facts) ?? [], as: UTF8.self)
}
