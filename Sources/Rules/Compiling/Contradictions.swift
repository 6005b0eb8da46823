/// Finds parts of a condition that no event can meet, or that every event meets, since they ask two things of one
/// value that exclude, or complete, each other.
///
/// Only fields with at most one value are looked at: of several values one can meet the one thing and one the other.
struct Contradictions {
  /// A part, where it stands, and whether it is always true or never.
  struct Finding {
    let isAlwaysTrue: Bool
    let operand: OperandID
    let range: SourceRange
  }

  private(set) var findings: [Finding] = []
  private let single: Set<OperandID>

  /// So many questions about one operand are compared with those after them; more than these a program has written.
  private static let comparedLimit = 50

  /// - Parameter single: the operands that have at most one value.
  init(_ expression: Expression, single: Set<OperandID>, _ tables: borrowing Tables) {
    self.single = single
    inspect(expression, tables)
  }

  private mutating func inspect(_ expression: Expression, _ tables: borrowing Tables) {
    switch expression {
    case .constant, .predicate: break
    case .not(let part): inspect(part, tables)
    case .and(let parts), .or(let parts):
      for part in parts { inspect(part, tables) }
      if case .and = expression {
        compare(parts, isAnd: true, tables)
      } else {
        compare(parts, isAnd: false, tables)
      }
    }
  }

  /// Holds each two parts that ask something of one operand against each other.
  private mutating func compare(_ parts: [Expression], isAnd: Bool, _ tables: borrowing Tables) {
    var known: [OperandID: [Question]] = [:]
    for part in parts {
      guard let question = question(part, tables) else { continue }
      let others = known[question.operand, default: []]
      if others.contains(where: { isAnd ? question.excludes($0, tables) : question.completes($0) }) {
        findings.append(
          Finding(isAlwaysTrue: !isAnd, operand: question.operand, range: question.range))
      }
      guard others.count < Self.comparedLimit else { continue }
      known[question.operand] = others + [question]
    }
  }

  /// What a part asks of one operand.
  private struct Question {
    let operand: OperandID
    let range: SourceRange
    let test: Test
    var isNegated = false
    /// The values that it asks for, where they can be listed.
    var values: ValueSet?

    func excludes(_ other: Question, _ tables: borrowing Tables) -> Bool {
      if let values, let others = other.values { return values.excludes(others) }
      return allFail(other, tables) || other.allFail(self, tables)
    }

    func completes(_ other: Question) -> Bool {
      guard let values, let others = other.values else { return false }
      return values.completes(others)
    }

    /// Whether this asks for one of some texts, and none of them is what the other asks for.
    private func allFail(_ other: Question, _ tables: borrowing Tables) -> Bool {
      guard let texts = values?.texts, case .bytes(let test, let constant) = other.test.kind else {
        return false
      }
      let bytes = tables.constants.span
      for text in texts {
        let holds = test.holds(bytes.extracting(text.indices), bytes.extracting(constant.indices))
        if holds != (other.isNegated != other.test.isNegated) { return false }
      }
      return true
    }
  }

  private func question(_ part: Expression, _ tables: borrowing Tables) -> Question? {
    if case .not(let inner) = part {
      guard var question = question(inner, tables) else { return nil }
      question.isNegated.toggle()
      question.values = question.values?.inverted
      return question
    }
    guard case .predicate(let number, let range) = part, tables.predicates[number].modifier == nil else {
      return nil
    }
    let operand = tables.predicates[number].operand
    guard single.contains(operand) else { return nil }
    return Question(
      operand: operand, range: range, test: tables.test(of: number), values: tables.values(of: number))
  }
}

extension Tables {
  /// The operands that are a field with at most one value.
  func singleFields(among fields: [ResolvedField]) -> Set<OperandID> {
    var result: Set<OperandID> = []
    for (number, source) in operands.enumerated() {
      guard case .field(let field) = source, fields[Int(field)].multiplicity == .one else { continue }
      result.insert(OperandID(number))
    }
    return result
  }
}
