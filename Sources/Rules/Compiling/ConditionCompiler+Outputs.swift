extension ConditionCompiler {
  /// The plan of an output, without what is faulty in it.
  mutating func compile(_ template: OutputTemplate) -> OutputPlan {
    var plan = OutputPlan(printsMissing: true)
    append(template, to: &plan)
    return plan
  }

  /// Adds a template's text and values to those of an output.
  mutating func append(_ template: OutputTemplate, to plan: inout OutputPlan) {
    for segment in template.segments {
      switch segment {
      case .text(let text): plan.segments.append(.text(Array(text.utf8)))
      case .operand(let operand, let width):
        guard let number = add(operand, to: &plan) else { continue }
        plan.segments.append(.value(number, width: width))
      }
    }
  }

  /// Adds a value to those of the output, unless it is there.
  private mutating func add(_ operand: Operand, to plan: inout OutputPlan) -> Int? {
    let name = operand.text
    if let number = plan.fields.firstIndex(where: { $0.name == name }) { return number }
    guard let field = outputField(operand, named: name) else { return nil }
    plan.fields.append(field)
    return plan.fields.count - 1
  }

  /// A field or a transformer as outputs print it; `nil` when it is faulty.
  mutating func outputField(_ operand: Operand, named name: String) -> OutputField? {
    guard let typed = typed(operand) else { return nil }
    return typed.field.map { outputField($0, named: name) } ?? outputField(typed, named: name)
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
