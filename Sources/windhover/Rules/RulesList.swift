import ArgumentParser
import Events
import FoundationEssentials
import Rules

struct RulesList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Print every rule, its condition with lists, macros and exceptions expanded.",
    discussion:
      "Without a file, the rules in the binary are listed. The exit status is 1 when a file has errors.")

  @Argument(help: "Rule files; a directory stands for its YAML files, builtin for the rules in the binary.")
  var files: [String] = []

  @Option(help: "How to print the rules.")
  var format = ReportFormat.text

  func run() throws {
    let resolved = CompiledRules(RuleFile.given(files), loading: .ofNamedFiles).resolved
    var output = StandardOutput()
    if resolved.hasErrors {
      for report in resolved.reports { for error in report.errors { try output.write(error.text) } }
      try output.flush()
      throw Answer.no
    }
    let rules = Self.listed(resolved.rules)
    switch format {
    case .text: for rule in rules { try output.write(rule.text) }
    case .json:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try output.writeLine(String(decoding: try encoder.encode(rules), as: UTF8.self))
    }
    try output.flush()
  }

  private static func listed(_ rules: [ResolvedRule]) -> [ListedRule] {
    // Disabled rules are compiled as well, to tell their fields and event types.
    let compiled = RuleSet.compile(
      rules.map {
        var rule = $0
        rule.isEnabled = true
        return rule
      }
    ).ruleSet.rules
    let byName = Dictionary(compiled.map { ($0.name, $0) }) { first, _ in first }
    return rules.map { ListedRule($0, compiled: byName[$0.name]) }
  }
}

/// A rule as it is listed.
private struct ListedRule: Encodable {
  var name: String
  var description: String
  var priority: String
  var source: String
  var tags: [String]
  var enabled: Bool
  /// As written, appended parts included.
  var condition: String
  /// What is judged: the canonical text with lists, macros and exceptions expanded.
  var conditionCompiled: String
  var output: String
  /// The event types for which it can match; missing for all of them.
  var eventTypes: [String]?
  var fields: [String]

  enum CodingKeys: String, CodingKey {
    case name, description, priority, source, tags, enabled, condition, output, fields
    case conditionCompiled = "condition_compiled"
    case eventTypes = "event_types"
  }

  init(_ rule: ResolvedRule, compiled: RuleSet.Rule?) {
    name = rule.name
    description = rule.description
    priority = rule.priority.name
    source = rule.source
    tags = rule.tags
    enabled = rule.isEnabled
    condition = rule.conditionText
    conditionCompiled = rule.condition.text
    output = rule.output.text
    eventTypes = compiled?.eventTypes
    fields = compiled?.conditionFields ?? []
  }

  /// The description without the line ends that YAML leaves behind it.
  private var summary: String {
    String(description.reversed().drop(while: \.isWhitespace).reversed())
  }

  var text: String {
    """
    \(SafeLine(name)) (\(priority), \(enabled ? "enabled" : "disabled"))
      \(SafeLine(summary))
      tags: \(SafeLine(tags.joined(separator: ", ")))
      event types: \(SafeLine(eventTypes?.joined(separator: ", ") ?? "all"))
      condition: \(SafeLine(conditionCompiled))


    """
  }
}
