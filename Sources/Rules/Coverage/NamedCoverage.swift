public import Events

/// A rule's name and what it is worth with some sources.
public struct NamedCoverage: Equatable, Sendable {
  public let rule: String
  public let coverage: RuleCoverage
}

extension RuleSet {
  /// What each rule is worth with these sources, and its name; in the order of `rules`.
  public func namedCoverage(with sources: Set<SourceID>) -> [NamedCoverage] {
    zip(rules, coverage(with: sources)).map { NamedCoverage(rule: $0.name, coverage: $1) }
  }
}

extension NamedCoverage {
  /// The rule, its verdict and the causes, on a line each: `Shell in a container: may miss` and what is behind it.
  public var text: String {
    "\(printable(rule)): \(coverage.verdict.rawValue)\n"
      + coverage.reasons.map { "  \($0.verdict.rawValue): \(printable($0.text))\n" }.joined()
  }

  /// How many rules there are of each verdict, on one line.
  public static func summary(_ rules: [NamedCoverage]) -> String {
    let parts = RuleCoverage.Verdict.allCases.map { verdict in
      "\(rules.count { $0.coverage.verdict == verdict }) \(verdict.rawValue)"
    }
    return "\(rules.count) rules: " + parts.joined(separator: ", ") + "\n"
  }

  func write(to json: inout JSONText) {
    json.object { json in
      json.key("rule")
      json.string(rule)
      json.key("verdict")
      json.string(coverage.verdict.rawValue)
      json.key("reasons")
      json.array(coverage.reasons) { json, reason in
        json.object { json in
          json.key("verdict")
          json.string(reason.verdict.rawValue)
          json.key("text")
          json.string(reason.text)
        }
      }
    }
  }
}
