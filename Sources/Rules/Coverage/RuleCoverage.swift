public import Events

/// What a rule is worth with the sources that are at work.
public struct RuleCoverage: Equatable, Sendable {
  public let verdict: Verdict
  /// Why it is not covered; none when it is.
  public let reasons: [Reason]
  /// What else it does with these sources that its text does not say, in sentences without a full stop.
  public let notes: [String]

  public enum Verdict: String, CaseIterable, Sendable {
    /// It matches what it was written for.
    case covered
    /// Some of what it was written for goes unseen.
    case mayMiss = "may miss"
    /// It is wider than written: what should exempt an event is not known.
    case mayOverAlert = "may over-alert"
    /// It cannot match.
    case blind
  }

  /// One cause, and what follows from it.
  public struct Reason: Hashable, Sendable {
    /// What this cause alone makes of the rule; never `covered`.
    public let verdict: Verdict
    /// One sentence without a full stop.
    public let text: String
  }
}

extension RuleSet {
  /// What each rule is worth with these sources; in the order of `rules`.
  public func coverage(with sources: Set<SourceID>) -> [RuleCoverage] {
    let analysis = EventClassAnalysis(tables, fields: fields.map(FieldAvailability.init))
    return rules.indices.map { rule in
      var judge = CoverageJudge(sources: sources)
      judge.judge(rules[rule].eventTypes, expressions[rule], analysis, tables, fields)
      if rules[rule].needs.contains(.containerMetadata) { judge.judgeContainers() }
      return judge.coverage
    }
  }
}

/// Finds the causes that keep one rule from being covered.
private struct CoverageJudge {
  let sources: Set<SourceID>
  private var reasons: [RuleCoverage.Reason] = []
  private var notes: [String] = []
  private var canMatch = false

  init(sources: Set<SourceID>) { self.sources = sources }

  var coverage: RuleCoverage {
    guard canMatch else {
      let causes = reasons.filter { $0.verdict == .blind }
      return RuleCoverage(verdict: .blind, reasons: causes, notes: [])
    }
    // What is blind in one kind of event alone makes the rule miss those.
    let causes = reasons.map {
      $0.verdict == .blind ? RuleCoverage.Reason(verdict: .mayMiss, text: $0.text) : $0
    }
    let verdict = [RuleCoverage.Verdict.mayMiss, .mayOverAlert].first { verdict in
      causes.contains { $0.verdict == verdict }
    }
    return RuleCoverage(verdict: verdict ?? .covered, reasons: causes, notes: notes)
  }

  mutating func judge(
    _ types: [String]?, _ expression: Expression, _ analysis: EventClassAnalysis, _ tables: borrowing Tables,
    _ fields: [ResolvedField]
  ) {
    judgeTypes(types)
    // A rule for every type is judged by what it sees of the most frequent one.
    for kind in EventKind.allCases where types != nil || kind == .executed {
      let sight = SourceSight.best(sources, of: kind)
      let ideal = analysis.specialized(expression, keepingUnservedOf: kind).simplified
      guard sight != .none else { continue }
      guard ideal != .constant(false) else {
        judgeExclusion(kind, types, DecidingFields(expression, kind, analysis, tables, fields).names)
        continue
      }
      let unserved = UnservedFields(ideal, kind, analysis, tables, fields)
      if analysis.specialized(expression, for: EventClasses.live(kind)).simplified == .constant(false) {
        add(.blind, "no source gives \(Self.list(unserved.wanted)) in \(kind.name) events")
        continue
      }
      canMatch = true
      if let types { noteFamily(of: kind, types) }
      if case .some(let missing) = sight {
        add(.mayMiss, "of \(kind.name) events it does not see \(missing)")
      }
      if !unserved.wanted.isEmpty {
        add(.mayMiss, "no source gives \(Self.list(unserved.wanted)) in \(kind.name) events")
      }
      if !unserved.denied.isEmpty {
        add(
          .mayOverAlert,
          "no source gives \(Self.list(unserved.denied)), by which it exempts \(kind.name) events")
      }
    }
    if !canMatch, !reasons.contains(where: { $0.verdict == .blind }) {
      add(.blind, "no event of these sources can meet the condition")
    }
  }

  /// Fields of containers have values in every kind of event, but the files that tell them are a source's of its own.
  mutating func judgeContainers() {
    guard !sources.contains(.containers) else { return }
    add(.mayMiss, "without the source containers nobody reads what runtimes tell of them")
  }

