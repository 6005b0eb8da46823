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
    return (compiler.ruleSet(), compiler.diagnostics)
  }
}

/// Compiles one rule after another into shared tables.
struct RuleSetCompiler {
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

  /// The rule set of all rules so far.
  mutating func ruleSet() -> RuleSet {
    let programs = drafts.map { conditions.builder.write($0.expression, ifTrue: .match, ifFalse: .noMatch) }
    let tables = conditions.builder.tables
    let fields = conditions.builder.resolvedFields
    let availability = fields.map(FieldAvailability.init)
    let analysis = EventClassAnalysis(tables, fields: availability)
    lazy var numbered = EventClassAnalysis(tables, fields: availability, skippingIdiom: true)
    var parts = RuleSet.Parts(
      matching: options.matching, tables: tables, programs: programs, context: context,
      contextNeeds: contextNeeds,
      fields: fields)
    for draft in drafts {
      let classes = analysis.classes(of: draft.expression)
      parts.classes.append(classes)
      parts.expressions.append(draft.expression)
      parts.outputs.append(draft.output)
      parts.rules.append(rule(draft, classes))
      if draft.rule.warnsAboutEventTypes, classes.intersection(.named).count > Self.manyTypes {
        warnAboutTypes(draft.rule, numbered.classes(of: draft.expression).intersection(.named))
      }
    }
    return RuleSet(parts)
  }

  private func rule(_ draft: Draft, _ classes: EventClassSet) -> RuleSet.Rule {
    let named = classes.intersection(.named)
    return RuleSet.Rule(
      name: draft.rule.name, description: draft.rule.description, priority: draft.rule.priority,
      source: draft.rule.source, tags: draft.rule.tags,
      eventTypes: named == .named
        ? nil : EventClasses.names.indices.filter(named.contains).map { EventClasses.names[$0] },
      conditionFields: draft.conditionFields, needs: draft.needs)
  }

  /// Event types beyond which a rule is worth a warning, as in Falco.
  private static let manyTypes = 100

  /// Warns when a rule must be tried for most events.
  private mutating func warnAboutTypes(_ rule: ResolvedRule, _ classes: EventClassSet) {
    guard classes.count > Self.manyTypes else { return }
    diagnostics.append(
      Diagnostic(
        .noEventType,
        "the condition allows \(classes.count) event types, so the rule is tried for most events",
        at: rule.conditionRange, in: rule.context(.condition), cure: "begin it with 'evt.type in (…) and'"))
  }
}

extension [ResolvedField] {
  /// What the fields want the sources to read.
  var needs: Needs { reduce([]) { $0.union($1.live?.needs ?? []) } }
}
