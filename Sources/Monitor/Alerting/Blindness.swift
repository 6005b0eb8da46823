import Events
import Rules

/// Which rules see nothing of what a source would have told, while that source loses records.
struct Blindness: Sendable {
  private let rules: [SourceID: [String]]

  init(_ rules: RuleSet) {
    var blind: [SourceID: [String]] = [:]
    for source in SourceID.allCases {
      let types = Set(source.seenKinds.flatMap(\.family).map { "\($0)" })
      blind[source] = rules.rules.filter { rule in
        rule.eventTypes.map { !types.isDisjoint(with: $0) } ?? !types.isEmpty
      }.map(\.name)
    }
    self.rules = blind
  }

  /// The names of the rules, in the order of their definition.
  func rules(without source: SourceID) -> [String] { rules[source] ?? [] }
}
