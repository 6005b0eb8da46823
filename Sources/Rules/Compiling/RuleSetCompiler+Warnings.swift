extension RuleSetCompiler {
  /// Warns of what no event can meet, and of what every event meets.
  mutating func warnAboutConstants(_ expression: Expression, _ remarks: [CompileRemark], _ rule: ResolvedRule)
  {
    for remark in remarks {
      diagnostics.append(
        Diagnostic(
          remark.isAlwaysTrue ? .alwaysTrue : .alwaysFalse, remark.message, at: remark.range,
          in: rule.context(.condition)))
    }
    if case .constant(let value) = expression {
      diagnostics.append(
        Diagnostic(
          value ? .alwaysTrue : .alwaysFalse,
          value ? "every event meets the condition" : "no event can meet the condition",
          at: rule.conditionRange,
          in: rule.context(.condition)))
      return
    }
    let single = conditions.builder.tables.singleFields(among: conditions.builder.resolvedFields)
    for finding in Contradictions(expression, single: single, conditions.builder.tables).findings {
      let name = conditions.builder.tables.description(of: finding.operand)
      diagnostics.append(
        Diagnostic(
          finding.isAlwaysTrue ? .alwaysTrue : .alwaysFalse,
          finding.isAlwaysTrue
            ? "whatever '\(name)' is, it meets this or what is asked of it before"
            : "'\(name)' cannot meet both this and what is asked of it before", at: finding.range,
          in: rule.context(.condition), cure: finding.isAlwaysTrue ? "'and' is what is meant more often" : nil
        ))
    }
  }

  /// Whether a rule with these faults is to be skipped, since it says so of names that are unknown.
  func isSkipped(_ rule: ResolvedRule, _ faults: [CompileFault]) -> Bool {
    rule.skipsIfUnknownFilter && !faults.isEmpty && faults.allSatisfy(\.isUnknownName)
  }

  /// Notes the faults of a rule's condition or output.
  mutating func report(_ faults: [CompileFault], of rule: ResolvedRule, _ part: RuleItem.Kind) {
    if let fault = faults.first, isSkipped(rule, faults) {
      diagnostics.append(
        Diagnostic(
          .unknownFilter, "\(fault.message); the rule is skipped", at: fault.range, in: rule.context(part)))
      return
    }
    for fault in faults {
      diagnostics.append(
        Diagnostic(
          part == .condition ? .compileConditionError : .compileOutput, fault.message, at: fault.range,
          in: rule.context(part), cure: diagnostics.count < suggestionLimit ? fault.cure : nil))
    }
  }

  /// Warns of rules that want what no event type is.
  mutating func warnAboutTypesThatExclude(_ classes: [EventClassSet]) {
    for (draft, classes) in zip(drafts, classes) where draft.expression != .constant(false) {
      guard classes.intersection(.named) == .none, !classes.contains(EventClasses.untyped) else { continue }
      diagnostics.append(
        Diagnostic(
          .alwaysFalse, "no event can meet the condition, since no event type does",
          at: draft.rule.conditionRange, in: draft.rule.context(.condition)))
    }
  }

  /// Warns of rules that another one hides, now or where only the first match counts.
  mutating func warnAboutHiddenRules(_ rules: [RuleSet.Rule], _ classes: [EventClassSet]) {
    let hidden = HiddenRules.find(
      drafts.map(\.expression), order: RuleSet.order(rules, .first), classes: classes,
      conditions.builder.tables)
    for (number, other) in hidden {
      let rule = drafts[number].rule
      let name = drafts[other].rule.name
      var diagnostic = Diagnostic(
        .shadowedRule,
        options.matching == .first
          ? "the rule never matches: '\(name)' matches whenever it would, and comes first"
          : "'\(name)' matches whenever this rule does, and would hide it under 'rule_matching: first'",
        at: rule.conditionRange, in: rule.context(.condition))
      diagnostic.notes = [.init("'\(name)' is here", at: drafts[other].rule.conditionRange)]
      diagnostics.append(diagnostic)
    }
  }

  /// Event types beyond which a rule is worth a warning, as in Falco.
  private static let manyTypes = 100

  /// Warns of rules that must be tried for most events.
  mutating func warnAboutTypes(_ classes: [EventClassSet], _ availability: [FieldAvailability]) {
    let suspects = drafts.indices.filter {
      drafts[$0].rule.warnsAboutEventTypes && classes[$0].intersection(.named).count > Self.manyTypes
    }
    guard !suspects.isEmpty else { return }
    let analysis = EventClassAnalysis(conditions.builder.tables, fields: availability, skippingIdiom: true)
    let counts = analysis.classes(of: suspects.map { drafts[$0].expression }).map {
      $0.intersection(.named).count
    }
    for (suspect, count) in zip(suspects, counts) where count > Self.manyTypes {
      let rule = drafts[suspect].rule
      diagnostics.append(
        Diagnostic(
          .noEventType, "the condition allows \(count) event types, so the rule is tried for most events",
          at: rule.conditionRange, in: rule.context(.condition), cure: "begin it with 'evt.type in (…) and'"))
    }
  }
}
