extension Condition {
  /// The canonical text: it reads back as an equal tree.
  ///
  /// Every `and` and `or` stands in parentheses, strings are bare where they can be.
  public var text: String {
    var printer = ConditionPrinter()
    printer.print(self)
    return String(decoding: printer.bytes, as: UTF8.self)
  }
}

extension Check {
  /// The canonical text.
  public var text: String {
    var printer = ConditionPrinter()
    printer.print(self)
    return String(decoding: printer.bytes, as: UTF8.self)
  }
}

extension Operand {
  /// The canonical text, by which alerts name the value: `proc.aname[2]`, `tolower(proc.name)`.
  public var text: String {
    var printer = ConditionPrinter()
    printer.print(self)
    return String(decoding: printer.bytes, as: UTF8.self)
  }
}

private struct ConditionPrinter {
  private(set) var bytes: [UInt8] = []

  mutating func print(_ condition: Condition) {
    switch condition.kind {
    case .and(let parts): print(parts, joinedBy: " and ")
    case .or(let parts): print(parts, joinedBy: " or ")
    case .not(let part):
      // `not not a` reads as `a`; only in parentheses is a negation negated.
      let isNegation = if case .not = part.kind { true } else { false }
      bytes += (isNegation ? "not (" : "not ").utf8
      print(part)
      if isNegation { bytes += ")".utf8 }
    case .check(let check): print(check)
    case .macro(let name): bytes += name.utf8
    }
  }

  private mutating func print(_ parts: [Condition], joinedBy word: StaticString) {
    bytes += "(".utf8
    for (index, part) in parts.enumerated() {
      if index > 0 { bytes += word.description.utf8 }
      print(part)
    }
    bytes += ")".utf8
  }

  mutating func print(_ check: Check) {
    print(check.left)
    bytes += " \(check.comparison.rawValue)".utf8
    if let modifier = check.modifier { bytes += " \(modifier.rawValue)".utf8 }
    guard let right = check.right else { return }
    bytes += " ".utf8
    switch right {
    case .literal(let literal):
      bytes += check.comparison.family == .numeric ? literal.bytes : QuotedString.spell(literal.bytes)
    case .list(let literals, _): print(literals)
    case .field(let field):
      bytes += "val(".utf8
      print(field)
      bytes += ")".utf8
    case .call(let call): print(call)
    }
  }

  private mutating func print(_ literals: [Literal]) {
    bytes += "(".utf8
    for (index, literal) in literals.enumerated() {
      if index > 0 { bytes += ", ".utf8 }
      bytes += QuotedString.spell(literal.bytes)
    }
    bytes += ")".utf8
  }

  mutating func print(_ operand: Operand) {
    switch operand {
    case .field(let field): print(field)
    case .call(let call): print(call)
    }
  }

  private mutating func print(_ field: FieldReference) {
    bytes += field.name.utf8
    print(bracket: field.argument)
  }

  private mutating func print(_ call: TransformerCall) {
    bytes += call.transformer.rawValue.utf8
    print(call.arguments)
    print(bracket: call.index)
  }

  private mutating func print(_ arguments: [TransformerCall.Argument]) {
    bytes += "(".utf8
    for (index, argument) in arguments.enumerated() {
      if index > 0 { bytes += ", ".utf8 }
      switch argument {
      case .operand(let operand): print(operand)
      // Quoted always: a bare string could read back as a field.
      case .literal(let literal): bytes += QuotedString.quote(literal.bytes)
      case .list(let list): print(list)
      }
    }
    bytes += ")".utf8
  }

  private mutating func print(bracket text: String?) {
    guard let text else { return }
    let value = Array(text.utf8)
    let isBare = !value.isEmpty && value.allSatisfy { $0 > 0x20 && ConditionLexer.isBareArgument($0) }
    bytes += "[".utf8
    bytes += isBare ? value : QuotedString.quote(value)
    bytes += "]".utf8
  }
}
