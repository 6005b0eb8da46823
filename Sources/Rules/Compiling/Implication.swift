/// Finds out whether one condition is true whenever another is, from their structure alone.
///
/// It may say no where the answer is yes, never the other way round.
struct Implication {
  /// Comparisons of parts that are made before the answer is no.
  private var budget = 4096

  /// Whether `right` is true of every event of which `left` is.
  mutating func holds(_ left: Expression, _ right: Expression, _ tables: borrowing Tables) -> Bool {
    guard budget > 0 else { return false }
    budget -= 1
    switch (left, right) {
    case (_, .constant(true)), (.constant(false), _): return true
    case (.predicate(let left, _), .predicate(let right, _)):
      return left == right || tables.implies(tables.predicates[left], tables.predicates[right])
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
}

extension Tables {
  /// Whether one predicate holds whenever another does.
  fileprivate func implies(_ left: Predicate, _ right: Predicate) -> Bool {
    guard left.operand == right.operand, left.modifier == nil, right.modifier == nil else { return false }
    let left = tests[Int(left.tests.first)]
    let right = tests[Int(right.tests.first)]
    if right.kind == .present, !right.isNegated { return true }
    guard left.wantsAll == right.wantsAll, !left.isNegated, !right.isNegated else { return false }
    if let less = texts(of: left.kind), let more = texts(of: right.kind) { return less.isSubset(of: more) }
    if let less = numbers(of: left.kind), let more = numbers(of: right.kind) {
      return less.isSubset(of: more)
    }
    return false
  }

  private func texts(of kind: Test.Kind) -> Set<ByteRange>? {
    switch kind {
    case .text(let text): [text]
    case .textIn(let set): members(of: set)
    default: nil
    }
  }

  private func numbers(of kind: Test.Kind) -> Set<UInt64>? {
    switch kind {
    case .number(let bits): [bits]
    case .numberIn(let range): Set(range.indices.map { numbers[$0] })
    default: nil
    }
  }
}
