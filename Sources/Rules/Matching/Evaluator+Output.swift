import Events

extension Evaluator {
  /// The values that an output names; `nil` for those that the event has not.
  mutating func fields<F: Facts & ~Copyable>(
    _ fields: [OutputField], _ tables: borrowing Tables, _ facts: borrowing F
  ) -> [(name: String, value: FieldValue?)] {
    fields.map { field in
      let slot = load(field.value, tables, facts)
      return (field.name, values.fieldValue(slot.indices, of: field))
    }
  }

  /// The value of a field that the text does not name; `nil` when the event has none.
  mutating func value<F: Facts & ~Copyable>(
    _ extra: OutputPlan.Extra, _ tables: borrowing Tables, _ facts: borrowing F
  ) -> FieldValue? {
    switch extra.value {
    case .constant(let text): return .text(text)
    case .message(let plan): return message(plan, tables, facts).map { .bytes($0) }
    case .field(let field):
      let slot = load(field.value, tables, facts)
      return values.fieldValue(slot.indices, of: field)
    }
  }

  /// The text of an output; `nil` when a value is missing and the output wants them all.
  mutating func message<F: Facts & ~Copyable>(
    _ plan: OutputPlan, _ tables: borrowing Tables, _ facts: borrowing F
  ) -> [UInt8]? {
    var message: [UInt8] = []
    for segment in plan.segments {
      switch segment {
      case .text(let text): message += text
      case .value(let number, let width):
        let field = plan.fields[number]
        let slot = load(field.text, tables, facts)
        if slot.count == 0, !plan.printsMissing { return nil }
        let start = message.count
        values.write(slot.indices, of: field, to: &message)
        if let width { message.setWidth(width, from: start) }
      }
    }
    return message
  }
}

extension [UInt8] {
  /// Cuts or pads what begins at `start` to so many bytes.
  fileprivate mutating func setWidth(_ width: Int, from start: Int) {
    if count - start > width { removeLast(count - start - width) }
    while count - start < width { append(UInt8(ascii: " ")) }
  }
}

extension Values {
  /// The value for `output_fields`; `nil` when there is none.
  func fieldValue(_ indices: Range<Int>, of field: OutputField) -> FieldValue? {
    guard !indices.isEmpty else { return nil }
    switch field.multiplicity {
    case .one, .ends: return fieldValue(list[indices.lowerBound], as: field.type)
    case .list: return .list(indices.map { fieldValue(list[$0], as: field.type) })
    case .any:
      if indices.count == 1 { return fieldValue(list[indices.lowerBound], as: field.type) }
      var text: [UInt8] = []
      write(indices, of: field, to: &text)
      return .bytes(text)
    }
  }

  private func fieldValue(_ value: Value, as type: FieldType) -> FieldValue {
    switch value.form {
    case .text: return .bytes(Array(bytes[value.text.indices]))
    case .address4, .address6: return .text(value.address?.description ?? "")
    case .number:
      switch type.valueClass {
      case .flag: return .bool(value.bits != 0)
      case .signed: return .signed(Int64(bitPattern: value.bits))
      case .real: return .double(Double(bitPattern: value.bits))
      case .unsigned, .text, .buffer, .address, .network: return .unsigned(value.bits)
      }
    }
  }

  /// Writes values as text: a list in parentheses, ancestors with blanks between, the first of several names or
  /// ends, `<NA>` for none.
  func write(_ indices: Range<Int>, of field: OutputField, to text: inout [UInt8]) {
    guard !indices.isEmpty else {
      text += "<NA>".utf8
      return
    }
    switch field.multiplicity {
    case .one, .ends: write(list[indices.lowerBound], as: field.type, to: &text)
    case .any: write(indices, separator: " ", as: field.type, to: &text)
    case .list:
      text += "(".utf8
      write(indices, separator: ",", as: field.type, to: &text)
      text += ")".utf8
    }
  }

  private func write(_ indices: Range<Int>, separator: String, as type: FieldType, to text: inout [UInt8]) {
    for index in indices {
      if index > indices.lowerBound { text += separator.utf8 }
      write(list[index], as: type, to: &text)
    }
  }

  private func write(_ value: Value, as type: FieldType, to text: inout [UInt8]) {
    switch fieldValue(value, as: type) {
    case .bytes(let bytes): text += bytes
    case .bool(let flag): text += (flag ? "true" : "false").utf8
    case .signed(let number): text += String(number).utf8
    case .unsigned(let number): text += String(number).utf8
    case .double(let number): text += String(number).utf8
    case .list: break
    }
  }
}
