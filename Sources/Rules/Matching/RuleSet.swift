public import Events

/// Compiled rules: what a `Matcher` judges events by.
///
/// Immutable, so any number of threads may share one; a reload makes another and swaps the reference.
public final class RuleSet: Sendable {
  /// The rules that can match, in the order of their definition.
  public let rules: [Rule]
  /// What the fields of all rules, conditions and outputs, want the sources to read.
  public let needs: Needs
  /// Of which processes the sources read what costs most.
  public let scope: DetailScope
  /// Whether an event is done with once a rule has matched.
  public let matching: Matching

  let tables: Tables
  /// Which rules are worth a try for a live event.
  let index: RuleIndex
  /// For each rule where its program for events of captures begins.
  let programs: [Target]
  let outputs: [OutputPlan]
  /// For each rule the classes of events for which it can match.
  let classes: [EventClassSet]
  /// The order in which the rules are tried for an event of a capture.
  let order: [UInt32]
  /// The fields that are read for every alert.
  let context: [OutputField]
  /// The conditions, for explanations and coverage.
  let expressions: [Expression]
  /// The table's fields as they were resolved, for coverage.
  let fields: [ResolvedField]

  /// Which of several matching rules count.
  public enum Matching: String, Sendable {
    /// The first one, rules that name event types before those that do not.
    case first
    /// Every one.
    case all
  }

  /// What of a rule goes beyond its condition and output.
  public struct Rule: Sendable {
    public let name: String
    public let description: String
    public let priority: Priority
    public let source: String
    /// Without doubles, sorted.
    public let tags: [String]
    /// The event types for which it can match, the known ones in alphabetical order; `nil` when it is all of them.
    public let eventTypes: [String]?
    /// The names of the fields in its condition, sorted, each once.
    public let conditionFields: [String]
    /// What its fields want the sources to read.
    public let needs: Needs
  }

  init(_ contents: Contents, _ tables: consuming Tables, _ index: consuming RuleIndex, _ matching: Matching) {
    rules = contents.rules
    programs = contents.programs
    outputs = contents.outputs
    classes = contents.classes
    expressions = contents.expressions
    context = contents.context
    fields = contents.fields
    needs = contents.rules.reduce(contents.contextNeeds) { $0.union($1.needs) }
    scope = contents.scope
    order = contents.order
    self.index = index
    self.tables = tables
    self.matching = matching
  }

  /// The order in which rules are tried: as they are defined, or under `first` those that name event types before.
  static func order(_ rules: [Rule], _ matching: Matching) -> [UInt32] {
    let order = rules.indices.map { UInt32($0) }
    switch matching {
    case .all: return order
    case .first:
      let isTyped = rules.map { $0.eventTypes != nil }
      return order.filter { isTyped[Int($0)] } + order.filter { !isTyped[Int($0)] }
    }
  }

  /// What the compiler hands over beside the tables.
  struct Contents {
    let rules: [Rule]
    let programs: [Target]
    let outputs: [OutputPlan]
    let order: [UInt32]
    let classes: [EventClassSet]
    let expressions: [Expression]
    let context: [OutputField]
    let contextNeeds: Needs
    let fields: [ResolvedField]
    let scope: DetailScope
  }
}
