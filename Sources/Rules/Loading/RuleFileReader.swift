/// Reads the items of one rule file. Each fault is noted and reading goes on with the next item.
struct RuleFileReader {
  let options: LoadingOptions
  let file: TextID
  var sources: SourceMap
  var diagnostics: [Diagnostic] = []
  private(set) var definitions: [Definition] = []
  /// Whether items may be missing, so that a name nobody defined is no fault.
  private(set) var isCutShort = false

  init(_ file: TextID, sources: SourceMap, options: LoadingOptions) {
    self.file = file
    self.sources = sources
    self.options = options
  }

  mutating func read(_ bytes: [UInt8]) {
    let stream = YAMLStream(parsing: bytes, limits: options.yamlLimits)
    for document in stream.documents where !document.isNull { read(document: document) }
    if let error = stream.error {
      report(.yamlParse, error, in: [])
      isCutShort = true
    }
  }

  private mutating func read(document: YAMLNode) {
    guard case .sequence(let nodes) = document.content else {
      let error = SyntaxError(
        "a rules file is a list of items, found \(document.kind)", range: document.range,
        cure: "begin each item with '- ', as in '- rule: name'")
      report(.yamlValidate, error, in: [])
      isCutShort = true
      return
    }
    for node in nodes { read(item: node) }
  }

  private mutating func read(item node: YAMLNode) {
    let place = RuleItem(.contentItem, at: range(node.range))
    guard case .mapping(let mapping) = node.content else {
      let error = SyntaxError(
        "an item has keys and values, found \(node.kind)", range: node.range, cure: "write '- rule: name'")
      return report(.yamlValidate, error, in: [place])
    }
    // The order in which Falco looks, for an item that has several.
    if let value = mapping["required_engine_version"] {
      readEngineVersion(value, mapping)
    } else if let value = mapping["required_plugin_versions"] {
      readPluginVersions(value, mapping)
    } else if let entry = mapping.entry("list") {
      readNamed(.list, entry, mapping, node) { $0.readList(&$1) }
    } else if let entry = mapping.entry("macro") {
      readNamed(.macro, entry, mapping, node) { $0.readMacro(&$1) }
    } else if let entry = mapping.entry("rule") {
      readNamed(.rule, entry, mapping, node) { $0.readRule(&$1) }
    } else {
      reportUnknownItem(mapping, place)
    }
  }

  private mutating func readNamed(
    _ kind: RuleItem.Kind, _ entry: YAMLMapping.Entry, _ mapping: YAMLMapping, _ node: YAMLNode,
    _ read: (inout RuleFileReader, inout ItemReading) -> Definition?
  ) {
    var item = RuleItem(kind, at: range(entry.key.range.lowerBound..<node.range.upperBound))
    do throws(SyntaxError) {
      item.name = try entry.value.string()
    } catch {
      return report(.yamlValidate, error, in: [item])
    }
    guard !item.name.isEmpty else {
      let error = SyntaxError("a \(kind.rawValue) needs a name", range: entry.value.range)
      return report(.yamlValidate, error, in: [item])
    }
    var reading = ItemReading(item: item, name: entry.value, mapping: mapping)
    let definition = read(&self, &reading)
    if let definition, !reading.isBroken {
      definitions.append(definition)
    } else {
      definitions.append(.broken(item))
      if case .rule(let rule)? = definition, rule.mode == .define { definitions.append(.faulty(rule)) }
    }
  }

  private mutating func reportUnknownItem(_ mapping: YAMLMapping, _ place: RuleItem) {
    let known = ["rule", "macro", "list", "required_engine_version", "required_plugin_versions"]
    let names = mapping.entries.compactMap(\.name)
    let meant = names.lazy.compactMap { suggestion(for: $0, among: known) }.first
    let named = names.first.map { " '\($0)'" } ?? ""
    let error = SyntaxError(
      "the item\(named) is not known and is ignored",
      range: mapping.entries.first?.key.range ?? 0..<0,
      cure: meant.map { "did you mean '\($0)'?" })
    report(.unknownItem, error, in: [place])
  }
}

/// One item while it is read.
struct ItemReading {
  var item: RuleItem
  /// The node with the name.
  var name: YAMLNode
  var mapping: YAMLMapping
  /// Whether an error was noted, so that the item cannot be used.
  var isBroken = false
}

extension RuleFileReader {
  func range(_ range: Range<Int>) -> SourceRange {
    SourceRange(text: file, lower: range.lowerBound, upper: range.upperBound)
  }

  /// Notes a fault at a place of the file.
  mutating func report(_ code: DiagnosticCode, _ error: SyntaxError, in context: [RuleItem]) {
    diagnostics.append(
      Diagnostic(code, error.message, at: range(error.range), in: context, cure: error.cure))
  }

  /// Notes an error in an item, which then cannot be used.
  mutating func fail(_ reading: inout ItemReading, _ error: SyntaxError) {
    reading.isBroken = true
    report(.yamlValidate, error, in: [reading.item])
  }

  /// Notes unknown and doubled keys.
  mutating func checkKeys(_ mapping: YAMLMapping, known: [String], in context: [RuleItem]) {
    for problem in mapping.keyProblems(known: known) {
      report(problem.kind == .unknown ? .unknownKey : .duplicateKey, problem.error, in: context)
    }
  }

  /// The text of a key; `nil` when it is absent or wrong, which is then noted.
  mutating func text(_ key: String, _ reading: inout ItemReading) -> SourcedText? {
    guard let node = reading.mapping[key] else { return nil }
    return attempt(&reading) { (reader) throws(SyntaxError) in try reader.sourced(node) }
  }

  mutating func bool(_ key: String, _ reading: inout ItemReading) -> Bool? {
    guard let node = reading.mapping[key] else { return nil }
    return attempt(&reading) { (_) throws(SyntaxError) in try node.bool() }
  }

  /// Does something that may fail; the error is noted.
  mutating func attempt<Value>(
    _ reading: inout ItemReading, _ body: (inout RuleFileReader) throws(SyntaxError) -> Value
  ) -> Value? {
    do throws(SyntaxError) {
      return try body(&self)
    } catch {
      fail(&reading, error)
      return nil
    }
  }

  /// The text of a scalar and where it stands.
  mutating func sourced(_ node: YAMLNode) throws(SyntaxError) -> SourcedText {
    let text = try node.string()
    guard case .scalar(let scalar) = node.content else {
      return SourcedText(text: text, range: range(node.range))
    }
    return SourcedText(text: text, range: sources.add(scalar, node: range(node.range)))
  }

  /// Notes that a key which must be there is not.
  mutating func require(_ key: String, _ reading: inout ItemReading) {
    guard reading.mapping[key] == nil else { return }
    let kind = reading.item.kind.rawValue
    fail(
      &reading,
      SyntaxError("\(kind) '\(reading.item.name)' has no '\(key)'", range: reading.name.range))
  }
}
