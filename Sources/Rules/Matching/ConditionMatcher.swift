public import Events

/// Judges events by one condition: `events CONDITION`, `tail --where`.
///
/// One thread at a time. Once warm, matching allocates nothing.
public struct ConditionMatcher: ~Copyable {
  /// What the condition's fields want the sources to read.
  public let needs: Needs
  /// The names of the fields in the condition, sorted, each once.
  public let fields: [String]
  private let tables: Tables
  private let program: Target
  private var evaluator: Evaluator

  /// - Throws: every fault of the condition, in its order.
  public init(_ condition: Condition) throws(ConditionFaults) {
    var compiler = ConditionCompiler()
    let expression = compiler.compile(condition).simplified
    let notes = compiler.takeNotes()
    guard notes.faults.isEmpty else { throw ConditionFaults(notes.faults) }
    program = compiler.builder.write(expression, ifTrue: .match, ifFalse: .noMatch)
    needs = compiler.needs(of: expression, notes.fields)
    fields = Set(notes.fields.map(\.canonicalName)).sorted()
    evaluator = Evaluator(compiler.builder.tables)
    tables = compiler.builder.tables
  }

  /// Whether a live event meets the condition.
  public mutating func matches(_ facts: borrowing LiveFacts) -> Bool {
    evaluator.judge(program, tables, facts)
  }

  /// Whether an event of a capture meets the condition.
  /// - Throws: the first value that is not of its field's type.
  public mutating func matches(_ facts: borrowing FlatFacts) throws(FlatFactsError) -> Bool {
    try evaluator.judge(program, tables, facts)
  }
}

/// All that is wrong with a condition.
public struct ConditionFaults: Error {
  public let diagnostics: [Diagnostic]
}
