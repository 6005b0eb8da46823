/// Finds out whether one condition is true whenever another is, from their structure alone.
///
/// It may say no where the answer is yes, never the other way round.
struct Implication {
  /// For each predicate the values that it asks for, where they are some or all but some.
  private let values: [ValueSet?]
  /// Comparisons of parts that are made before the answer is no.
  private var budget = 0

  init(_ tables: borrowing Tables) {
    var values: [ValueSet?] = []
    for predicate in tables.predicates.indices { values.append(tables.values(of: predicate)) }
    self.values = values
  }

  /// Whether `right` is true of every event of which `left` is.
  mutating func isImplied(_ right: Expression, by left: Expression, _ tables: borrowing Tables) -> Bool {
    budget = 4096
    return holds(left, right, tables)
  }

  private mutating func holds(_ left: Expression, _ right: Expression, _ tables: borrowing Tables) -> Bool {
    guard budget > 0 else { return false }
    budget -= 1
    switch (left, right) {
    case (_, .constant(true)), (.constant(false), _): return true
    case (.predicate(let left, _), .predicate(let right, _)):
      return left == right || implies(left, right, tables)
    case (.not(let left), .not(let right)): return holds(right, left, tables)
    case (_, .and(let parts)):
      for part in parts where !holds(left, part, tables) { return false }
      return true
    case (.or(let parts), _):
      for part in parts where !holds(part, right, tables) { return false }
      return true
    default: return holdsForPart(left, right, tables)
    }
  }

  /// Whether a part of `left`, or a part of `right`, is enough.
  private mutating func holdsForPart(
    _ left: Expression, _ right: Expression, _ tables: borrowing Tables
  ) -> Bool {
    if case .or(let parts) = right {
      for part in parts where holds(left, part, tables) { return true }
    }
    if case .and(let parts) = left {
      for part in parts where holds(part, right, tables) { return true }
    }
    return false
  }

  /// Whether one predicate holds whenever another does.
  private func implies(_ left: Int, _ right: Int, _ tables: borrowing Tables) -> Bool {
    guard tables.predicates[left].operand == tables.predicates[right].operand else { return false }
    if tables.predicates[right].modifier == nil, tables.test(of: right) == Test(.present) { return true }
    // A missing value makes both false, so that of sets of values the smaller implies the larger.
    guard let less = values[left], let more = values[right],
      tables.test(of: left).wantsAll == tables.test(of: right).wantsAll
    else { return false }
    return less.isSubset(of: more)
  }
}
