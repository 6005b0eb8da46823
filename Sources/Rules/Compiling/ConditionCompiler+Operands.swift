extension ConditionCompiler {
  /// Puts an operand into the tables.
  mutating func compile(_ operand: Operand) throws(CompileFault) -> TypedOperand {
    switch operand {
    case .field(let reference): try field(reference)
    case .call(let call): try self.call(call)
    }
  }

  mutating func field(_ reference: FieldReference) throws(CompileFault) -> TypedOperand {
    let field = try resolve(reference)
    return use(field)
  }

  /// Puts a field into the table.
  mutating func use(_ field: ResolvedField) -> TypedOperand {
    fields.append(field)
    var id = builder.field(field)
    if let format = field.field.timeFormat { id = builder.operand(.time(format, id)) }
    return TypedOperand(
      id: id, type: field.type, multiplicity: field.multiplicity, text: field.names[0], field: field)
  }

  private func resolve(_ reference: FieldReference) throws(CompileFault) -> ResolvedField {
    do throws(FieldError) {
      return try FieldRegistry.resolve(reference.name, argument: reference.argument)
    } catch {
      throw CompileFault(error, at: reference.range)
    }
  }

  // MARK: - Transformers

  private mutating func call(_ call: TransformerCall) throws(CompileFault) -> TypedOperand {
    if call.index != nil, call.transformer != .getopt {
      throw CompileFault("'\(call.transformer.rawValue)' takes no brackets after it", at: call.range)
    }
    switch call.transformer.definition.meaning {
    case .text(let transform, let classes):
      let source = try self.argument(try only(call), of: call, in: classes)
      return TypedOperand(
        id: builder.operand(.transformed(transform, source.id)),
        type: source.type == .bytebuf ? .bytebuf : .charbuf,
        multiplicity: source.multiplicity, text: "\(call.transformer.rawValue)(\(source.text))", field: nil)
    case .length: return try length(call)
    case .join: return try join(call)
    case .concatenation:
      return try joined(call.arguments, separator: [], of: call, text: "concat(…)")
    case .options: return try options(call)
    }
  }

  private mutating func length(_ call: TransformerCall) throws(CompileFault) -> TypedOperand {
    let argument = try only(call)
    let source = try self.argument(argument, of: call, in: Set(ValueClass.allCases))
    let counts = source.multiplicity == .list
    guard counts || [.text, .buffer].contains(source.type.valueClass) else {
      throw wrongClass(source, argument, call)
    }
    return TypedOperand(
      id: builder.operand(counts ? .valueCount(source.id) : .byteCount(source.id)), type: .uint64,
      multiplicity: counts ? .one : source.multiplicity, text: "len(\(source.text))", field: nil)
  }

  private mutating func join(_ call: TransformerCall) throws(CompileFault) -> TypedOperand {
    guard call.arguments.count == 2, case .literal(let separator) = call.arguments[0] else {
      throw usage(call)
    }
    var parts = [call.arguments[1]]
    if case .list(let list) = parts[0] { parts = list }
    return try joined(parts, separator: separator.bytes, of: call, text: "join(…)")
  }

  private mutating func joined(
    _ parts: [TransformerCall.Argument], separator: [UInt8], of call: TransformerCall, text: String
  ) throws(CompileFault) -> TypedOperand {
    var list: [OperandID] = []
    for part in parts { list.append(try argument(part, of: call, in: [.text, .buffer]).id) }
    guard !list.isEmpty else { throw usage(call) }
    let source = OperandSource.joined(separator: builder.text(separator), builder.operandList(list))
    return TypedOperand(
      id: builder.operand(source), type: .charbuf, multiplicity: .one, text: text, field: nil)
  }

  private mutating func options(_ call: TransformerCall) throws(CompileFault) -> TypedOperand {
    guard call.arguments.count == 2, case .literal(let description) = call.arguments[1] else {
      throw usage(call)
    }
    var letter: UInt8?
    if let index = call.index {
      guard index.utf8.count == 1 else {
        throw CompileFault("'\(index)' is no option: an option is one letter", at: call.range)
      }
      letter = index.utf8.first
    }
    let words = try words(call.arguments[0], of: call)
    let source = OperandSource.option(words, description: builder.text(description.bytes), letter: letter)
    return TypedOperand(
      id: builder.operand(source), type: .charbuf, multiplicity: letter == nil ? .list : .one,
      text: "getopt(…)",
      field: nil)
  }

  /// The words of an argument: the parts of a field that has parts, else what blanks separate.
  private mutating func words(
    _ argument: TransformerCall.Argument, of call: TransformerCall
  ) throws(CompileFault) -> OperandID {
    if case .operand(.field(let reference)) = argument {
      let field = try resolve(reference)
      if field.field.parts != nil, field.argument == nil {
        fields.append(field)
        return builder.field(field, inParts: true)
      }
    }
    return builder.operand(.words(try self.argument(argument, of: call, in: [.text]).id))
  }

  // MARK: - Arguments

  private func only(_ call: TransformerCall) throws(CompileFault) -> TransformerCall.Argument {
    guard call.arguments.count == 1 else { throw usage(call) }
    return call.arguments[0]
  }

  private mutating func argument(
    _ argument: TransformerCall.Argument, of call: TransformerCall, in classes: Set<ValueClass>
  ) throws(CompileFault) -> TypedOperand {
    switch argument {
    case .operand(let operand):
      let source = try compile(operand)
      guard classes.contains(source.type.valueClass) else { throw wrongClass(source, argument, call) }
      return source
    case .literal(let literal):
      return TypedOperand(
        id: builder.operand(.constant(builder.text(literal.bytes))), type: .charbuf, multiplicity: .one,
        text: "\"\(literal.text)\"", field: nil)
    case .list: throw usage(call)
    }
  }

  private func usage(_ call: TransformerCall) -> CompileFault {
    CompileFault(
      "'\(call.transformer.rawValue)' has the wrong arguments", at: call.range,
      cure: "write \(call.transformer.definition.usage)")
  }

  private func wrongClass(
    _ source: TypedOperand, _ argument: TransformerCall.Argument, _ call: TransformerCall
  ) -> CompileFault {
    var range = call.range
    if case .operand(let operand) = argument { range = operand.range }
    return CompileFault(
      "'\(call.transformer.rawValue)' does not take '\(source.text)', which is \(source.type.rawValue)",
      at: range)
  }
}
