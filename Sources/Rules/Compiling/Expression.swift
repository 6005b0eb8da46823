/// A condition whose comparisons have become rows of the predicate table.
indirect enum Expression: Equatable, Sendable {
  case constant(Bool)
  /// A predicate by its number, and the comparison's place in the rule file.
  case predicate(Int, SourceRange)
  case not(Expression)
  case and([Expression])
  case or([Expression])

  static func == (left: Expression, right: Expression) -> Bool {
    switch (left, right) {
    case (.constant(let left), .constant(let right)): left == right
    case (.predicate(let left, _), .predicate(let right, _)): left == right
    case (.not(let left), .not(let right)): left == right
    case (.and(let left), .and(let right)): left == right
    case (.or(let left), .or(let right)): left == right
    default: false
    }
  }
}

extension Expression {
  /// The expression without constants, or a constant.
  var simplified: Expression {
    switch self {
    case .constant, .predicate: return self
    case .not(let part):
      switch part.simplified {
      case .constant(let value): return .constant(!value)
      case .not(let inner): return inner
      case let part: return .not(part)
      }
    case .and(let parts):
      let rest = parts.map(\.simplified).filter { $0 != .constant(true) }
      if rest.contains(.constant(false)) { return .constant(false) }
      return rest.isEmpty ? .constant(true) : rest.count == 1 ? rest[0] : .and(rest)
    case .or(let parts):
      let rest = parts.map(\.simplified).filter { $0 != .constant(false) }
      if rest.contains(.constant(true)) { return .constant(true) }
      return rest.isEmpty ? .constant(false) : rest.count == 1 ? rest[0] : .or(rest)
    }
  }

  /// The predicates, in order.
  var predicates: [Int] {
    switch self {
    case .constant: []
    case .predicate(let number, _): [number]
    case .not(let part): part.predicates
    case .and(let parts), .or(let parts): parts.flatMap(\.predicates)
    }
  }

  /// The predicates, in order, and whether their truth counts against the whole.
  func signedPredicates(isNegated: Bool) -> [(number: Int, isNegated: Bool)] {
    switch self {
    case .constant: []
    case .predicate(let number, _): [(number, isNegated)]
    case .not(let part): part.signedPredicates(isNegated: !isNegated)
    case .and(let parts), .or(let parts): parts.flatMap { $0.signedPredicates(isNegated: isNegated) }
    }
  }
}

extension TableBuilder {
  /// Writes the steps of an expression, the last first, so that each knows where to go on.
  /// - Returns: where the program begins.
  mutating func write(_ expression: Expression, ifTrue: Target, ifFalse: Target) -> Target {
    switch expression {
    case .constant(let value): return value ? ifTrue : ifFalse
    case .predicate(let number, _):
      return step(Step(predicate: UInt32(number), ifTrue: ifTrue, ifFalse: ifFalse))
    case .not(let part): return write(part, ifTrue: ifFalse, ifFalse: ifTrue)
    case .and(let parts):
      return parts.reversed().reduce(ifTrue) { next, part in write(part, ifTrue: next, ifFalse: ifFalse) }
    case .or(let parts):
      return parts.reversed().reduce(ifFalse) { next, part in write(part, ifTrue: ifTrue, ifFalse: next) }
    }
  }
}
