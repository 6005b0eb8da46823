public import Events

extension RuleSet {
  /// What a rule set is made for.
  public struct Options: Sendable {
    public var matching = Matching.all
    /// Rules less urgent than this are left out.
    public var minimumPriority = Priority.debug
    /// Fields to be read for every alert; unknown ones are own bugs.
    public var context: [String] = []

    public init() {}
  }

  /// Compiles rules: checks names and types, fills the tables, writes the programs.
  ///
  /// - Parameter resolved: All rules of all files. Those that are disabled are checked as well, and left out.
  /// - Returns: the rules without errors that can match, and all that was found wrong or questionable.
  public static func compile(
    _ resolved: [ResolvedRule], options: Options = Options()
  ) -> (ruleSet: RuleSet, diagnostics: [Diagnostic]) {
    var compiler = RuleSetCompiler(options)
    for rule in resolved { compiler.compile(rule) }
    return compiler.finish()
  }
}

/// Compiles one rule after another into shared tables.
struct RuleSetCompiler: ~Copyable {
  private(set) var diagnostics: [Diagnostic] = []
  private let options: RuleSet.Options
  private var conditions = ConditionCompiler()
  private var drafts: [Draft] = []
  private var context: [OutputField] = []
  private var contextNeeds: Needs = []

  /// A rule that has no errors.
  private struct Draft {
    let rule: ResolvedRule
    let expression: Expression
    let output: OutputPlan
    let conditionFields: [String]
    let needs: Needs
  }

  init(_ options: RuleSet.Options) {
    self.options = options
    for name in options.context {
      guard let field = try? FieldRegistry.resolve(spelling: name) else {
        preconditionFailure("no field is called '\(name)'")
      }
      context.append(conditions.outputField(field, named: name))
    }
    contextNeeds = conditions.takeNotes().fields.needs
  }

  mutating func compile(_ rule: ResolvedRule) {
    let expression = conditions.compile(rule.condition).simplified
    let (conditionFields, conditionFaults) = conditions.takeNotes()
    let output = conditions.compile(rule.output)
    let (outputFields, outputFaults) = conditions.takeNotes()
    report(conditionFaults, of: rule, .condition)
    report(outputFaults, of: rule, .output)
    guard conditionFaults.isEmpty, outputFaults.isEmpty else { return }
    guard rule.isEnabled, rule.priority.isAtLeast(options.minimumPriority) else { return }
    drafts.append(
      Draft(
        rule: rule, expression: expression, output: output,
        conditionFields: Set(conditionFields.map(\.canonicalName)).sorted(),
        needs: conditionFields.needs.union(outputFields.needs)))
  }

  private mutating func report(_ faults: [CompileFault], of rule: ResolvedRule, _ part: RuleItem.Kind) {
    if rule.skipsIfUnknownFilter, let fault = faults.first, faults.allSatisfy(\.isUnknownName) {
      diagnostics.append(
        Diagnostic(
          .unknownFilter, "\(fault.message); the rule is skipped", at: fault.range, in: rule.context(part)))
      return
    }
    for fault in faults {
      diagnostics.append(
        Diagnostic(
          part == .condition ? .compileConditionError : .compileOutput, fault.message, at: fault.range,
          in: rule.context(part), cure: fault.cure))
    }
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
    warnAboutHiddenRules(rules, classes)
    let order = RuleSet.order(rules, options.matching)
    let index = index(expressions, order, classes, analysis)
    let contents = RuleSet.Contents(
      rules: rules, programs: programs, outputs: drafts.map(\.output), order: order, classes: classes,
      expressions: expressions, context: context, contextNeeds: contextNeeds, fields: fields)
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

  /// Warns of rules that another one hides, now or where only the first match counts.
  private mutating func warnAboutHiddenRules(_ rules: [RuleSet.Rule], _ classes: [EventClassSet]) {
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
  private mutating func warnAboutTypes(_ classes: [EventClassSet], _ availability: [FieldAvailability]) {
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

extension [ResolvedField] {
  /// What the fields want the sources to read.
  var needs: Needs { reduce([]) { $0.union($1.live?.needs ?? []) } }
}
