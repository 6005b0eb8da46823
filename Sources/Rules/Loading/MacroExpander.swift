/// Puts the conditions of macros in the place of their names.
///
/// Macros see those that were defined before them; rules see all. What a macro expands to is shared, so a macro
/// of macros of macros costs no memory, and what it would cost to walk is counted and bounded.
struct MacroExpander {
  /// A macro whose condition was parsed; `nil` when that failed, which was then noted.
  struct Macro {
    var item: RuleItem
    var order: Int
    var visibility: Int
    var condition: Condition?
    var state = State.waiting
    var cost = Cost()
  }

  enum State { case waiting, inProgress, done, failed }

  /// What walking a tree takes.
  struct Cost {
    var depth = 0
    var nodes = 0

    /// The cost of a node over these.
    static func over(_ parts: [Cost]) -> Cost {
      Cost(
        depth: 1 + (parts.map(\.depth).max() ?? 0),
        nodes: parts.reduce(1) { sum, part in
          let (total, overflow) = sum.addingReportingOverflow(part.nodes)
          return overflow ? .max : total
        })
    }
  }

  /// Why a condition could not be expanded.
  enum Fault: Error {
    case undefined(String, SourceRange)
    /// A macro that is defined only after the one that names it.
    case definedLater(String, SourceRange, SourceRange)
    case cyclic(String, SourceRange)
    case tooDeep(SourceRange)
    case tooLarge(SourceRange)
    /// It names a macro that is wrong itself, which was noted there.
    case silent
  }

  private(set) var macros: [Macro]
  private(set) var used: Set<Int> = []
  private let indices: [String: Int]
  private let limits: ConditionLimits
  /// How deep the recursion is; along any path it is what the tree's depth will be.
  private var depth = 0

  init(_ macros: [Macro], indices: [String: Int], limits: ConditionLimits) {
    self.macros = macros
    self.indices = indices
    self.limits = limits
  }

  var names: [String] { Array(indices.keys) }

  /// Expands a macro's own condition.
  mutating func expand(macro index: Int) throws(Fault) {
    switch macros[index].state {
    case .done: return
    case .failed, .inProgress: throw .silent
    case .waiting: break
    }
    guard let condition = macros[index].condition else {
      macros[index].state = .failed
      throw .silent
    }
    macros[index].state = .inProgress
    do throws(Fault) {
      let (expanded, cost) = try expand(condition, visibility: macros[index].visibility)
      macros[index].condition = expanded
      macros[index].cost = cost
      macros[index].state = .done
    } catch {
      macros[index].state = .failed
      throw error
    }
  }

  /// Expands a condition that sees the macros whose order is below `visibility`.
  mutating func expand(_ condition: Condition, visibility: Int = .max) throws(Fault) -> (Condition, Cost) {
    let result = try expandNode(condition, visibility)
    guard result.1.depth <= limits.treeDepth else { throw .tooDeep(condition.range) }
    guard result.1.nodes <= limits.nodeCount else { throw .tooLarge(condition.range) }
    return result
  }

  private mutating func expandNode(_ condition: Condition, _ visibility: Int) throws(Fault) -> (
    Condition, Cost
  ) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= limits.treeDepth else { throw .tooDeep(condition.range) }
    switch condition.kind {
    case .check(let check): return (condition, check.cost)
    case .macro(let name): return try expand(named: name, condition.range, visibility)
    case .not(let part):
      let (part, cost) = try expandNode(part, visibility)
      return (Condition(.not(part), range: condition.range), .over([cost]))
    case .and(let parts):
      let (parts, cost) = try expandAll(parts, visibility)
      return (Condition(.and(parts), range: condition.range), cost)
    case .or(let parts):
      let (parts, cost) = try expandAll(parts, visibility)
      return (Condition(.or(parts), range: condition.range), cost)
    }
  }

  private mutating func expandAll(_ parts: [Condition], _ visibility: Int) throws(Fault) -> (
    [Condition], Cost
  ) {
    var expanded: [Condition] = []
    var costs: [Cost] = []
    for part in parts {
      let (part, cost) = try expandNode(part, visibility)
      expanded.append(part)
      costs.append(cost)
    }
    return (expanded, .over(costs))
  }

  private mutating func expand(named name: String, _ range: SourceRange, _ visibility: Int) throws(Fault)
    -> (Condition, Cost)
  {
    guard let index = indices[name] else { throw .undefined(name, range) }
    guard macros[index].order < visibility else { throw .definedLater(name, range, macros[index].item.range) }
    used.insert(index)
    if macros[index].state == .inProgress { throw .cyclic(name, range) }
    try expand(macro: index)
    guard let condition = macros[index].condition else { throw .silent }
    return (condition, macros[index].cost)
  }
}

extension Check {
  /// One, and one for each constant of a list.
  fileprivate var cost: MacroExpander.Cost {
    guard case .list(let literals, _)? = right else { return MacroExpander.Cost(depth: 1, nodes: 1) }
    return MacroExpander.Cost(depth: 1, nodes: 1 + literals.count)
  }
}
