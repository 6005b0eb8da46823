extension ConditionCompiler {
  /// Turns a comparison into a row of the predicate table, or into a constant where its outcome is known.
  mutating func compile(_ check: Check) throws(CompileFault) -> Expression {
    let left = try compile(check.left)
    let definition = check.comparison.definition
    try accept(left, check, definition)
    guard let right = check.right else {
      return predicate(left, tests: [Test(.present)], check)
    }
    switch right {
    case .literal(let literal):
      return predicate(left, tests: [try test(left, check, definition, literal)], check)
    case .list(let literals, _):
      guard let modifier = check.modifier else { return try membership(left, check, definition, literals) }
      guard !literals.isEmpty else { return .constant(false) }
      var tests: [Test] = []
      for literal in literals { tests.append(try test(left, check, definition, literal)) }
      return predicate(left, modifier: modifier, tests: tests, check)
    case .field(let reference):
      return try comparison(left, check, definition, with: try field(reference), at: reference.range)
    case .call(let call):
      return try comparison(left, check, definition, with: try compile(.call(call)), at: call.range)
    }
  }

  mutating func predicate(
    _ operand: TypedOperand, modifier: Modifier? = nil, tests: [Test], _ check: Check
  ) -> Expression {
    let row = Predicate(operand.id, modifier: modifier, tests: builder.tests(tests))
    return .predicate(builder.predicate(row), check.left.range)
  }

  /// Refuses an operator that the operand's type, or its being a list, does not allow.
  private func accept(_ left: TypedOperand, _ check: Check, _ definition: Operator) throws(CompileFault) {
    let spelling = check.comparison.rawValue
    guard definition.takes.contains(left.type.valueClass) else {
      throw CompileFault(
        "'\(spelling)' does not work on '\(left.text)', which is \(left.type.rawValue)",
        at: check.comparisonRange)
    }
    guard left.multiplicity == .list else { return }
    switch definition.meaning {
    case .presence, .membership: return
    case .order, .text, .regex, .pathPrefix:
      throw CompileFault(
        "'\(left.text)' is a list, which '\(spelling)' does not work on", at: check.comparisonRange,
        cure: "use 'in' when all of its values must be in a set, 'intersects' when one is enough")
    }
  }

  // MARK: - Constants

  /// The test against one constant.
  private mutating func test(
    _ left: TypedOperand, _ check: Check, _ definition: Operator, _ literal: Literal
  ) throws(CompileFault) -> Test {
    switch definition.meaning {
    case .presence, .membership, .pathPrefix: return try listTest(left, definition, [literal])
    case .order(let ordering):
      let constant = try constant(literal, for: left, notingMisfits: false)
      if let reach = NumberReach(ordering, constant, left.type) { note(reach, check, literal, left) }
      let all = ordering == .unequal && left.multiplicity == .ends
      return order(ordering, constant, left.type.valueClass, all: all)
    case .text(let test, let form):
      return Test(.bytes(test, builder.text(try bytes(literal, in: form))))
    case .regex:
      guard literal.bytes.count <= Constant.byteLimit else { throw fault(.tooLong, literal) }
      do throws(RegexError) {
        return Test(.regex(try builder.regex(literal.bytes)))
      } catch {
        throw CompileFault("'\(literal.text)' is no regular expression: \(error.reason)", at: literal.range)
      }
    }
  }

  mutating func constant(
    _ literal: Literal, for left: TypedOperand, notingMisfits: Bool = true
  ) throws(CompileFault) -> Constant {
    try checkEventType(literal, left)
    do throws(ConstantError) {
      let constant = try Constant(literal.bytes, as: left.type)
      if notingMisfits, !constant.fits(left.type) { noteMisfit(literal, left) }
      return constant
    } catch {
      throw fault(error, literal)
    }
  }

  /// Notes a number that no value of the operand's type can be.
  private mutating func noteMisfit(_ literal: Literal, _ left: TypedOperand) {
    remarks.append(
      CompileRemark(
        message: "'\(left.text)' is \(left.type.rawValue), which is never '\(literal.text)'",
        range: literal.range,
        isAlwaysTrue: false))
  }

  /// Notes an order in which no number of the operand's type stands to a constant, or every one.
  private mutating func note(
    _ reach: NumberReach, _ check: Check, _ literal: Literal, _ left: TypedOperand
  ) {
    let order = check.comparison == .equal ? "" : "\(check.comparison.rawValue) "
    remarks.append(
      CompileRemark(
        message:
          "'\(left.text)' is \(left.type.rawValue), which is \(reach.rawValue) '\(order)\(literal.text)'",
        range: literal.range, isAlwaysTrue: reach == .always))
  }

  /// Refuses a constant for `evt.type` that names no event type.
  private func checkEventType(_ literal: Literal, _ left: TypedOperand) throws(CompileFault) {
    guard let name = left.field?.field.name, name == "evt.type" || name == "syscall.type",
      !EventTypes.isKnown(literal.text)
    else { return }
    throw CompileFault(.unknownEventType(literal.text), at: literal.range)
  }

  func bytes(_ literal: Literal, in form: Operator.ConstantForm) throws(CompileFault) -> [UInt8] {
    guard literal.bytes.count <= Constant.byteLimit else { throw fault(.tooLong, literal) }
    switch form {
    case .asWritten: return literal.bytes
    case .lowered: return literal.bytes.map(Bytes.lowered)
    case .hexadecimal:
      let digits = literal.bytes.compactMap(\.hexadecimalValue)
      guard digits.count == literal.bytes.count, digits.count % 2 == 0 else {
        throw fault(.notHexadecimal, literal)
      }
      return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
  }

  private func fault(_ error: ConstantError, _ literal: Literal) -> CompileFault {
    CompileFault(error.message(literal.text), at: literal.range, cure: error.cure)
  }

  private mutating func order(
    _ ordering: Ordering, _ constant: Constant, _ valueClass: ValueClass, all: Bool
  ) -> Test {
    let isNegated = ordering == .unequal
    switch constant {
    case .flag(let flag): return Test(.number(flag ? 1 : 0), all: all, negated: isNegated)
    case .address(let address):
      return Test(.addressIn(builder.addressList([address])), all: all, negated: isNegated)
    case .network(let network):
      return Test(.networkIn(builder.networkList([network])), all: all, negated: isNegated)
    case .double(let number): return Test(.double(ordering, number.bitPattern), all: all)
    case .bytes(let bytes):
      let text = builder.text(bytes)
      if ordering == .equal || isNegated { return Test(.text(text), all: all, negated: isNegated) }
      return Test(.textOrder(ordering, text), all: all)
    case .signed where valueClass == .unsigned:
      // Every value is above a constant below zero.
      return Test(
        Self.unsigned(ordering == .above || ordering == .atLeast ? .atLeast : .below, 0), all: all,
        negated: isNegated)
    case .signed(let number): return Test(Self.signed(ordering, number), all: all, negated: isNegated)
    case .unsigned(let number): return Test(Self.unsigned(ordering, number), all: all, negated: isNegated)
    }
  }

  /// The signed numbers for which an ordering holds; for `unequal` those for which it does not.
  private static func signed(_ ordering: Ordering, _ number: Int64) -> Test.Kind {
    let never = Test.Kind.signed(from: .max, through: .min)
    switch ordering {
    case .equal, .unequal: return .number(UInt64(bitPattern: number))
    case .below: return number == .min ? never : .signed(from: .min, through: number - 1)
    case .atMost: return .signed(from: .min, through: number)
    case .above: return number == .max ? never : .signed(from: number + 1, through: .max)
    case .atLeast: return .signed(from: number, through: .max)
    }
  }

  private static func unsigned(_ ordering: Ordering, _ number: UInt64) -> Test.Kind {
    let never = Test.Kind.unsigned(from: .max, through: .min)
    switch ordering {
    case .equal, .unequal: return .number(number)
    case .below: return number == .min ? never : .unsigned(from: .min, through: number - 1)
    case .atMost: return .unsigned(from: .min, through: number)
    case .above: return number == .max ? never : .unsigned(from: number + 1, through: .max)
    case .atLeast: return .unsigned(from: number, through: .max)
    }
  }

  // MARK: - Other fields

  private mutating func comparison(
    _ left: TypedOperand, _ check: Check, _ definition: Operator, with right: TypedOperand,
    at range: SourceRange
  ) throws(CompileFault) -> Expression {
    guard let valueClass = Self.common(left.type.valueClass, right.type.valueClass) else {
      throw CompileFault(
        "'\(left.text)' is \(left.type.rawValue) and '\(right.text)' is \(right.type.rawValue): they cannot be compared",
        at: range)
    }
    if let modifier = check.modifier, modifier != .anyof {
      throw CompileFault(
        "'\(modifier.rawValue)' wants constants", at: range, cure: "write '\(modifier.rawValue) (a, b)'")
    }
    let kind: Test.Kind
    var all = false
    switch definition.meaning {
    case .presence: kind = .present
    case .order(let ordering):
      kind = .order(ordering, valueClass, right.id)
      all = ordering == .unequal && left.multiplicity == .ends
    case .membership(let wantsAll):
      kind = .order(.equal, valueClass, right.id)
      all = wantsAll && left.multiplicity == .list
    case .text(let test, .asWritten): kind = .bytesOfOperand(test, right.id)
    case .pathPrefix: kind = .pathOfOperand(right.id)
    case .text, .regex:
      throw CompileFault("'\(check.comparison.rawValue)' wants a constant on its right", at: range)
    }
    return predicate(left, tests: [Test(kind, all: all)], check)
  }

  /// The class as which values of two classes are compared; `nil` when they cannot be.
  private static func common(_ left: ValueClass, _ right: ValueClass) -> ValueClass? {
    switch (left, right) {
    case (.signed, .unsigned), (.unsigned, .signed): .signed
    case (.text, .buffer), (.buffer, .text): .text
    case (.address, .network), (.network, .address): .address
    default: left == right ? left : nil
    }
  }
}
