import Events

/// Reads a file of cases and notes everything that is wrong with it: what is wrong within a case with that case alone.
struct RuleTestReader {
  private(set) var rules: [String]?
  private(set) var cases: [RuleTestCase] = []
  private let file: SourceFile
  private var sources = SourceMap()
  private let id: TextID
  private var diagnostics: [Diagnostic] = []

  init(_ file: SourceFile) {
    self.file = file
    id = sources.add(file)
  }

  var report: RuleFileReport {
    RuleFileReport.reports(of: diagnostics, files: [id], sources: sources)[0]
  }

  mutating func read() {
    do throws(SyntaxError) {
      guard let root = try YAMLStream.document(parsing: file.bytes) else { return }
      try readRoot(root)
    } catch {
      note(error, .yamlParse)
    }
  }

  private mutating func readRoot(_ root: YAMLNode) throws(SyntaxError) {
    let mapping = try root.mapping()
    check(mapping, known: ["rules", "cases"])
    if let node = mapping["rules"] { rules = attempt { (_) throws(SyntaxError) in try Self.texts(node) } }
    for (index, node) in (try mapping["cases"]?.list() ?? []).enumerated() {
      let outside = diagnostics
      diagnostics = []
      var test =
        attempt { (reader) throws(SyntaxError) in try reader.readCase(node, number: index + 1) }
        ?? RuleTestCase(
          name: "case \(index + 1)", location: file.location(at: node.range.lowerBound), only: [], events: [],
          alerts: [])
      test.faults = report.errors.map(\.text)
      cases.append(test)
      diagnostics = outside
    }
  }

  private mutating func readCase(_ node: YAMLNode, number: Int) throws(SyntaxError) -> RuleTestCase {
    let mapping = try node.mapping()
    check(mapping, known: ["name", "only", "events", "alerts"])
    let name = attempt { (_) throws(SyntaxError) in
      try Self.required("name", of: mapping, in: node).string()
    }
    let only = attempt { (_) throws(SyntaxError) in
      try mapping["only"].map { (node) throws(SyntaxError) in try Self.texts(node) } ?? []
    }
    let events = attempt { (reader) throws(SyntaxError) in
      try reader.readEvents(try Self.required("events", of: mapping, in: node))
    }
    let alerts = attempt { (reader) throws(SyntaxError) in
      try reader.readAlerts(try Self.required("alerts", of: mapping, in: node))
    }
    return RuleTestCase(
      name: name ?? "case \(number)", location: file.location(at: node.range.lowerBound), only: only ?? [],
      events: events ?? [], alerts: alerts ?? [])
  }

  private mutating func readEvents(_ node: YAMLNode) throws(SyntaxError) -> [RuleTestEvent] {
    try node.list().compactMap { node in
      attempt { (reader) throws(SyntaxError) in try reader.readEvent(node) }
    }
  }

  /// An event as JSON. Text is given as text, which every type of field reads as its own; only times tell a number
  /// from its text.
  private mutating func readEvent(_ node: YAMLNode) throws(SyntaxError) -> RuleTestEvent {
    let mapping = try node.mapping()
    check(mapping, known: mapping.entries.compactMap(\.name))
    var json = JSONText()
    var fault: SyntaxError?
    json.object { json in
      for entry in mapping.entries {
        guard let name = entry.name else { continue }
        do throws(SyntaxError) {
          try Self.write(entry, field: try Self.field(name, entry), to: &json)
        } catch {
          fault = fault ?? error
        }
      }
    }
    if let fault { throw fault }
    return RuleTestEvent(json: Array(json.text.utf8))
  }

  private static func field(_ name: String, _ entry: YAMLMapping.Entry) throws(SyntaxError) -> Field {
    do throws(FieldError) {
      return try FieldRegistry.resolve(spelling: name).field
    } catch {
      throw SyntaxError(error.description, range: entry.key.range, cure: error.cure)
    }
  }

  private static func write(
    _ entry: YAMLMapping.Entry, field: Field, to json: inout JSONText
  ) throws(SyntaxError) {
    if entry.value.isNull { return }
    json.key(entry.name ?? "")
    guard case .sequence(let nodes) = entry.value.content else {
      let text = try entry.value.string()
      if field.timeFormat != nil, let number = Int(text) { json.number(number) } else { json.string(text) }
      return
    }
    var texts: [String] = []
    for node in nodes { texts.append(try node.string()) }
    json.array(texts) { $0.string($1) }
  }

  private mutating func readAlerts(_ node: YAMLNode) throws(SyntaxError) -> [ExpectedAlert] {
    if case .scalar(let scalar) = node.content {
      guard scalar.text == "none" else {
        throw SyntaxError("expected a list of alerts, or 'none'", range: node.range)
      }
      return []
    }
    var alerts: [ExpectedAlert] = []
    for node in try node.list() {
      if let alert = attempt({ (reader) throws(SyntaxError) in try reader.readAlert(node) }) {
        alerts.append(alert)
      }
    }
    return alerts
  }

  private mutating func readAlert(_ node: YAMLNode) throws(SyntaxError) -> ExpectedAlert {
    let mapping = try node.mapping()
    check(mapping, known: ["rule", "priority", "output", "fields"])
    var alert = ExpectedAlert(
      rule: try Self.required("rule", of: mapping, in: node).string(), priority: nil,
      output: try mapping["output"]?.string(), fields: [])
    if let node = mapping["priority"] {
      guard let priority = Priority(name: try node.string()) else {
        throw SyntaxError("there is no such priority", range: node.range)
      }
      alert.priority = priority
    }
    for entry in try mapping["fields"]?.mapping().entries ?? [] {
      guard let name = entry.name else { continue }
      alert.fields.append(
        ExpectedAlert.Field(name: name, value: entry.value.isNull ? nil : try Self.joinedText(entry.value)))
    }
    return alert
  }

  // MARK: - Parts

  /// A text, or the elements of a list as alerts print them.
  private static func joinedText(_ node: YAMLNode) throws(SyntaxError) -> String {
    try texts(node).joined(separator: ",")
  }

  /// The texts of a list; one text is a list of one.
  private static func texts(_ node: YAMLNode) throws(SyntaxError) -> [String] {
    guard case .sequence(let nodes) = node.content else { return [try node.string()] }
    var texts: [String] = []
    for node in nodes { texts.append(try node.string()) }
    return texts
  }

  private static func required(
    _ key: String, of mapping: YAMLMapping, in node: YAMLNode
  ) throws(SyntaxError) -> YAMLNode {
    guard let value = mapping[key] else {
      throw SyntaxError("there is no '\(key)'", range: node.range)
    }
    return value
  }

  private mutating func check(_ mapping: YAMLMapping, known: [String]) {
    for problem in mapping.keyProblems(known: known) { note(problem.error, .yamlValidate) }
  }

  /// The result of reading a part; a fault in it is noted, and the other parts are read all the same.
  private mutating func attempt<Value>(
    _ read: (inout Self) throws(SyntaxError) -> Value
  ) -> Value? {
    do throws(SyntaxError) { return try read(&self) } catch {
      note(error, .yamlValidate)
      return nil
    }
  }

  private mutating func note(_ error: SyntaxError, _ code: DiagnosticCode) {
    let range = SourceRange(text: id, lower: error.range.lowerBound, upper: error.range.upperBound)
    // A fault of a file of cases is an error, whatever it would be in a file of rules.
    diagnostics.append(Diagnostic(code, error.message, at: range, in: [], cure: error.cure))
  }
}
