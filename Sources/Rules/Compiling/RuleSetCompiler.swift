import Events

/// Compiles one rule after another into shared tables.
struct RuleSetCompiler: ~Copyable {
  var diagnostics: [Diagnostic] = []
  let options: RuleSet.Options
  private(set) var conditions = ConditionCompiler()
  private(set) var drafts: [Draft] = []
  private var context: [OutputField] = []
  private var contextNeeds: Needs = []

  /// A rule that has no errors.
  struct Draft {
    let rule: ResolvedRule
    let expression: Expression
    let output: OutputPlan
    let conditionFields: [String]
    let needs: Needs
    /// The fields that its condition and output read.
    let fields: [ResolvedField]
  }

  init(_ options: RuleSet.Options) {
    self.options = options
    addToContext(options.context)
    contextNeeds = conditions.takeNotes().fields.needs
    addToContext(options.contextIfRead)
    _ = conditions.takeNotes()
  }

  private mutating func addToContext(_ names: [String]) {
    for name in names {
      guard let field = try? FieldRegistry.resolve(spelling: name) else {
        preconditionFailure("no field is called '\(name)'")
      }
      context.append(conditions.outputField(field, named: name))
    }
  }

  mutating func compile(_ rule: ResolvedRule) {
    let expression = conditions.compile(rule.condition).simplified
    let condition = conditions.takeNotes()
    var plan = conditions.compile(rule.output)
    for addition in options.additions where addition.match.names(rule) {
      _ = conditions.append(addition, to: &plan)
    }
    let output = conditions.takeNotes()
    report(condition.faults, of: rule, .condition)
    // A rule that is skipped has no output to be wrong.
    if !isSkipped(rule, condition.faults) { report(output.faults, of: rule, .output) }
    guard condition.faults.isEmpty, output.faults.isEmpty else { return }
    warnAboutConstants(expression, condition.remarks, rule)
    guard rule.isEnabled, rule.priority.isAtLeast(options.minimumPriority) else { return }
    drafts.append(
      Draft(
        rule: rule, expression: expression, output: plan,
        conditionFields: Set(condition.fields.map(\.canonicalName)).sorted(),
        needs: condition.fields.needs.union(output.fields.needs), fields: condition.fields + output.fields))
  }

  /// Notes what is wrong with a rule that has a fault already; macros that could not be expanded may be anything.
  mutating func check(_ rule: ResolvedRule) {
    conditions.allowsMacros = true
    defer { conditions.allowsMacros = false }
    _ = conditions.compile(rule.condition)
    report(conditions.takeNotes().faults, of: rule, .condition)
    _ = conditions.compile(rule.output)
    report(conditions.takeNotes().faults, of: rule, .output)
  }

  /// The rule set of all rules so far, and all diagnostics.
  consuming func finish() -> (RuleSet, [Diagnostic]) {
    let expressions = drafts.map(\.expression)
    var programs: [Target] = []
    for expression in expressions {
      programs.append(conditions.builder.write(expression, ifTrue: .match, ifFalse: .noMatch))
    }
    let fields = conditions.builder.resolvedFields
    let availability = fields.map(FieldAvailability.init)
    let analysis = EventClassAnalysis(conditions.builder.tables, fields: availability)
    let classes = analysis.classes(of: expressions)
    warnAboutTypes(classes, availability)
    let rules = zip(drafts, classes).map { Self.rule($0, $1) }
    warnAboutTypesThatExclude(classes)
    warnAboutHiddenRules(rules, classes)
    let order = RuleSet.order(rules, options.matching)
    let index = index(expressions, order, classes, analysis)
    let contents = RuleSet.Contents(
      rules: rules, programs: programs, outputs: drafts.map(\.output), order: order, classes: classes,
      expressions: expressions, context: context, contextNeeds: contextNeeds, fields: fields,
      scope: scope(fields))
    return (RuleSet(contents, conditions.builder.tables, index, options.matching), diagnostics)
  }

  /// For each kind of live event the rules that it can meet, with what is left of their conditions.
  private mutating func index(
    _ expressions: [Expression], _ order: [UInt32], _ classes: [EventClassSet], _ analysis: EventClassAnalysis
  ) -> RuleIndex {
    var index = RuleIndex()
    let anchorable = conditions.builder.tables.textFields(among: conditions.builder.resolvedFields)
    for kind in EventKind.allCases {
      let place = EventClasses.live(kind)
      let rules = order.filter { classes[Int($0)].contains(place) }
      let left = rules.map { analysis.specialized(expressions[Int($0)], for: place).simplified }
      var programs: [Target] = []
      for expression in left {
        programs.append(conditions.builder.write(expression, ifTrue: .match, ifFalse: .noMatch))
      }
      index.add(
        kind, conditions.builder.tables, rules: rules, conditions: left, programs: programs,
        anchorable: anchorable)
    }
    return index
  }

  /// Of which processes the sources read what costs most.
  private func scope(_ fields: [ResolvedField]) -> DetailScope {
    var scope = DetailScope(ofAll: contextNeeds.intersection(.late))
    for draft in drafts {
      scope.add(draft.needs, of: draft.expression, conditions.builder.tables, fields)
      scope.add(variablesOf: draft.fields)
    }
    return scope
  }

  private static func rule(_ draft: Draft, _ classes: EventClassSet) -> RuleSet.Rule {
    let named = classes.intersection(.named)
    return RuleSet.Rule(
      name: draft.rule.name, description: draft.rule.description, priority: draft.rule.priority,
      source: draft.rule.source, tags: draft.rule.tags,
      eventTypes: named == .named
        ? nil : EventClasses.names.indices.filter(named.contains).map { EventClasses.names[$0] },
      conditionFields: draft.conditionFields,
      needs: draft.needs.union(classes.needs(namesTypes: named != .named, fields: draft.needs)))
  }
}

extension [ResolvedField] {
  /// What the fields want the sources to read.
  var needs: Needs { reduce([]) { $0.union($1.live?.needs ?? []) } }
}
