extension Evaluator {
  /// Whether a test's question is true of one value.
  mutating func holds<F: Facts & ~Copyable>(
    _ kind: Test.Kind, at index: Int, _ tables: borrowing Tables, _ facts: borrowing F
  ) -> Bool {
    let value = values.list[index]
    switch kind {
    case .present: return true
    case .number(let bits): return value.bits == bits
    case .signed(let from, let through):
      let number = Int64(bitPattern: value.bits)
      return from <= number && number <= through
    case .unsigned(let from, let through): return from <= value.bits && value.bits <= through
    case .double(let ordering, let bits):
      return ordering.holds(Double(bitPattern: value.bits), Double(bitPattern: bits))
    case .numberIn(let range): return tables.hasNumber(value.bits, in: range)
    case .text(let constant): return values.areEqual(value.text, constant)
    case .textOrder(let ordering, let constant): return ordering.holds(values.order(value.text, constant))
    case .textIn(let set): return tables.holds(set, values.hash(at: index), value.text, values)
    case .bytes(let test, let constant): return values.passes(test, value.text, constant)
    case .regex(let number): return values.matches(tables.regexes[Int(number)], value.text)
    case .path(let patterns):
      return patterns.indices.contains { values.isBelow(value.text, tables.texts[$0]) }
    case .addressIn(let range):
      guard let address = value.address else { return false }
      return range.indices.contains { tables.addresses[$0] == address }
    case .networkIn(let range):
      guard let address = value.address else { return false }
      return range.indices.contains { tables.networks[$0].contains(address) }
    case .order(let ordering, let valueClass, let operand):
      return load(operand, tables, facts).indices.contains { other in
        ordering.holds(values.order(value, values.list[other], as: valueClass))
      }
    case .bytesOfOperand(let test, let operand):
      return load(operand, tables, facts).indices.contains { other in
        values.passes(test, value.text, values.list[other].text)
      }
    case .pathOfOperand(let operand):
      return load(operand, tables, facts).indices.contains { other in
        values.isBelow(value.text, values.list[other].text)
      }
    }
  }
}

extension Ordering {
  fileprivate func holds(_ left: Double, _ right: Double) -> Bool {
    holds(left < right ? -1 : left > right ? 1 : 0)
  }
}

extension Tables {
  /// Whether a sorted stretch of numbers holds this one.
  fileprivate func hasNumber(_ number: UInt64, in range: TableRange) -> Bool {
    var low = range.indices.lowerBound
    var high = range.indices.upperBound
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] == number { return true }
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return false
  }

  /// Whether a set holds a text, whose hash is given.
  fileprivate func holds(_ set: TextSet, _ hash: UInt64, _ text: ByteRange, _ values: borrowing Values)
    -> Bool
  {
    var place = UInt32(truncatingIfNeeded: hash >> 32) & set.mask
    while true {
      let entry = textSets[Int(set.first + place)]
      if entry.hash == 0 { return false }
      if entry.hash == hash, values.areEqual(text, entry.text) { return true }
      place = (place + 1) & set.mask
    }
  }
}

extension Values {
  func areEqual(_ left: ByteRange, _ right: ByteRange) -> Bool {
    Bytes.areEqual(bytes.span.extracting(left.indices), bytes.span.extracting(right.indices))
  }

  func order(_ left: ByteRange, _ right: ByteRange) -> Int {
    Bytes.order(bytes.span.extracting(left.indices), bytes.span.extracting(right.indices))
  }

  func passes(_ test: ByteTest, _ value: ByteRange, _ constant: ByteRange) -> Bool {
    test.holds(bytes.span.extracting(value.indices), bytes.span.extracting(constant.indices))
  }

  func isBelow(_ path: ByteRange, _ pattern: ByteRange) -> Bool {
    PathPattern.begins(bytes.span.extracting(path.indices), bytes.span.extracting(pattern.indices))
  }

  /// Below, at or above zero as one value sorts before, with or after another of the same class.
  func order(_ left: Value, _ right: Value, as valueClass: ValueClass) -> Int {
    switch valueClass {
    case .signed: compare(Int64(bitPattern: left.bits), Int64(bitPattern: right.bits))
    case .unsigned, .flag: compare(left.bits, right.bits)
    case .real: compare(Double(bitPattern: left.bits), Double(bitPattern: right.bits))
    case .text, .buffer: order(left.text, right.text)
    case .address, .network: left.address == right.address ? 0 : 1
    }
  }

  private func compare<T: Comparable>(_ left: T, _ right: T) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }

  /// Matches a regular expression against text that becomes UTF-8 first: each byte that is not is one U+FFFD.
  mutating func matches(_ regex: Regex, _ text: ByteRange) -> Bool {
    if UTF8Check.isValid(bytes.span.extracting(text.indices)) {
      return regex.matchesWhole(bytes.span.extracting(text.indices))
    }
    let start = beginText()
    addSanitized(text)
    defer { dropText(start) }
    return regex.matchesWhole(bytes.span.extracting(start...))
  }
}
