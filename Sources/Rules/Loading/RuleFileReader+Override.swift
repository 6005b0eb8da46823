/// What `override` does with a key.
enum OverrideAction: String {
  case append, replace
}

/// The message and cure of an error whose place the caller knows.
struct SyntaxErrorText {
  var message: String
  var cure: String?

  init(_ message: String, cure: String? = nil) {
    self.message = message
    self.cure = cure
  }
}

extension RuleFileReader {
  /// Whether `append: true` is there, which is deprecated.
  mutating func readAppendFlag(_ reading: inout ItemReading) -> Bool {
    guard bool("append", &reading) == true, let entry = reading.mapping.entry("append") else { return false }
    report(
      .deprecatedItem,
      SyntaxError(
        "'append' is deprecated", range: entry.key.range,
        cure: "write 'override:' with '\(Self.appendExample(reading.item.kind)): append'"), in: [reading.item]
    )
    return true
  }

  private static func appendExample(_ kind: RuleItem.Kind) -> String { kind == .list ? "items" : "condition" }

  mutating func refuseAppendWithOverride(_ isAppend: Bool, _ reading: inout ItemReading) {
    guard isAppend, let entry = reading.mapping.entry("append") else { return }
    fail(
      &reading,
      SyntaxError(
        "'append: true' and 'override' cannot stand together", range: entry.key.range, cure: "remove 'append'"
      ))
  }

  /// The entries of `override`, each checked: a known action, a key that `refusal` has nothing against and that
  /// has a value beside `override`.
  mutating func readOverride(
    _ node: YAMLNode, _ reading: inout ItemReading,
    refusal: (_ key: String, _ action: OverrideAction) -> SyntaxErrorText?
  ) -> [String: OverrideAction] {
    guard let mapping = attempt(&reading, { (_) throws(SyntaxError) in try node.mapping() }) else {
      return [:]
    }
    var actions: [String: OverrideAction] = [:]
    for entry in mapping.entries {
      let pair = attempt(&reading) { (_) throws(SyntaxError) in
        (key: try entry.key.string(), action: try entry.value.string())
      }
      guard let (key, text) = pair else { continue }
      guard let action = OverrideAction(rawValue: text) else {
        let error = SyntaxError(
          "'\(key)' can be overridden with 'append' or 'replace', not with '\(text)'",
          range: entry.value.range,
          cure: suggestion(for: text, among: ["append", "replace"]).map { "did you mean '\($0)'?" })
        fail(&reading, error)
        continue
      }
      if let refusal = refusal(key, action) {
        fail(&reading, SyntaxError(refusal.message, range: entry.key.range, cure: refusal.cure))
      } else if reading.mapping[key] == nil {
        fail(
          &reading,
          SyntaxError(
            "'override' names '\(key)', which has no value here", range: entry.key.range,
            cure: "add '\(key): …' beside 'override'"))
      } else {
        actions[key] = action
      }
    }
    return actions
  }
}
