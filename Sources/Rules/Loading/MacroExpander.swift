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
  enum Fault {
    case undefined(String, SourceRange)
    /// A macro that is defined only after the one that names it.
    case definedLater(String, SourceRange, definition: SourceRange)
    case cyclic(String, SourceRange)
    case tooDeep(SourceRange)
    case tooLarge(SourceRange)
  }

  private(set) var macros: [Macro]
  private(set) var used: Set<Int> = []
  private let indices: [String: Int]
  private let limits: ConditionLimits
  /// How deep the recursion is: the depth of the tree so far, and the macros on the way that were not expanded before.
  private var depth = 0
  /// What is wrong with the macros expanded so far, by macro, and with the condition that is being expanded.
  private var faults: [Fault] = []
  private var macroFaults: [Int: [Fault]] = [:]

  init(_ macros: [Macro], indices: [String: Int], limits: ConditionLimits) {
    self.macros = macros
    self.indices = indices
    self.limits = limits
  }

  var names: [String] { Array(indices.keys) }

  /// Expands a macro's own condition and returns what is wrong with it.
  mutating func expand(macro index: Int) -> [Fault] {
    expandIfWaiting(macro: index)
    return macroFaults[index] ?? []
  }

  /// Expands a condition that sees all macros.
  ///
  /// - Returns: The condition, or what is wrong with it; neither when all that is wrong with it is wrong with a macro.
  mutating func expand(_ condition: Condition) -> (condition: Condition?, faults: [Fault]) {
    faults = []
    return (expandWhole(condition, visibility: .max)?.0, faults)
  }

  private mutating func expandIfWaiting(macro index: Int) {
    guard macros[index].state == .waiting else { return }
    guard let condition = macros[index].condition else {
      macros[index].state = .failed
      return
    }
    macros[index].state = .inProgress
    let outer = faults
    faults = []
    if let (expanded, cost) = expandWhole(condition, visibility: macros[index].visibility) {
      macros[index].condition = expanded
      macros[index].cost = cost
      macros[index].state = .done
    } else {
      macros[index].state = .failed
    }
    macroFaults[index] = faults
    faults = outer
  }

  private mutating func expandWhole(_ condition: Condition, visibility: Int) -> (Condition, Cost)? {
    guard let (expanded, cost) = expandNode(condition, visibility) else { return nil }
    if cost.depth > limits.treeDepth { return fail(.tooDeep(condition.range)) }
    if cost.nodes > limits.nodeCount { return fail(.tooLarge(condition.range)) }
    return (expanded, cost)
  }

  private mutating func fail(_ fault: Fault) -> (Condition, Cost)? {
    faults.append(fault)
    return nil
  }

  private mutating func expandNode(_ condition: Condition, _ visibility: Int) -> (Condition, Cost)? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= limits.treeDepth else { return fail(.tooDeep(condition.range)) }
    switch condition.kind {
    case .check(let check): return (condition, check.cost)
    case .macro(let name): return expand(named: name, condition.range, visibility)
    case .not(let part):
      guard let (part, cost) = expandNode(part, visibility) else { return nil }
      return (Condition(.not(part), range: condition.range), .over([cost]))
    case .and(let parts):
      guard let (parts, cost) = expandAll(parts, visibility) else { return nil }
      return (Condition(.and(parts), range: condition.range), cost)
    case .or(let parts):
      guard let (parts, cost) = expandAll(parts, visibility) else { return nil }
      return (Condition(.or(parts), range: condition.range), cost)
    }
  }

  /// Expands all parts, those behind a fault as well, lest it hide others.
  private mutating func expandAll(_ parts: [Condition], _ visibility: Int) -> ([Condition], Cost)? {
    var expanded: [Condition] = []
    var costs: [Cost] = []
    for part in parts {
      guard let (part, cost) = expandNode(part, visibility) else { continue }
      expanded.append(part)
      costs.append(cost)
    }
    return expanded.count == parts.count ? (expanded, .over(costs)) : nil
  }

  private mutating func expand(named name: String, _ range: SourceRange, _ visibility: Int)
    -> (Condition, Cost)?
  {
    guard let index = indices[name] else { return fail(.undefined(name, range)) }
    guard macros[index].order < visibility else {
      return fail(.definedLater(name, range, definition: macros[index].item.range))
    }
    used.insert(index)
    if macros[index].state == .inProgress { return fail(.cyclic(name, range)) }
    expandIfWaiting(macro: index)
    guard macros[index].state == .done, let condition = macros[index].condition else { return nil }
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
