/// Rules that another one hides where only the first match of an event counts.
enum HiddenRules {
  /// Pairs that are looked at; with more rules than a person writes, some are not.
  private static let pairLimit = 250_000

  /// For each hidden rule the first one that hides it.
  ///
  /// - Parameters:
  ///   - order: the rules in the order in which they are tried under `first`.
  ///   - classes: for each rule the classes of event for which it can match.
  static func find(
    _ expressions: [Expression], order: [UInt32], classes: [EventClassSet], _ tables: borrowing Tables
  ) -> [(hidden: Int, by: Int)] {
    var found: [(hidden: Int, by: Int)] = []
    var implication = Implication(tables)
    var pairs = 0
    for (place, hidden) in order.enumerated() {
      let hidden = Int(hidden)
      guard classes[hidden] != .none else { continue }
      for other in order[..<place] {
        let other = Int(other)
        pairs += 1
        guard pairs <= pairLimit else { return found }
        guard classes[hidden].intersection(classes[other]) == classes[hidden] else { continue }
        if implication.isImplied(expressions[other], by: expressions[hidden], tables) {
          found.append((hidden, other))
          break
        }
      }
    }
    return found
  }
}
