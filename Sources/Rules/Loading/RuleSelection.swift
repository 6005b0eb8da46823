/// Which rules are enabled, decided after loading: steps in order, each over what those before left.
///
/// The value of the configuration key `rules`, in which a step reads `disable: {rule: "Read *"}` or
/// `enable: {tag: network}`.
public struct RuleSelection: Equatable, Sendable {
  public var steps: [Step]

  /// One step: it enables or disables all rules that its target names.
  public struct Step: Equatable, Sendable {
    public var enables: Bool
    public var target: Target

    public init(enables: Bool, _ target: Target) {
      self.enables = enables
      self.target = target
    }
  }

  /// What a step names.
  public enum Target: Equatable, Sendable {
    /// Rules by name; `*` stands for any text.
    case rule(pattern: String)
    /// Rules that have exactly this tag.
    case tag(String)
  }

  public init(_ steps: [Step] = []) { self.steps = steps }

  /// Enables and disables rules.
  ///
  /// - Returns: The steps that name no rule, for a warning: they are most likely misspelt.
  public func apply(to rules: inout [ResolvedRule]) -> [Step] {
    steps.filter { step in
      var isMet = false
      for index in rules.indices where step.target.names(rules[index]) {
        rules[index].isEnabled = step.enables
        isMet = true
      }
      return !isMet
    }
  }
}

extension RuleSelection.Target {
  /// Whether a rule is meant.
  public func names(_ rule: ResolvedRule) -> Bool { names(rule.name, tags: rule.tags) }

  /// Whether a rule of this name with these tags is meant.
  public func names(_ rule: String, tags: [String]) -> Bool {
    switch self {
    case .rule(let pattern): Self.matches(Array(pattern.utf8), Array(rule.utf8))
    case .tag(let tag): tags.contains(tag)
    }
  }

  /// Why it names none of these rules, and what is most likely meant; `nil` when it names one.
  public func absence(among rules: [ResolvedRule]) -> String? {
    guard !rules.contains(where: { names($0) }) else { return nil }
    let meant: String?
    switch self {
    case .rule(let pattern): meant = suggestion(for: pattern, among: rules.map(\.name))
    case .tag(let tag): meant = suggestion(for: tag, among: Set(rules.flatMap(\.tags)))
    }
    return "there is no \(noun)" + (meant.map { "; did you mean '\(printable($0))'?" } ?? "")
  }

  private var noun: String {
    switch self {
    case .rule: "\(self)"
    case .tag: "rule with the \(self)"
    }
  }

  /// Whether a name meets a pattern with `*`. Linear but for the product of both lengths at worst: a star that was
  /// passed is never tried again.
  private static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var (position, at) = (0, 0)
    var star: (pattern: Int, name: Int)?
    while at < name.count {
      if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
        star = (position, at)
        position += 1
      } else if position < pattern.count, pattern[position] == name[at] {
        position += 1
        at += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        position = last.pattern + 1
        at = last.name + 1
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension RuleSelection.Step: CustomStringConvertible {
  /// `disable rule 'Read *'`
  public var description: String { "\(enables ? "enable" : "disable") \(target)" }
}

extension RuleSelection.Target: CustomStringConvertible {
  /// `rule 'Read *'`
  public var description: String {
    switch self {
    case .rule(let pattern): "rule '\(printable(pattern))'"
    case .tag(let tag): "tag '\(printable(tag))'"
    }
  }
}