  /// Says why a rule cannot match a kind of event that it names.
  ///
  /// - Parameter deciding: the fields whose values for the kind, always the same, exclude it.
  private mutating func judgeExclusion(_ kind: EventKind, _ types: [String]?, _ deciding: [String]) {
    guard let types, kind.familyTexts.contains(where: types.contains) else { return }
    guard deciding.isEmpty else {
      return add(.blind, "\(kind.name) events never have what it asks of \(Self.list(deciding))")
    }
    guard kind.familyTexts.count > 1 else { return }
    add(
      .blind,
      "the sources cannot tell \(Self.list(kind.familyTexts)) from each other, and it wants some without the others"
    )
  }

  /// Finds the event types that no source tells of.
  private mutating func judgeTypes(_ types: [String]?) {
    let seen = Set(
      EventKind.allCases.filter { SourceSight.best(sources, of: $0) != .none }.flatMap(\.familyTexts))
    guard let types else {
      add(
        .mayMiss,
        "it is for every type of event, and the sources tell of \(Self.list(seen.sorted(), limit: 8)) alone")
      return
    }
    let unseen = types.filter { !seen.contains($0) }
    guard !unseen.isEmpty else { return }
    var text = "no source tells of \(Self.list(unseen))"
    if SourceSight.best(sources, of: .attributeChanged) != .none, let change = LastingChange.text(of: unseen)
    {
      text += "; \(change)"
    }
    add(unseen.count == types.count ? .blind : .mayMiss, text)
  }

  /// Notes the event types of a family that a rule did not name, and that it matches as if it had.
  private mutating func noteFamily(of kind: EventKind, _ types: [String]) {
    let others = kind.familyTexts.filter { !types.contains($0) }
    let named = kind.familyTexts.filter(types.contains)
    guard !others.isEmpty, !named.isEmpty else { return }
    notes.append(
      "the sources cannot tell \(Self.list(named)) from \(Self.list(others)), so the rule matches those too")
  }

  private mutating func add(_ verdict: RuleCoverage.Verdict, _ text: String) {
    let reason = RuleCoverage.Reason(verdict: verdict, text: text)
    if !reasons.contains(reason) { reasons.append(reason) }
  }

  private static func list(_ names: [String], limit: Int = 5) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}

/// The fields without a value that an expression depends on, by what their absence does to it.
private struct UnservedFields {
  /// Where a value could have made it true: the rule misses.
  private(set) var wanted: [String] = []
  /// Where a value could have made it false: the rule is wider than written.
  private(set) var denied: [String] = []

  init(
    _ expression: Expression, _ kind: EventKind, _ analysis: EventClassAnalysis, _ tables: borrowing Tables,
    _ fields: [ResolvedField]
  ) {
    for (number, isNegated) in expression.signedPredicates(isNegated: false) {
      guard analysis.isUnserved(number, in: kind) else { continue }
      for leaf in tables.leaves(of: tables.predicates[number]) {
        guard fields[leaf].live?.conditionKinds.contains(EventKinds(kind)) != true else { continue }
        let name = fields[leaf].canonicalName
        if isNegated, !denied.contains(name) { denied.append(name) }
        if !isNegated, !wanted.contains(name) { wanted.append(name) }
      }
    }
  }
}

/// The fields, but for the event's type, whose values every event of a kind shares and that make an expression false.
private struct DecidingFields {
  private(set) var names: [String] = []

  init(
    _ expression: Expression, _ kind: EventKind, _ analysis: EventClassAnalysis, _ tables: borrowing Tables,
    _ fields: [ResolvedField]
  ) {
    for (number, isNegated) in expression.signedPredicates(isNegated: false) {
      guard analysis.decision(on: number, for: EventClasses.live(kind)) == isNegated,
        !analysis.isUnserved(number, in: kind)
      else { continue }
      for leaf in tables.leaves(of: tables.predicates[number]) where fields[leaf].field.name != "evt.type" {
        let name = fields[leaf].canonicalName
        if !names.contains(name) { names.append(name) }
      }
    }
  }
}

extension EventKind {
  /// The name that is printed for the kind.
  fileprivate var name: String { family.first?.description ?? "" }

  fileprivate var familyTexts: [String] { family.map(\.description) }
}
