internal import Events

/// Turns what was collected into rules: lists pasted, conditions parsed, macros expanded, exceptions joined.
struct RuleResolver {
  let collection: RuleCollection
  private(set) var sources: SourceMap
  var diagnostics: [Diagnostic]
  private(set) var lists: ListPaster
  private(set) var macros = MacroExpander([], indices: [:], limits: .ruleFile)
  private var lint: ConditionLint
  private(set) var rules: [ResolvedRule] = []
  /// Rules with an error, for further checks.
  private(set) var faulty: [ResolvedRule] = []

  init(_ collection: RuleCollection, sources: SourceMap) {
    self.collection = collection
    self.sources = sources
    let lists = ListTexts(
      collection.lists, sources: &self.sources, byteLimit: collection.options.conditionLimits.byteCount)
    self.lists = lists.paster
    lint = ConditionLint(lists: collection.lists, cureForMissing: collection.options.cureForMissing)
    diagnostics = collection.diagnostics + lists.diagnostics
  }

  /// Resolves all macros and rules.
  mutating func resolve() {
    resolveMacros()
    for (index, entry) in collection.rules.entries.enumerated() {
      resolve(entry.item, index: index)
    }
    for rule in collection.faulty { resolve(rule, index: rules.count, isFaulty: true) }
  }

  /// Notes what can be said only when everything was resolved.
  mutating func finish() {
    diagnostics += lint.diagnostics
    reportUnused()
  }

  /// Resolves a condition that stands in no rule, as a whole file.
  ///
  /// - Parameter keepsMacros: Whether names of macros stay as they are, known or not.
  mutating func resolve(condition bytes: [UInt8], in file: TextID, keepsMacros: Bool) -> Condition? {
    var text = ComposedText()
    text.append(bytes, from: SourceRange(text: file, lower: 0, upper: bytes.count))
    let context = [RuleItem(.condition, at: SourceRange(text: file, lower: 0, upper: bytes.count))]
    guard let parsed = parse(text, context: context, limits: .alone) else { return nil }
    return keepsMacros ? parsed : expand(parsed, context: context)
  }

  /// Reads a condition that stands nowhere, its lists pasted and its macros left; `nil` when it is wrong.
  mutating func parse(_ text: String) -> Condition? {
    var written = ComposedText()
    written.append(glue: text, for: .none)
    return parse(written, context: [])
  }

  // MARK: Macros

  private mutating func resolveMacros() {
    var parsed: [MacroExpander.Macro] = []
    var indices: [String: Int] = [:]
    for (index, entry) in collection.macros.entries.enumerated() {
      let macro = entry.item
      indices[macro.item.name] = index
      let written = ComposedText(joining: macro.condition)
      let condition = parse(written, context: [macro.item, RuleItem(.condition, at: macro.conditionRange)])
      parsed.append(
        .init(item: macro.item, order: entry.order, visibility: entry.visibility, condition: condition))
    }
    macros = MacroExpander(parsed, indices: indices, limits: collection.options.conditionLimits)
    for (index, entry) in collection.macros.entries.enumerated() {
      let context = [entry.item.item, RuleItem(.condition, at: entry.item.conditionRange)]
      let faults = macros.expand(macro: index)
      report(faults, in: context)
      // Only then, as the expansion bounds the depth.
      if faults.isEmpty, let condition = parsed[index].condition {
        lint.inspect(condition, context: context, sources)
      }
    }
  }

  // MARK: Rules

  private mutating func resolve(_ rule: CollectedRule, index: Int, isFaulty: Bool = false) {
    guard collection.options.sources.contains(rule.source) else { return reportUnknownSource(rule) }
    let context = [rule.item, RuleItem(.condition, at: rule.condition[0].range)]
    let (expanded, parsed) = resolveCondition(rule, context: context)
    let output = parseOutput(rule)
    if !isFaulty, let expanded, let output {
      return rules.append(ResolvedRule(rule, index: index, condition: expanded, output: output))
    }
    faulty.append(
      ResolvedRule(
        rule, index: index, condition: expanded ?? parsed ?? Condition(.and([]), range: .none),
        output: output ?? OutputTemplate(text: "", segments: [], printsMissing: true)))
  }

