public import Events

/// A condition, and the fields to print of each event that meets it: `windhover events`.
///
/// One thread at a time. `text` and `json` are of the event that was judged last.
public struct EventQuery: ~Copyable {
  /// What the condition and the fields want the sources to read.
  public let needs: Needs
  /// Of which processes the sources read what costs most, and which variables of their environments.
  public let scope: DetailScope
  private let tables: Tables
  private let program: Target
  private let fields: [OutputField]
  private var evaluator: Evaluator

  /// - Parameters:
  ///   - condition: `nil` for every event.
  ///   - names: the fields, with their arguments; those that an event has not are left out of its text.
  /// - Throws: every fault of the condition and the names.
  public init(_ condition: Condition?, printing names: [String]) throws(ConditionFaults) {
    var compiler = ConditionCompiler()
    let expression = condition.map { compiler.compile($0).simplified } ?? .constant(true)
    var faults: [Diagnostic] = []
    var fields: [OutputField] = []
    for name in names {
      do throws(FieldError) {
        let field = try FieldRegistry.resolve(spelling: name)
        // Several values stay several in a capture, so that it means the same when it is read again.
        // The type of an event is one text all the same: its first name.
        let isList = field.multiplicity == .any || field.multiplicity == .ends && !field.field.isEventType
        let multiplicity = isList ? Field.Multiplicity.list : field.multiplicity
        fields.append(
          OutputField(
            name: name, text: compiler.use(field).id, value: compiler.builder.field(field), type: field.type,
            multiplicity: multiplicity))
      } catch {
        faults.append(Diagnostic(.unknownFilter, error.description, at: .none, in: [], cure: error.cure))
      }
    }
    let notes = compiler.takeNotes()
    guard notes.faults.isEmpty, faults.isEmpty else { throw ConditionFaults(notes.faults, and: faults) }
    program = compiler.builder.write(expression, ifTrue: .match, ifFalse: .noMatch)
    needs = compiler.needs(of: expression, notes.fields)
    var scope = DetailScope()
    scope.add(needs, of: expression, compiler.builder.tables, compiler.builder.resolvedFields)
    scope.add(variablesOf: notes.fields)
    self.scope = scope
    self.fields = fields
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

  /// Reads all fields that are printed.
  /// - Throws: the first value that is not of its field's type.
  mutating func checkValues(of facts: borrowing FlatFacts) throws(FlatFactsError) {
    evaluator.begin()
    for field in fields { _ = evaluator.load(field.value, tables, facts) }
    if let misfit = evaluator.values.misfit { throw misfit }
  }

  /// The fields that a live event has, as `name=value` with blanks between; bytes as the host gave them.
  public mutating func text(_ facts: borrowing LiveFacts) -> [UInt8] { text(of: facts) }

  /// The fields that an event of a capture has, as `name=value` with blanks between.
  public mutating func text(_ facts: borrowing FlatFacts) -> [UInt8] { text(of: facts) }

  /// The fields that a live event has, as one flat JSON object on one line, fit for `FlatFacts`.
  public mutating func json(_ facts: borrowing LiveFacts) -> String { json(of: facts) }

  /// The fields that an event of a capture has, as one flat JSON object on one line.
  public mutating func json(_ facts: borrowing FlatFacts) -> String { json(of: facts) }

  private mutating func text<F: Facts & ~Copyable>(of facts: borrowing F) -> [UInt8] {
    var text: [UInt8] = []
    for field in fields {
      let slot = evaluator.load(field.text, tables, facts)
      guard slot.count > 0 else { continue }
      if !text.isEmpty { text.append(UInt8(ascii: " ")) }
      text += field.name.utf8
      text.append(UInt8(ascii: "="))
      evaluator.values.write(slot.indices, of: field, to: &text)
    }
    return text
  }

  private mutating func json<F: Facts & ~Copyable>(of facts: borrowing F) -> String {
    let values = evaluator.fields(fields, tables, facts)
    var json = JSONText()
    json.object { json in
      for field in values {
        guard let value = field.value else { continue }
        json.key(field.name)
        json.value(value)
      }
    }
    return json.text
  }
}

extension EventQuery {
  /// Every field that a live event may have, with the arguments that there can be.
  public static let everyField: [String] =
    FieldRegistry.all.filter { !$0.kinds.isEmpty && !$0.mayHoldSecrets }.flatMap { field in
      switch field.name {
      case "evt.arg", "evt.rawarg": return field.liveByKey.keys.sorted().map { "\(field.name).\($0)" }
      default: break
      }
      guard field.argument.presence != .required else { return [] }
      guard field.argument.presence == .optional, field.argument.takesIndex else { return [field.name] }
      return [field.name] + (0..<indexCount).map { "\(field.name)[\($0)]" }
    }

  /// As many creators as a row remembers, and the process itself.
  private static let indexCount = 17
}

extension Field {
  /// Whether the value may hold secrets, so that it is printed only when it is asked for by name.
  fileprivate var mayHoldSecrets: Bool {
    !needs.isDisjoint(with: [.environment, .ancestorEnvironment])
  }

  /// Whether it is `evt.type`, or its other name.
  fileprivate var isEventType: Bool { name == "evt.type" || name == "syscall.type" }
}
