/// All rules of all files, in order, and what belongs to them.
public struct ResolvedRules: Sendable {
  /// The rules that could be resolved, those of unknown sources left out, in order of first definition.
  public var rules: [ResolvedRule]
  /// Rules with an error, of which no other part is to go unchecked for that: macros in their conditions may be left as
  /// names, and what could not be read is empty.
  var faulty: [ResolvedRule] = []
  /// Everything found so far. Whoever checks further appends to it.
  public var diagnostics: [Diagnostic]
  /// The files in the order in which they were read.
  public var files: [TextID]
  /// Where the ranges of the rules and diagnostics stand.
  public var sources: SourceMap

  /// Whether an error was found, so that the files are not to be used.
  public var hasErrors: Bool { diagnostics.contains { $0.code.severity == .error } }
}
