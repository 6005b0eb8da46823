extension ConditionCompiler {
  /// The plan of an output, without what is faulty in it.
  mutating func compile(_ template: OutputTemplate) -> OutputPlan {
    var plan = OutputPlan(printsMissing: true)
    var known: [String: Int] = [:]
    for segment in template.segments {
      switch segment {
      case .text(let text): plan.segments.append(.text(Array(text.utf8)))
      case .operand(let operand, let width):
        guard let number = add(operand, to: &plan, &known) else { continue }
        plan.segments.append(.value(number, width: width))
      }
    }
    return plan
  }

  /// Adds a value to those of the output, unless it is there.
  private mutating func add(_ operand: Operand, to plan: inout OutputPlan, _ known: inout [String: Int])
    -> Int?
  {
    let name = operand.text
    if let number = known[name] { return number }
    guard let typed = typed(operand) else { return nil }
    plan.fields.append(typed.field.map { outputField($0, named: name) } ?? outputField(typed, named: name))
    known[name] = plan.fields.count - 1
    return plan.fields.count - 1
  }

  private func outputField(_ operand: TypedOperand, named name: String) -> OutputField {
    OutputField(
      name: name, text: operand.id, value: operand.id, type: operand.type, multiplicity: operand.multiplicity)
  }

  /// A field as outputs print it.
  mutating func outputField(_ field: ResolvedField, named name: String) -> OutputField {
    var field = field
    if field.argument == nil, let other = field.field.printedAs,
      let resolved = try? FieldRegistry.resolve(other, argument: nil)
    {
      field = resolved
    }
    let operand = use(field)
    return OutputField(
      name: name, text: operand.id, value: builder.field(field), type: field.type,
      multiplicity: field.multiplicity)
  }
}
