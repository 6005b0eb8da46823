import Alerts
public import Rules

extension Configuration {
  /// What options name as rules, and no rule is: most likely misspelt. Sentences without a full stop, each with the option.
  ///
  /// - Parameter rules: all that were loaded, those that are disabled among them.
  public func absentRules(among rules: [ResolvedRule]) -> [String] {
    namedRules.compactMap { option, target in
      // What the agent says of itself goes everywhere, and may be named all the same.
      guard !Self.own.contains(where: { target.names($0.name, tags: $0.tags) }) else { return nil }
      return target.absence(among: rules).map { "\(option): \($0)" }
    }
      + throttle.rules.map(\.rule).compactMap { name in
        guard !rules.contains(where: { $0.name == name }), !Self.own.contains(where: { $0.name == name })
        else {
          return nil
        }
        let why = RuleSelection.Target.rule(pattern: name).absence(among: rules)
        return "throttle.rules: " + (why ?? "there is no rule '\(name)'; a name is to be written out")
      }
  }

  private static let own = [LossReporter.rule, Tampering.rule, Tampering.delayRule]

  /// Whatever names rules by a pattern or a tag, with the option that does.
  private var namedRules: [(option: String, target: RuleSelection.Target)] {
    let steps = ruleSelection.steps.map { ("rules", $0.target) }
    let matches = outputAdditions.entries.map(\.match).flatMap { match in
      match.tags.map(RuleSelection.Target.tag) + (match.rule.map { [.rule(pattern: $0)] } ?? [])
    }
    let outputs: [(String, [RuleTargets])] = [
      ("stdout_output", [stdout.only]), ("file_output", [file.only]), ("file_outputs", moreFiles.map(\.only)),
      ("syslog_output", [syslog.only]), ("journald_output", [journald.only]),
      ("remote_syslog_output", remoteSyslog.map(\.only)), ("http_output", [http.only]),
      ("http_outputs", moreHTTP.map(\.only)),
    ]
    return steps + matches.map { ("append_output", $0) }
      + outputs.flatMap { key, only in only.flatMap(\.targets).map { ("\(key).only", $0) } }
  }
}
