extension Evaluator {
  /// The values of an operand; read once an event.
  mutating func load<F: Facts & ~Copyable>(
    _ operand: OperandID, _ tables: borrowing Tables, _ facts: borrowing F
  ) -> Slot {
    let number = Int(operand.index)
    if isLoaded(number) { return slot(number) }
    switch tables.operands[number] {
    case .field(let field):
      return store(number) { facts.read(Int(field), tables.fields[Int(field)], into: &$0) }
    case .constant(let text):
      return store(number) { $0.append(Value(text: text)) }
    case .transformed(let transform, let source):
      let source = load(source, tables, facts)
      return store(number) { values in
        for index in source.indices { transform.apply(to: values.list[index].text, in: &values) }
      }
    case .time(let format, let source):
      let source = load(source, tables, facts)
      return store(number) { $0.times(source.indices, format) }
    case .byteCount(let source):
      let source = load(source, tables, facts)
      return store(number) { values in
        for index in source.indices { values.number(UInt64(values.list[index].text.count)) }
      }
    case .valueCount(let source):
      let source = load(source, tables, facts)
      return store(number) { if source.count > 0 { $0.number(UInt64(source.count)) } }
    case .joined(let separator, let parts):
      return join(number, separator, parts, tables, facts)
    case .option(let words, let description, let letter):
      let words = load(words, tables, facts)
      return store(number) { $0.options(words.indices, described: description, wanted: letter) }
    case .words(let source):
      let source = load(source, tables, facts)
      return store(number) { values in
        for index in source.indices { values.words(of: values.list[index].text) }
      }
    }
  }

  /// Joins the values of operands; there is no value when one of the operands has none.
  private mutating func join<F: Facts & ~Copyable>(
    _ number: Int, _ separator: ByteRange, _ parts: TableRange, _ tables: borrowing Tables,
    _ facts: borrowing F
  ) -> Slot {
    for part in parts.indices where load(tables.operandLists[part], tables, facts).count == 0 {
      return store(number) { _ in }
    }
    let start = values.beginText()
    var isFirst = true
    for part in parts.indices {
      for index in load(tables.operandLists[part], tables, facts).indices {
        if !isFirst { values.add(separator) }
        isFirst = false
        values.add(values.list[index].text)
      }
    }
    return store(number) { $0.endText(start) }
  }
}

extension Values {
  /// Appends points in time as text; values that are text already stay.
  fileprivate mutating func times(_ source: Range<Int>, _ format: TimeFormat) {
    for index in source {
      let value = list[index]
      guard value.form == .number else {
        append(value)
        continue
      }
      let start = beginText()
      format.write(value.bits, to: &self)
      endText(start)
    }
  }
}
