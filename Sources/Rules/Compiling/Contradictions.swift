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
    var known: [OperandID: [ValueSet]] = [:]
    for part in parts {
      guard let (operand, range, set) = question(part, tables) else { continue }
      let others = known[operand, default: []]
      if others.contains(where: { isAnd ? set.excludes($0) : set.completes($0) }) {
        findings.append(Finding(isAlwaysTrue: !isAnd, operand: operand, range: range))
      }
      guard others.count < Self.comparedLimit else { continue }
      known[operand] = others + [set]
    }
  }

  /// What a part asks of one operand.
  private func question(
    _ part: Expression, _ tables: borrowing Tables
  ) -> (OperandID, SourceRange, ValueSet)? {
    if case .not(let inner) = part {
      return question(inner, tables).map { ($0, $1, $2.inverted) }
    }
    guard case .predicate(let number, let range) = part else { return nil }
    let operand = tables.predicates[number].operand
    guard single.contains(operand), let set = tables.values(of: number) else { return nil }
    return (operand, range, set)
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
