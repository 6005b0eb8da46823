/// Finds exceptions that can never apply, from the values that a rule's own condition leaves to a field.
///
/// Only what is certain: fields with one value that is text, compared with `=` or `in`, in parts that must all hold.
struct ExceptionReach {
  private typealias Allowed = [String: Set<[UInt8]>]

  /// A part of an exception that no event which meets the condition can meet.
  struct Dead {
    /// Which of the exceptions that have values.
    var exception: Int
    /// The values that are too many.
    var range: SourceRange
    /// The field whose values exclude each other.
    var field: String
  }

  /// - Parameter condition: As put together by `ExceptionText`: the rule's condition, then each exception negated.
  static func dead(in condition: Condition, exceptionCount: Int) -> [Dead] {
    guard exceptionCount > 0, case .and(let parts) = condition.kind, parts.count == exceptionCount + 1 else {
      return []
    }
    var allowed: Allowed = [:]
    _ = restrict(&allowed, by: parts[0])
    return parts.dropFirst().enumerated().flatMap { index, part -> [Dead] in
      guard case .not(let exception) = part.kind else { return [] }
      var tuples = [exception]
      if case .or(let alternatives) = exception.kind { tuples = alternatives }
      return tuples.compactMap { tuple in
        var remaining = allowed
        return restrict(&remaining, by: tuple).map {
          Dead(exception: index, range: $0.range, field: $0.field)
        }
      }
    }
  }

  /// Takes away the values that a condition does not allow, and names a field that is left with none.
  private static func restrict(_ allowed: inout Allowed, by condition: Condition) -> (
    field: String, range: SourceRange
  )? {
    switch condition.kind {
    case .and(let parts):
      for part in parts {
        if let conflict = restrict(&allowed, by: part) { return conflict }
      }
      return nil
    case .check(let check):
      guard let (field, values) = values(of: check) else { return nil }
      let left = allowed[field].map { $0.intersection(values) } ?? values
      allowed[field] = left
      return left.isEmpty ? (field, check.firstLiteral?.range ?? condition.range) : nil
    case .or, .not, .macro: return nil
    }
  }

  /// The only values with which a check can hold; `nil` where that is not certain.
  private static func values(of check: Check) -> (field: String, values: Set<[UInt8]>)? {
    guard check.modifier == nil, case .field(let reference) = check.left,
      let field = FieldRegistry.field(named: reference.name), field.type.valueClass == .text,
      field.multiplicity == .one
    else { return nil }
    let values: [Literal]
    switch (check.comparison, check.right) {
    case (.equal, .literal(let literal)): values = [literal]
    case (.in, .list(let literals, _)): values = literals
    default: return nil
    }
    return (check.left.text, Set(values.map(\.bytes)))
  }
}

extension Check {
  /// The constant on the right, or the first of them.
  fileprivate var firstLiteral: Literal? {
    switch right {
    case .literal(let literal): literal
    case .list(let literals, _): literals.first
    case .field, .call, nil: nil
    }
  }
}
