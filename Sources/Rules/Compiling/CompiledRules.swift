/// Rule files on the whole way from text to what events are judged by.
public struct CompiledRules: Sendable {
  /// The rules as the files have them, and everything that was found wrong or questionable.
  public let resolved: ResolvedRules
  /// The rules without errors; to be used only when `resolved.hasErrors` is false.
  public let ruleSet: RuleSet

  /// Reads, resolves, checks and compiles all files in order, as if they were one.
  ///
  /// - Parameters:
  ///   - selection: what is enabled and disabled after loading; rules that are disabled are checked all the same.
  ///   - loading: what the files are held against; fields are those of `FieldRegistry`.
  public init(
    _ files: [RuleFile], selection: RuleSelection = RuleSelection(),
    loading: LoadingOptions = LoadingOptions(),
    options: RuleSet.Options = RuleSet.Options()
  ) {
    var loading = loading
    loading.isField = FieldRegistry.isName
    var resolved = RuleLoader(options: loading).load(files)
    _ = selection.apply(to: &resolved.rules)
    let compiled = RuleSet.compile(resolved.rules, checking: resolved.faulty, options: options)
    resolved.diagnostics += compiled.diagnostics
    self.resolved = resolved
    ruleSet = compiled.ruleSet
  }
}
