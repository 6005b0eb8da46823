public import Events
import Model

/// Judges events by a rule set, one after the other.
///
/// One thread at a time; the engine has its own. Once warm, matching allocates nothing.
public struct Matcher: ~Copyable {
  public let ruleSet: RuleSet
  /// The rules that matched the last event, by their places in `ruleSet.rules`.
  public private(set) var matches: [Int] = []
  private var evaluator: Evaluator
  private var marks: CandidateMarks

  public init(_ ruleSet: RuleSet) {
    self.ruleSet = ruleSet
    evaluator = Evaluator(ruleSet.tables)
    matches.reserveCapacity(16)
    marks = CandidateMarks(count: ruleSet.rules.count)
  }

  /// Judges a live event.
  /// - Returns: whether a rule matched; `matches` holds which.
  @discardableResult
  public mutating func match(_ facts: borrowing LiveFacts) -> Bool {
    evaluator.begin()
    matches.removeAll(keepingCapacity: true)
    let kind = ruleSet.index.kinds[Int(facts.event.kind.rawValue)]
    mark(kind, facts)
    while let place = marks.takeFirst() {
      let candidate = ruleSet.index.candidates[Int(kind.candidates.first) + place]
      guard evaluator.run(candidate.program, ruleSet.tables, facts) else { continue }
      matches.append(Int(candidate.rule))
      if ruleSet.matching == .first {
        marks.removeAll()
        return true
      }
    }
    return !matches.isEmpty
  }

  /// Marks the candidates of the event's kind that are worth a try.
  private mutating func mark(_ kind: RuleIndex.Kind, _ facts: borrowing LiveFacts) {
    for index in kind.unanchored.indices { marks.insert(ruleSet.index.unanchored[index]) }
    for number in kind.probes.indices {
      let probe = ruleSet.index.probes[number]
      let slot = evaluator.load(probe.operand, ruleSet.tables, facts)
      for value in slot.indices {
        let hash = evaluator.values.hash(at: value)
        let rules = ruleSet.index.rules(probe, hash, evaluator.values.list[value].text, evaluator.values)
        for index in rules.indices {
          marks.insert(Int(ruleSet.index.places[index]))
        }
      }
    }
  }

  /// Judges an event of a capture.
  /// - Returns: whether a rule matched; `matches` holds which.
  /// - Throws: the first value that is not of its field's type; the rules were judged without it.
  @discardableResult
  public mutating func match(_ facts: borrowing FlatFacts) throws(FlatFactsError) -> Bool {
    evaluator.begin()
    matches.removeAll(keepingCapacity: true)
    let place = facts.eventClass
    for rule in ruleSet.order where ruleSet.classes[Int(rule)].contains(place) {
      if evaluator.run(ruleSet.programs[Int(rule)], ruleSet.tables, facts) {
        matches.append(Int(rule))
        if ruleSet.matching == .first { break }
      }
    }
    if let misfit = evaluator.values.misfit { throw misfit }
    return !matches.isEmpty
  }

  // MARK: - What alerts say

  /// The output of a rule that matched the last live event.
  public mutating func output(of rule: Int, _ facts: borrowing LiveFacts) -> RuleOutput {
    output(of: rule, for: facts)
  }

  /// The output of a rule that matched the last event of a capture.
  public mutating func output(of rule: Int, _ facts: borrowing FlatFacts) -> RuleOutput {
    output(of: rule, for: facts)
  }

  /// The fields that are read for every alert, of the last live event.
  public mutating func context(_ facts: borrowing LiveFacts) -> [(name: String, value: FieldValue?)] {
    evaluator.fields(ruleSet.context, ruleSet.tables, facts)
  }

  /// The fields that are read for every alert, of the last event of a capture.
  public mutating func context(_ facts: borrowing FlatFacts) -> [(name: String, value: FieldValue?)] {
    evaluator.fields(ruleSet.context, ruleSet.tables, facts)
  }

  private mutating func output<F: Facts & ~Copyable>(of rule: Int, for facts: borrowing F) -> RuleOutput {
    let plan = ruleSet.outputs[rule]
    var fields = evaluator.fields(plan.fields, ruleSet.tables, facts)
    for extra in plan.extras {
      let value = evaluator.value(extra, ruleSet.tables, facts)
      if let place = fields.firstIndex(where: { $0.name == extra.name }) {
        fields[place].value = value
      } else {
        fields.append((extra.name, value))
      }
    }
    return RuleOutput(message: evaluator.message(plan, ruleSet.tables, facts) ?? [], fields: fields)
  }
}

/// What a rule prints about one event.
public struct RuleOutput {
  /// The text as bytes, as the host gave them: formats escape.
  public let message: [UInt8]
  /// The fields that the text names, each once, in order, and those that the configuration adds; without a value where
  /// the event had none.
  public let fields: [(name: String, value: FieldValue?)]
}
