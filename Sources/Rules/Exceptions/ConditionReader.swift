/// Reads single comparisons as a rule of some files would have them read: with its lists pasted, and checked.
struct ConditionReader {
  private var resolver: RuleResolver

  init(_ files: [RuleFile]) { resolver = RuleLoader().resolver(of: files) }

  /// The comparison that a text is; `nil` when it is none, or is wrong.
  mutating func check(_ text: String) -> Check? {
    guard let condition = resolver.parse(text), case .check(let check) = condition.kind,
      (try? ConditionMatcher(condition)) != nil
    else { return nil }
    return check
  }
}
