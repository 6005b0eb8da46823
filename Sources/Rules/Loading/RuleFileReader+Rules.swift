internal import Events

extension RuleFileReader {
  private static let ruleKeys =
    ["rule", "source", "append", "override"] + RuleKey.allCases.map(\.rawValue)
  private static let requiredKeys: [RuleKey] = [.condition, .desc, .output, .priority]

  mutating func readRule(_ reading: inout ItemReading) -> Definition? {
    checkKeys(reading.mapping, known: Self.ruleKeys, in: [reading.item])
    let mode = readMode(&reading)
    var rule = RuleDefinition(item: reading.item, mode: mode)
    readTexts(&rule, &reading)
    readFlags(&rule, &reading)
    rule.priority = readPriority(&reading)
    rule.tags = readTags(&reading)
    rule.exceptions = readExceptions(&reading, isAppend: mode.appends(.exceptions))
    return .rule(rule)
  }

  private mutating func readMode(_ reading: inout ItemReading) -> RuleDefinition.Mode {
    let isAppend = readAppendFlag(&reading)
    if let node = reading.mapping["override"] {
      refuseAppendWithOverride(isAppend, &reading)
      return readRuleOverride(node, &reading)
    }
    if isAppend {
      reportIgnoredByAppend(reading)
      return .append
    }
    if Self.requiredKeys.allSatisfy({ reading.mapping[$0.rawValue] == nil }),
      let entry = reading.mapping.entry("enabled")
    {
      report(
        .deprecatedItem,
        SyntaxError(
          "a rule with nothing but 'enabled' is deprecated", range: entry.key.range,
          cure: "add 'override:' with 'enabled: replace'"), in: [reading.item])
      return .enable
    }
    for key in Self.requiredKeys { require(key.rawValue, &reading) }
    return .define
  }

  /// `append: true` adds conditions and exceptions; other keys beside it have no effect.
  private mutating func reportIgnoredByAppend(_ reading: ItemReading) {
    for key in Self.ruleKeys where !["rule", "append", "condition", "exceptions"].contains(key) {
      guard let entry = reading.mapping.entry(key) else { continue }
      report(
        .unknownKey,
        SyntaxError(
          "'\(key)' has no effect beside 'append: true'", range: entry.key.range,
          cure: "write 'override:' instead of 'append'"), in: [reading.item])
    }
  }

  private mutating func readRuleOverride(_ node: YAMLNode, _ reading: inout ItemReading)
    -> RuleDefinition.Mode
  {
    let actions = readOverride(node, &reading) { (name, action) in
      guard let key = RuleKey(rawValue: name) else {
        let meant = suggestion(for: name, among: RuleKey.allCases.map(\.rawValue))
        return SyntaxErrorText(
          "'\(name)' cannot be overridden in a rule", cure: meant.map { "did you mean '\($0)'?" })
      }
      guard action == .replace || RuleKey.appendable.contains(key) else {
        return SyntaxErrorText("'\(name)' cannot be appended to", cure: "write '\(name): replace'")
      }
      return nil
    }
    // A key whose entry is wrong was complained about once already.
    let named = (try? node.mapping())?.entries.compactMap(\.name)
    for key in RuleKey.allCases {
      guard named?.contains(key.rawValue) == false, let entry = reading.mapping.entry(key.rawValue) else {
        continue
      }
      fail(
        &reading,
        SyntaxError(
          "'\(key.rawValue)' has a value, but no entry under 'override'", range: entry.key.range,
          cure: "add '\(key.rawValue): replace' under 'override'"))
    }
    func keys(_ action: OverrideAction) -> Set<RuleKey> {
      Set(actions.filter { $0.value == action }.compactMap { RuleKey(rawValue: $0.key) })
    }
    return .override(appending: keys(.append), replacing: keys(.replace))
  }

  private mutating func readTexts(_ rule: inout RuleDefinition, _ reading: inout ItemReading) {
    rule.condition = text("condition", &reading)
    rule.output = text("output", &reading)
    rule.description = text("desc", &reading)
    rule.source = text("source", &reading)
  }

  private mutating func readFlags(_ rule: inout RuleDefinition, _ reading: inout ItemReading) {
    rule.isEnabled = bool("enabled", &reading)
    rule.warnsAboutEventTypes = bool("warn_evttypes", &reading)
    rule.skipsIfUnknownFilter = bool("skip-if-unknown-filter", &reading)
    rule.isCaptureWanted = bool("capture", &reading)
    guard let node = reading.mapping["capture_duration"] else { return }
    rule.captureDurationMilliseconds = attempt(&reading) { (_) throws(SyntaxError) in
      try node.integer(in: 0...Int.max)
    }
  }

  private mutating func readPriority(_ reading: inout ItemReading) -> Priority? {
    guard let text = text("priority", &reading), let node = reading.mapping["priority"] else { return nil }
    if let priority = Priority(name: text.text) { return priority }
    let names = Priority.allCases.map { $0.name.uppercased() }
    let meant = suggestion(for: text.text, among: names)
    fail(
      &reading,
      SyntaxError(
        "there is no priority '\(text.text)'", range: node.range,
        cure: meant.map { "did you mean '\($0)'?" } ?? "use one of \(names.joined(separator: ", "))"))
    return nil
  }

  private mutating func readTags(_ reading: inout ItemReading) -> [String]? {
    guard let node = reading.mapping["tags"], !node.isNull else { return nil }
    return attempt(&reading) { (reader) throws(SyntaxError) in try reader.texts(node).map(\.text) }
  }
}

extension RuleDefinition.Mode {
  /// Whether the item adds to this key of an earlier rule.
  func appends(_ key: RuleKey) -> Bool {
    switch self {
    case .define, .enable: false
    case .append: true
    case .override(let appending, _): appending.contains(key)
    }
  }
}
