public import Events

/// Compiled rules: what a `Matcher` judges events by.
///
/// Immutable, so any number of threads may share one; a reload makes another and swaps the reference.
public final class RuleSet: Sendable {
  /// The rules that can match, in the order of their definition.
  public let rules: [Rule]
  /// What the fields of all rules, conditions and outputs, want the sources to read.
  public let needs: Needs
  /// Whether an event is done with once a rule has matched.
  public let matching: Matching

  let tables: Tables
  /// For each rule where its program begins.
  let programs: [Target]
  let outputs: [OutputPlan]
  /// For each rule the classes of events for which it can match.
  let classes: [EventClassSet]
  /// For each kind of live event, by its raw value, the rules that can match, in the order in which they are tried.
  let candidates: [[UInt32]]
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

  init(_ parts: Parts) {
    rules = parts.rules
    matching = parts.matching
    tables = parts.tables
    programs = parts.programs
    outputs = parts.outputs
    classes = parts.classes
    context = parts.context
    expressions = parts.expressions
    fields = parts.fields
    needs = parts.rules.reduce(parts.contextNeeds) { $0.union($1.needs) }
    var order = Array(parts.rules.indices.map(UInt32.init))
    if parts.matching == .first {
      order =
        order.filter { parts.rules[Int($0)].eventTypes != nil }
        + order.filter { parts.rules[Int($0)].eventTypes == nil }
    }
    self.order = order
    let largest = EventKind.allCases.map { Int($0.rawValue) }.max() ?? 0
    var candidates = [[UInt32]](repeating: [], count: largest + 1)
    for kind in EventKind.allCases {
      let place = EventClasses.live(kind)
      candidates[Int(kind.rawValue)] = order.filter { parts.classes[Int($0)].contains(place) }
    }
    self.candidates = candidates
  }

  /// What the compiler hands over.
  struct Parts {
    var matching: Matching
    var tables: Tables
    var rules: [Rule] = []
    var programs: [Target] = []
    var outputs: [OutputPlan] = []
    var classes: [EventClassSet] = []
    var expressions: [Expression] = []
    var context: [OutputField]
    var contextNeeds: Needs
    var fields: [ResolvedField]
  }
}
