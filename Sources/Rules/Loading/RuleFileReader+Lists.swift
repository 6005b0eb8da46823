extension RuleFileReader {
  mutating func readList(_ reading: inout ItemReading) -> Definition? {
    checkKeys(reading.mapping, known: ["list", "items", "append", "override"], in: [reading.item])
    checkListName(reading)
    let isAppend = readAppend(&reading, key: "items")
    require("items", &reading)
    guard let node = reading.mapping["items"] else { return nil }
    let values = attempt(&reading) { (reader) throws(SyntaxError) in try reader.texts(node) }
    guard let values else { return nil }
    return .list(ListDefinition(item: reading.item, values: values, isAppend: isAppend))
  }

  mutating func readMacro(_ reading: inout ItemReading) -> Definition? {
    checkKeys(reading.mapping, known: ["macro", "condition", "append", "override"], in: [reading.item])
    checkMacroName(reading)
    let isAppend = readAppend(&reading, key: "condition")
    require("condition", &reading)
    guard let condition = text("condition", &reading) else { return nil }
    return .macro(MacroDefinition(item: reading.item, condition: condition, isAppend: isAppend))
  }

  /// The texts of a sequence of scalars.
  mutating func texts(_ node: YAMLNode) throws(SyntaxError) -> [SourcedText] {
    var texts: [SourcedText] = []
    for element in try node.list() { texts.append(try sourced(element)) }
    return texts
  }

  /// What `append` and `override` say of a list or macro, whose only key is `key`.
  private mutating func readAppend(_ reading: inout ItemReading, key: String) -> Bool {
    let isAppend = readAppendFlag(&reading)
    guard let node = reading.mapping["override"] else { return isAppend }
    refuseAppendWithOverride(isAppend, &reading)
    let kind = reading.item.kind.rawValue
    let actions = readOverride(node, &reading) { (name, action) in
      name == key ? nil : SyntaxErrorText("'\(name)' cannot be overridden in a \(kind)")
    }
    return actions[key] == .append
  }

  private mutating func checkListName(_ reading: ItemReading) {
    let name = reading.item.name
    guard name.utf8.contains(where: { !ConditionLexer.isBare($0) }) else { return }
    report(
      .invalidListName,
      SyntaxError(
        "the list name '\(name)' holds blanks or one of ( ) \" ' = ,", range: reading.name.range,
        cure: "use letters, digits and '_'"), in: [reading.item])
  }

  private mutating func checkMacroName(_ reading: ItemReading) {
    var lexer = ConditionLexer(Array(reading.item.name.utf8))
    if lexer.identifier() != nil, lexer.isAtEnd { return }
    report(
      .invalidMacroName,
      SyntaxError(
        "no condition can name the macro '\(reading.item.name)'", range: reading.name.range,
        cure: "begin with a letter; use letters, digits and '_'"), in: [reading.item])
  }
}
