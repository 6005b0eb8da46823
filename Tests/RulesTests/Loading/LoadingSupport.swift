@testable import Rules

/// Loads files that are named 1.yaml, 2.yaml, …; fields may have any name unless the options say otherwise.
func load(_ texts: String..., options: LoadingOptions? = nil) -> ResolvedRules {
  let files = texts.enumerated().map {
    RuleFile(name: "\($0.offset + 1).yaml", bytes: Array($0.element.utf8))
  }
  return RuleLoader(options: options ?? .anyField).load(files)
}

extension LoadingOptions {
  /// Options with which no field's name is judged.
  static var anyField: LoadingOptions {
    var options = LoadingOptions()
    options.isField = nil
    return options
  }
}

extension ResolvedRules {
  /// `CODE file:line:column` of each finding, unused lists and macros apart, in order.
  var findings: [String] {
    var lines: [String] = []
    for report in reports {
      let all = (report.errors + report.warnings).sorted { $0.location.offset < $1.location.offset }
      for finding in all where finding.code != .unusedList && finding.code != .unusedMacro {
        lines.append("\(finding.code.rawValue) \(finding.location)")
      }
    }
    return lines
  }

  /// The canonical condition of each rule by name.
  var conditions: [String: String] {
    Dictionary(uniqueKeysWithValues: rules.map { ($0.name, $0.condition.text) })
  }
}

/// A complete rule as YAML.
func rule(_ condition: String, name: String = "r", more: String = "") -> String {
  """
  - rule: \(name)
    desc: d
    condition: \(condition)
    output: o
    priority: INFO
  \(more.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))

  """
}
