internal import Events

/// The definitions of all files joined by name, in order.
///
/// Redefinition keeps a name's place in the order but lets it see what was defined before the new text.
struct RuleCollection {
  private(set) var lists = NamedItems<CollectedList>()
  private(set) var macros = NamedItems<CollectedMacro>()
  private(set) var rules = NamedItems<CollectedRule>()
  /// Names whose definition has an error: they are not unknown.
  private(set) var broken: Set<BrokenName> = []
  /// Rules with an error, as far as they can be checked further.
  private(set) var faulty: [CollectedRule] = []
  var diagnostics: [Diagnostic] = []
  /// Whether a file was cut short, so that a name nobody defined is no fault.
  var isCutShort = false

  let options: LoadingOptions
  /// Definitions so far.
  private(set) var count = 0

  struct BrokenName: Hashable {
    var kind: RuleItem.Kind
    var name: String
  }

  init(options: LoadingOptions) { self.options = options }

  mutating func add(_ definition: Definition) {
    switch definition {
    case .list(let list): add(list)
    case .macro(let macro): add(macro)
    case .rule(let rule): add(rule)
    case .faulty(let rule): addFaulty(rule)
    case .broken(let item): broken.insert(BrokenName(kind: item.kind, name: item.name))
    }
    count += 1
  }

  /// Whether nothing of this name can be expected to be known.
  func isExcused(_ kind: RuleItem.Kind, _ name: String) -> Bool {
    isCutShort || broken.contains(BrokenName(kind: kind, name: name))
  }

  private mutating func add(_ list: ListDefinition) {
    guard list.isAppend else {
      lists.define(CollectedList(item: list.item, values: list.values), named: list.item.name, at: count)
      return
    }
    let isKnown = lists.update(list.item.name, at: count) { $0.values += list.values }
    if !isKnown { reportNothingToAppend(list.item) }
  }

  private mutating func add(_ macro: MacroDefinition) {
    guard macro.isAppend else {
      let collected = CollectedMacro(item: macro.item, condition: [macro.condition])
      macros.define(collected, named: macro.item.name, at: count)
      return
    }
    let isKnown = macros.update(macro.item.name, at: count) { $0.condition.append(macro.condition) }
    if !isKnown { reportNothingToAppend(macro.item) }
  }

  private mutating func reportNothingToAppend(_ item: RuleItem) {
    guard !isExcused(item.kind, item.name) else { return }
    let names: [String] =
      switch item.kind {
      case .list: lists.names
      case .macro: macros.names
      default: rules.names
      }
    diagnostics.append(
      Diagnostic(
        .validate, "there is no \(item.kind.rawValue) '\(item.name)' before this that could be changed",
        at: item.range, in: [item],
        cure: cure(for: item.kind, item.name, among: names, after: diagnostics.count)))
  }

  /// What to do about a name that is not defined: what the caller knows of it, or the name that it most likely stands for.
  ///
  /// - Parameter count: How many diagnostics there are. Each compares with all names; ten thousand of both would take a
  ///   minute.
  func cure(for kind: RuleItem.Kind, _ name: String, among names: [String], after count: Int) -> String? {
    if let known = options.cureForMissing?(kind, name) ?? FalcoNames.cure(for: kind, name) { return known }
    guard count < suggestionLimit else { return nil }
    return suggestion(for: name, among: names).map { "did you mean '\($0)'?" }
  }

  // MARK: Rules

  private mutating func add(_ rule: RuleDefinition) {
    if case .define = rule.mode { return define(rule) }
    guard var collected = rules[rule.item.name] else { return reportNothingToAppend(rule.item) }
    switch rule.mode {
    case .define: return
    case .enable: collected.isEnabled = rule.isEnabled ?? collected.isEnabled
    case .append: append(rule, [.condition, .exceptions], to: &collected)
    case .override(let appending, let replacing):
      guard checkSource(of: rule, against: collected) else { return }
      append(rule, appending, to: &collected)
      replace(rule, replacing, in: &collected)
    }
    rules.update(rule.item.name, at: count) { $0 = collected }
  }

  private mutating func addFaulty(_ rule: RuleDefinition) {
    guard let condition = rule.condition, let output = rule.output else { return }
    var collected = CollectedRule(
      item: rule.item, condition: [condition], output: [output], priority: rule.priority ?? .debug)
    collected.source = rule.source?.text ?? collected.source
    faulty.append(collected)
  }

  private mutating func define(_ rule: RuleDefinition) {
    if let earlier = rules[rule.item.name], !checkSource(of: rule, against: earlier) { return }
    guard let condition = rule.condition, let output = rule.output, let priority = rule.priority else {
      return
    }
    var collected = CollectedRule(
      item: rule.item, condition: [condition], output: [output], priority: priority)
    collected.source = rule.source?.text ?? "syscall"
    collected.sourceRange = rule.source?.range ?? rule.item.range
    replace(rule, Set(RuleKey.allCases).subtracting([.condition, .output, .priority]), in: &collected)
    rules.define(collected, named: rule.item.name, at: count)
  }

