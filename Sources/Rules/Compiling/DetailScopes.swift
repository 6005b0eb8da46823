import Events

extension Tables {
  /// The names one of which a process must have for the expression to be true, or its executable's file; `nil` when the
  /// expression does not say.
  func programNames(_ expression: Expression, _ fields: [ResolvedField]) -> Set<[UInt8]>? {
    var operands: Set<OperandID> = []
    for (number, source) in self.operands.enumerated() where isProgramName(source, fields) {
      operands.insert(OperandID(number))
    }
    guard let anchor = anchor(expression, over: operands) else { return nil }
    // Of a path the file's name: whose executable has that path has a file of that name.
    return Set(
      anchor.texts.values.joined().map { text in
        let bytes = constants[text.indices]
        return Array(bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[($0 + 1)...] } ?? bytes)
      })
  }

  /// Whether the expression can be true of processes in containers alone.
  func isAboutContainers(_ expression: Expression, _ fields: [ResolvedField]) -> Bool {
    switch expression {
    case .constant: false
    case .predicate(let number, _): saysHost(number, fields, isNegated: true)
    case .not(.predicate(let number, _)): saysHost(number, fields, isNegated: false)
    case .not: false
    case .and(let parts): parts.contains { isAboutContainers($0, fields) }
    case .or(let parts): parts.allSatisfy { isAboutContainers($0, fields) }
    }
  }

  /// Whether a predicate is `container.id = host`, or `!=` with `isNegated`.
  private func saysHost(_ number: Int, _ fields: [ResolvedField], isNegated: Bool) -> Bool {
    let predicate = predicates[number]
    let test = tests[Int(predicate.tests.first)]
    guard predicate.modifier == nil, test.isNegated == isNegated, case .text(let text) = test.kind,
      case .field(let field) = operands[Int(predicate.operand.index)]
    else { return false }
    return fields[Int(field)].canonicalName == "container.id"
      && constants[text.indices].elementsEqual("host".utf8)
  }

  private func isProgramName(_ source: OperandSource, _ fields: [ResolvedField]) -> Bool {
    switch source {
    case .field(let number): ["proc.name", "proc.exepath"].contains(fields[Int(number)].canonicalName)
    case .transformed(.basename, let operand): isProgramName(operands[Int(operand.index)], fields)
    default: false
    }
  }
}

extension DetailScope {
  /// Adds what an expression with these needs wants of the processes that it can be about.
  mutating func add(
    _ needs: Needs, of expression: Expression, _ tables: borrowing Tables, _ fields: [ResolvedField]
  ) {
    add(
      needs, of: tables.programNames(expression, fields),
      inContainers: tables.isAboutContainers(expression, fields))
  }

  /// Adds what a rule wants of the processes that it can be about.
  /// - Parameters:
  ///   - names: those that the processes must have; `nil` for any.
  ///   - inContainers: whether it can be about processes in containers alone.
  mutating func add(_ needs: Needs, of names: Set<[UInt8]>?, inContainers isAboutContainers: Bool) {
    var late = needs.intersection(.late)
    if late.contains(.ancestorEnvironment) {
      late.formUnion(.environment)
      ofAll.formUnion([.ancestorEnvironment, .environment])
    }
    guard let names else {
      if isAboutContainers { inContainers.formUnion(late) } else { ofAll.formUnion(late) }
      return
    }
    for name in names where !late.isEmpty { byName[name, default: []].formUnion(late) }
  }

  /// Adds the variables that fields name.
  mutating func add(variablesOf fields: [ResolvedField]) {
    for field in fields where !field.field.needs.isDisjoint(with: [.environment, .ancestorEnvironment]) {
      if case .key(let key) = field.argument, case .named(let names) = variables {
        variables = .named(names.union([Array(key.utf8)]))
      } else if field.argument.map({ if case .key = $0 { false } else { true } }) ?? true {
        variables = .all
      }
    }
  }
}
