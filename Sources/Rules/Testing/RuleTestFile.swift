/// A file of golden cases for rules.
///
/// ```yaml
/// rules: [../process.yaml]            # relative to this file; without it, the rules that the command was given
/// cases:
///   - name: a shell in a container
///     only: Shell in a container      # judge these rules and no others
///     events:
///       - {evt.type: execve, proc.name: sh, container.id: 3f2a6c1b9d04}
///     alerts:                         # or: none
///       - {rule: Shell in a container, priority: notice, output: shell=sh, fields: {proc.name: sh}}
/// ```
public struct RuleTestFile: Sendable {
  public let name: String
  /// The rule files that the cases are for, as written; `nil` when the file names none.
  public private(set) var rules: [String]?
  /// The cases, those that are wrong among them.
  public private(set) var cases: [RuleTestCase] = []
  /// What is wrong with the file outside of its cases.
  public private(set) var report: RuleFileReport

  /// Whether the content is that of a file of cases, and not of rules.
  public static func isOne(_ bytes: [UInt8]) -> Bool {
    guard case .mapping(let mapping)? = YAMLStream(parsing: bytes).documents.first?.content else {
      return false
    }
    return mapping["cases"] != nil
  }

  public init(reading file: SourceFile) {
    var reader = RuleTestReader(file)
    reader.read()
    name = file.name
    rules = reader.rules
    cases = reader.cases
    report = reader.report
  }
}
