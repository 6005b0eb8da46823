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
  /// Whether there is more to say of it than that it is covered.
  public var isWorthTelling: Bool { coverage.verdict != .covered || !coverage.notes.isEmpty }

  /// The rule, its verdict, the causes and notes, on a line each: `Shell in a container: may miss` and what is behind it.
  public var text: String {
    "\(printable(rule)): \(coverage.verdict.rawValue)\n"
      + coverage.reasons.map { "  \($0.verdict.rawValue): \(printable($0.text))\n" }.joined()
      + coverage.notes.map { "  note: \(printable($0))\n" }.joined()
  }

  /// How many rules there are of each verdict, on one line.
  public static func summary(_ rules: [NamedCoverage]) -> String {
    let parts = RuleCoverage.Verdict.allCases.map { verdict in
      "\(rules.count { $0.coverage.verdict == verdict }) \(verdict.rawValue)"
    }
    return "\(rules.count.of("rule")): " + parts.joined(separator: ", ") + "\n"
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
      json.key("notes")
      json.array(coverage.notes) { json, note in json.string(note) }
    }
  }

  /// How many rules there are of each verdict, as an object.
  static func writeSummary(of rules: [NamedCoverage], to json: inout JSONText) {
    json.object { json in
      json.key("rules")
      json.number(rules.count)
      for verdict in RuleCoverage.Verdict.allCases {
        json.key(verdict.rawValue)
        json.number(rules.count { $0.coverage.verdict == verdict })
      }
    }
  }
}
