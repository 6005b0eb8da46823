public import Events

extension RuleSet {
  /// What a rule set is made for.
  public struct Options: Sendable {
    public var matching = Matching.all
    /// Rules less urgent than this are left out.
    public var minimumPriority = Priority.debug
    /// Fields to be read for every alert; unknown ones are own bugs.
    public var context: [String] = []
    /// Fields to be read for every alert as well, where the rules and `context` have what they need read anyway.
    public var contextIfRead: [String] = []
    /// What is added to the outputs of rules, in order; without faults.
    public var additions: [OutputAddition] = []

    public init() {}
  }

  /// Compiles rules: checks names and types, fills the tables, writes the programs.
  ///
  /// - Parameter resolved: All rules of all files. Those that are disabled are checked as well, and left out.
  /// - Returns: the rules without errors that can match, and all that was found wrong or questionable.
  public static func compile(
    _ resolved: [ResolvedRule], options: Options = Options()
  ) -> (ruleSet: RuleSet, diagnostics: [Diagnostic]) {
    compile(resolved, checking: [], options: options)
  }

  /// - Parameter faulty: Rules with an error, whose conditions and outputs are checked for others.
  static func compile(
    _ resolved: [ResolvedRule], checking faulty: [ResolvedRule], options: Options
  ) -> (ruleSet: RuleSet, diagnostics: [Diagnostic]) {
    DeepStack.run {
      var compiler = RuleSetCompiler(options)
      for rule in resolved { compiler.compile(rule) }
      for rule in faulty { compiler.check(rule) }
      return compiler.finish()
    }
  }
}