  /// Notes an item that names another source than the rule it changes has.
  private mutating func checkSource(of rule: RuleDefinition, against earlier: CollectedRule) -> Bool {
    guard
      let source = rule.source ?? (rule.mode == .define ? SourcedText(text: "syscall", range: .none) : nil),
      source.text != earlier.source
    else { return true }
    var diagnostic = Diagnostic(
      .validate,
      "rule '\(rule.item.name)' is for the source '\(earlier.source)' and cannot change to '\(source.text)'",
      at: source.range == .none ? rule.item.range : source.range, in: [rule.item],
      cure: "give the rule another name")
    diagnostic.notes = [.init("it was defined here", at: earlier.item.range)]
    diagnostics.append(diagnostic)
    return false
  }

  private mutating func append(
    _ rule: RuleDefinition, _ keys: Set<RuleKey>, to collected: inout CollectedRule
  ) {
    if keys.contains(.condition), let condition = rule.condition { collected.condition.append(condition) }
    if keys.contains(.output), let output = rule.output { collected.output.append(output) }
    if keys.contains(.desc), let description = rule.description {
      collected.description += " " + description.text
    }
    if keys.contains(.tags), let tags = rule.tags { collected.tags.formUnion(tags) }
    guard keys.contains(.exceptions), let exceptions = rule.exceptions else { return }
    for exception in exceptions { append(exception, to: &collected) }
  }

  private mutating func replace(
    _ rule: RuleDefinition, _ keys: Set<RuleKey>, in collected: inout CollectedRule
  ) {
    for key in keys { replace(rule, key, in: &collected) }
  }

  private mutating func replace(_ rule: RuleDefinition, _ key: RuleKey, in collected: inout CollectedRule) {
    switch key {
    case .condition: collected.condition = rule.condition.map { [$0] } ?? collected.condition
    case .output: collected.output = rule.output.map { [$0] } ?? collected.output
    case .desc: collected.description = rule.description?.text ?? collected.description
    case .tags: collected.tags = rule.tags.map { Set($0) } ?? collected.tags
    case .priority: collected.priority = rule.priority ?? collected.priority
    case .enabled: collected.isEnabled = rule.isEnabled ?? collected.isEnabled
    case .capture: collected.capture.isWanted = rule.isCaptureWanted ?? collected.capture.isWanted
    case .captureDuration:
      collected.capture.durationMilliseconds =
        rule.captureDurationMilliseconds ?? collected.capture.durationMilliseconds
    case .warnEventTypes:
      collected.warnsAboutEventTypes = rule.warnsAboutEventTypes ?? collected.warnsAboutEventTypes
    case .skipIfUnknownFilter:
      collected.skipsIfUnknownFilter = rule.skipsIfUnknownFilter ?? collected.skipsIfUnknownFilter
    case .exceptions:
      guard let exceptions = rule.exceptions else { return }
      collected.exceptions = []
      for exception in exceptions { define(exception, in: &collected) }
    }
  }

  // MARK: Exceptions

  private mutating func define(_ exception: ExceptionDefinition, in rule: inout CollectedRule) {
    switch CollectedException.make(exception, isField: options.isField) {
    case .success(let collected): rule.exceptions.append(collected)
    case .failure(let fault): report(fault, exception, in: rule)
    }
  }

  private mutating func append(_ exception: ExceptionDefinition, to rule: inout CollectedRule) {
    guard let index = rule.exceptions.firstIndex(where: { $0.name == exception.name }) else {
      if exception.fields != nil, exception.values.isEmpty {
        return report(
          ExceptionFault(
            "the exception '\(exception.name)' is new and needs values", cure: "add 'values: …'"), exception,
          in: rule)
      }
      return define(exception, in: &rule)
    }
    for (entry, key) in [(exception.fields, "fields"), (exception.comparisons, "comps")] {
      guard let entry else { continue }
      let fault = ExceptionFault(
        "'\(key)' of the exception '\(exception.name)' cannot be appended to, only its values",
        at: entry.range,
        cure: "remove '\(key)' here")
      return report(fault, exception, in: rule)
    }
    rule.exceptions[index].values += exception.values
  }

  private mutating func report(
    _ fault: ExceptionFault, _ exception: ExceptionDefinition, in rule: CollectedRule
  ) {
    broken.insert(BrokenName(kind: .rule, name: rule.item.name))
    diagnostics.append(
      Diagnostic(
        .validate, fault.message, at: fault.range ?? exception.item.range, in: [rule.item, exception.item],
        cure: diagnostics.count < suggestionLimit ? fault.cure : nil))
  }
}