  /// - Returns: The condition; and where that is wrong, what could be read of it, with macros as names.
  private mutating func resolveCondition(_ rule: CollectedRule, context: [RuleItem])
    -> (expanded: Condition?, parsed: Condition?)
  {
    let text = ExceptionText(condition: rule.condition, exceptions: rule.exceptions)
    for fault in text.faults {
      let range = fault.range ?? rule.item.range
      diagnostics.append(
        Diagnostic(
          .validate, fault.message, at: range, in: [rule.item, RuleItem(.exceptionValues, at: range)],
          cure: fault.cure))
    }
    guard let parsed = parse(text.text, context: context) else { return (nil, nil) }
    guard let expanded = expand(parsed, context: context), text.faults.isEmpty else { return (nil, parsed) }
    warnAboutDeadExceptions(of: rule, in: expanded)
    return (expanded, parsed)
  }

  /// Expands the macros of a condition; a fault is noted.
  private mutating func expand(_ parsed: Condition, context: [RuleItem]) -> Condition? {
    let (expanded, faults) = macros.expand(parsed)
    report(faults, in: context)
    if expanded != nil { lint.inspect(parsed, context: context, sources) }
    return expanded
  }

  private mutating func warnAboutDeadExceptions(of rule: CollectedRule, in condition: Condition) {
    let used = rule.exceptions.filter { !$0.values.isEmpty }
    for dead in ExceptionReach.dead(in: condition, exceptionCount: used.count) {
      let exception = used[dead.exception]
      diagnostics.append(
        Diagnostic(
          .uselessException,
          "the exception '\(exception.name)' cannot apply: the condition and this leave no value for '\(dead.field)'",
          at: dead.range, in: [rule.item, exception.item]))
    }
  }

  private mutating func parseOutput(_ rule: CollectedRule) -> OutputTemplate? {
    var text = ComposedText(joining: rule.output)
    text.trim()
    let id = sources.add(text)
    var (template, errors) = OutputParser.parse(text.bytes, text: id, isField: collection.options.isField)
    for error in errors {
      let range = SourceRange(text: id, lower: error.range.lowerBound, upper: error.range.upperBound)
      diagnostics.append(
        Diagnostic(
          .compileOutput, error.message, at: range,
          in: [rule.item, RuleItem(.output, at: rule.output[0].range)], cure: error.cure))
    }
    // A rule's line is printed whatever is missing: an alert must not vanish for want of a value.
    template.printsMissing = true
    return errors.isEmpty ? template : nil
  }

  // MARK: Conditions

  /// Pastes the lists into a text and parses it; a fault is noted.
  private mutating func parse(
    _ written: ComposedText, context: [RuleItem], limits: ConditionLimits? = nil
  ) -> Condition? {
    var id = sources.add(written)
    let limits = limits ?? collection.options.conditionLimits
    do throws(SyntaxError) {
      try ConditionParser.checkSize(of: written.bytes, limits)
      let pasted = try lists.paste(into: written.bytes, id)
      for (list, site) in pasted.afterEquals { warn(listAsValue: list, site, context) }
      if pasted.isChanged { id = sources.add(pasted.text) }
      let bytes = pasted.isChanged ? pasted.text.bytes : written.bytes
      return try ConditionParser.parse(bytes, text: id, limits: limits)
    } catch {
      report(error, in: id, context)
      return nil
    }
  }
}

extension CollectedMacro {
  var conditionRange: SourceRange { condition.first?.range ?? item.range }
}

extension ComposedText {
  /// Parts with a blank between them.
  init(joining parts: [SourcedText]) {
    self.init()
    for (index, part) in parts.enumerated() {
      if index > 0 { append(glue: " ", for: part.range) }
      append(part)
    }
  }
}

extension ResolvedRule {
  init(_ rule: CollectedRule, index: Int, condition: Condition, output: OutputTemplate) {
    self.init(
      index: index, name: rule.item.name, description: rule.description, priority: rule.priority,
      source: rule.source, tags: rule.tags.sorted(), isEnabled: rule.isEnabled,
      warnsAboutEventTypes: rule.warnsAboutEventTypes, skipsIfUnknownFilter: rule.skipsIfUnknownFilter,
      capture: rule.capture, conditionText: rule.condition.map(\.text).joined(separator: " "),
      condition: condition, output: output, exceptions: rule.exceptions.map { ResolvedException($0) },
      item: rule.item, conditionRange: rule.condition[0].range, outputRange: rule.output[0].range)
  }
}

extension ResolvedException {
  init(_ exception: CollectedException) {
    self.init(
      name: exception.name, fields: exception.shape.fields.map(\.text),
      comparisons: exception.shape.comparisons.map(\.text), valueCount: exception.values.count,
      range: exception.item.range)
  }
}
