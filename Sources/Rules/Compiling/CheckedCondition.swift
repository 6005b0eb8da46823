/// A condition that stands in no rule, read and checked: `rules check --condition`, `events CONDITION`.
public struct CheckedCondition: Sendable {
  /// The condition with lists and macros expanded; `nil` when there is an error in it.
  public let condition: Condition?
  /// What is wrong with it, and with the files beside it; its own report is the last.
  public let reports: [RuleFileReport]

  /// What is wrong with the condition itself.
  public var report: RuleFileReport { reports[reports.count - 1] }

  /// - Parameters:
  ///   - text: the condition, under the name that messages are to have.
  ///   - files: rule files whose lists and macros it may use.
  ///   - syntaxOnly: whether the grammar alone is judged, and names of fields and macros pass.
  public init(_ text: RuleFile, beside files: [RuleFile] = [], syntaxOnly: Bool = false) {
    var options = LoadingOptions()
    if !syntaxOnly { options.isField = FieldRegistry.isName }
    var resolved = RuleLoader(options: options).load(condition: text, beside: files, isSyntaxOnly: syntaxOnly)
    if let condition = resolved.condition, !syntaxOnly {
      resolved.rules.diagnostics += Self.faults(of: condition)
    }
    condition = resolved.rules.hasErrors ? nil : resolved.condition
    reports = resolved.rules.reports
  }

  private static func faults(of condition: Condition) -> [Diagnostic] {
    do throws(ConditionFaults) {
      _ = try ConditionMatcher(condition)
      return []
    } catch {
      return error.diagnostics
    }
  }
}
