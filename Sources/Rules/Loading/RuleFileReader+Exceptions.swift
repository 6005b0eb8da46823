extension RuleFileReader {
  /// The exceptions of a rule; `nil` without the key.
  mutating func readExceptions(_ reading: inout ItemReading, isAppend: Bool) -> [ExceptionDefinition]? {
    guard let entry = reading.mapping.entry("exceptions"), !entry.value.isNull else { return nil }
    let nodes = attempt(&reading) { (_) throws(SyntaxError) in try entry.value.list() }
    var exceptions: [ExceptionDefinition] = []
    for node in nodes ?? [] {
      guard let exception = readException(node, &reading, isAppend: isAppend) else { continue }
      if exceptions.contains(where: { $0.name == exception.name }) {
        diagnostics.append(
          Diagnostic(
            .exceptionNameNotUnique,
            "the exception '\(exception.name)' stands twice in rule '\(reading.item.name)'",
            at: exception.item.range, in: [reading.item, exception.item]))
      }
      exceptions.append(exception)
    }
    return exceptions
  }

  private mutating func readException(_ node: YAMLNode, _ reading: inout ItemReading, isAppend: Bool)
    -> ExceptionDefinition?
  {
    guard let mapping = attempt(&reading, { (_) throws(SyntaxError) in try node.mapping() }) else {
      return nil
    }
    guard let entry = mapping.entry("name") else {
      fail(
        &reading,
        SyntaxError("an exception needs a name", range: node.range, cure: "add 'name: …'"))
      return nil
    }
    let name = attempt(&reading) { (_) throws(SyntaxError) in try entry.value.string() }
    guard let name else { return nil }
    let item = RuleItem(.exception, name, at: range(entry.value.range))
    checkKeys(mapping, known: ["name", "fields", "comps", "values"], in: [reading.item, item])
    var exception = ExceptionDefinition(item: item, values: [])
    exception.fields = readEntry("fields", mapping, &reading)
    exception.comparisons = readEntry("comps", mapping, &reading)
    if let values = mapping["values"], !(isAppend && values.isNull) {
      exception.values = readValues(values, &reading) ?? []
    } else if isAppend {
      diagnostics.append(
        Diagnostic(
          .appendNoValues, "the exception '\(name)' is appended without values", at: item.range,
          in: [reading.item, item], cure: "add 'values: …'"))
    }
    return exception
  }

  private mutating func readEntry(_ key: String, _ mapping: YAMLMapping, _ reading: inout ItemReading)
    -> ExceptionEntry?
  {
    guard let node = mapping[key], !node.isNull else { return nil }
    let entry = attempt(&reading) { (reader) throws(SyntaxError) in try reader.entry(node) }
    guard let entry, !entry.isEmpty else { return nil }
    return entry
  }

  private mutating func readValues(_ node: YAMLNode, _ reading: inout ItemReading) -> [ExceptionEntry]? {
    attempt(&reading) { (reader) throws(SyntaxError) in
      var entries: [ExceptionEntry] = []
      for element in try node.list() { entries.append(try reader.entry(element)) }
      return entries
    }
  }

  /// A scalar, or a sequence of such; how deep it may be is for whoever knows the fields.
  private mutating func entry(_ node: YAMLNode) throws(SyntaxError) -> ExceptionEntry {
    guard case .sequence(let nodes) = node.content else { return .text(try sourced(node)) }
    var entries: [ExceptionEntry] = []
    for element in nodes { entries.append(try entry(element)) }
    return .list(entries, range: range(node.range))
  }
}
