/// How what was found is told.
extension RuleResolver {
  mutating func report(_ error: SyntaxError, in id: TextID, _ context: [RuleItem]) {
    let range = SourceRange(text: id, lower: error.range.lowerBound, upper: error.range.upperBound)
    var diagnostic = Diagnostic(
      .compileConditionError, error.message, at: range, in: context, cure: error.cure)
    diagnostic.notes = sources.pasteSites(of: range).map { .init("the list is pasted here", at: $0) }
    diagnostics.append(diagnostic)
  }

  mutating func warn(listAsValue list: String, _ site: SourceRange, _ context: [RuleItem]) {
    diagnostics.append(
      Diagnostic(
        .listNameAsValue, "'\(list)' is a list; its items are pasted behind '=' as they are", at: site,
        in: context,
        cure: "write 'in (\(list))', or '\"\(list)\"' for the text"))
  }

  mutating func report(_ faults: [MacroExpander.Fault], in context: [RuleItem]) {
    diagnostics += faults.compactMap { describe($0, in: context) }
  }

  private func describe(_ fault: MacroExpander.Fault, in context: [RuleItem]) -> Diagnostic? {
    let limits = collection.options.conditionLimits
    switch fault {
    case .undefined(let name, let range):
      guard !collection.isExcused(.macro, name) else { return nil }
      return Diagnostic(
        .validate, "there is no macro '\(name)'", at: range, in: context, cure: cure(forUndefined: name))
    case .definedLater(let name, let range, _)
    where context.first?.kind == .macro && context.first?.name == name:
      return Diagnostic(.validate, "macro '\(name)' names itself", at: range, in: context)
    case .definedLater(let name, let range, let definition):
      var diagnostic = Diagnostic(
        .validate, "macro '\(name)' is defined after the macro that names it", at: range, in: context,
        cure: "define it before: macros see only what stands above them")
      diagnostic.notes = [.init("it is defined here", at: definition)]
      return diagnostic
    case .cyclic(let name, let range):
      return Diagnostic(.validate, "macro '\(name)' comes back to itself", at: range, in: context)
    case .tooDeep(let range):
      return Diagnostic(
        .compileConditionError, "the condition nests deeper than \(limits.treeDepth), macros expanded",
        at: range,
        in: context)
    case .tooLarge(let range):
      return Diagnostic(
        .compileConditionError,
        "the condition has more than \(limits.nodeCount) comparisons and values, macros expanded", at: range,
        in: context)
    }
  }

  private func cure(forUndefined name: String) -> String? {
    if collection.lists[name] != nil { return "'\(name)' is a list: write 'field in (\(name))'" }
    if let cure = collection.cure(for: .macro, name, among: macros.names, after: diagnostics.count) {
      return cure
    }
    let keywords = ["and", "or", "not"].filter { name.lowercased() == $0 }
    return keywords.first.map { "write '\($0)': keywords are in lower case" }
  }

  mutating func reportUnknownSource(_ rule: CollectedRule) {
    let meant = suggestion(for: rule.source, among: collection.options.sources)
    diagnostics.append(
      Diagnostic(
        .unknownSource, "there is no event source '\(rule.source)'; rule '\(rule.item.name)' is skipped",
        at: rule.sourceRange, in: [rule.item], cure: meant.map { "did you mean '\($0)'?" }))
  }

  /// Notes what nothing uses, unless an error may hide who does.
  mutating func reportUnused() {
    guard !collection.isCutShort, collection.broken.isEmpty,
      diagnostics.allSatisfy({ $0.code.severity == .warning })
    else { return }
    for (index, entry) in collection.lists.entries.enumerated() where !lists.used.contains(index) {
      diagnostics.append(
        Diagnostic(
          .unusedList, "no rule, macro or list uses the list '\(entry.item.item.name)'",
          at: entry.item.item.range,
          in: [entry.item.item]))
    }
    for (index, entry) in collection.macros.entries.enumerated() where !macros.used.contains(index) {
      diagnostics.append(
        Diagnostic(
          .unusedMacro, "no rule or macro uses the macro '\(entry.item.item.name)'",
          at: entry.item.item.range,
          in: [entry.item.item]))
    }
  }
}
