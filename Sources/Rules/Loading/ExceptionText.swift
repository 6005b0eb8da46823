/// Puts a rule's condition and exceptions into one text: `(condition) and not (…) and not (…)`.
///
/// Text, as in Falco, since list names among the values are still to be replaced.
struct ExceptionText {
  private(set) var text = ComposedText()
  /// What is wrong with the values; those are left out of the text.
  private(set) var faults: [ExceptionFault] = []

  /// - Parameter condition: The parts of the condition.
  init(condition: [SourcedText], exceptions: [CollectedException]) {
    let used = exceptions.filter { !$0.values.isEmpty }
    if let first = condition.first, !used.isEmpty { text.append(glue: "(", for: first.range) }
    for (index, part) in condition.enumerated() {
      if index > 0 { text.append(glue: " ", for: part.range) }
      text.append(part)
    }
    if let last = condition.last, !used.isEmpty { text.append(glue: ")", for: last.range) }
    for exception in used { append(exception) }
  }

  private mutating func append(_ exception: CollectedException) {
    let owner = exception.item.range
    switch exception.shape {
    case .scalar(let field, let comparison):
      let values = exception.values.compactMap { scalar($0) }
      guard values.count == exception.values.count else { return }
      text.append(glue: " and not (", for: owner)
      append(field, comparison)
      append(list: values, for: owner)
    case .tuple(let pairs):
      let tuples = exception.values.compactMap { tuple($0, count: pairs.count) }
      guard tuples.count == exception.values.count else { return }
      text.append(glue: " and not (", for: owner)
      for (index, tuple) in tuples.enumerated() {
        if index > 0 { text.append(glue: " or ", for: owner) }
        append(tuple, pairs)
      }
    }
    text.append(glue: ")", for: owner)
  }

  /// One tuple of values, each with its field and operator.
  private mutating func append(_ tuple: Tuple, _ pairs: [(field: SourcedText, comparison: SourcedText)]) {
    text.append(glue: "(", for: tuple.range)
    for (index, (value, pair)) in zip(tuple.values, pairs).enumerated() {
      if index > 0 { text.append(glue: " and ", for: tuple.range) }
      append(pair.field, pair.comparison)
      append(value, pair.comparison)
    }
    text.append(glue: ")", for: tuple.range)
  }

  private mutating func append(_ field: SourcedText, _ comparison: SourcedText) {
    text.append(field)
    text.append(glue: " ", for: field.range)
    text.append(comparison)
    text.append(glue: " ", for: comparison.range)
  }

  private mutating func append(_ value: TupleValue, _ comparison: SourcedText) {
    switch value {
    case .list(let values, let range): append(list: values, for: range)
    case .text(let value):
      guard ExceptionComparison(comparison.text)?.takesList == true else { return appendQuoted(value) }
      let isInParentheses = value.text.utf8.first == UInt8(ascii: "(")
      if !isInParentheses { text.append(glue: "(", for: value.range) }
      text.append(value)
      if !isInParentheses { text.append(glue: ")", for: value.range) }
    }
  }

  private mutating func append(list values: [SourcedText], for owner: SourceRange) {
    text.append(glue: "(", for: owner)
    for (index, value) in values.enumerated() {
      if index > 0 { text.append(glue: ", ", for: owner) }
      appendQuoted(value)
    }
    text.append(glue: ")", for: owner)
  }

  /// A value, in quotes if it holds a blank and has none.
  private mutating func appendQuoted(_ value: SourcedText) {
    let quote = value.needsQuotes ? "\"" : ""
    text.append(glue: quote, for: value.range)
    text.append(value)
    text.append(glue: quote, for: value.range)
  }
}

extension ExceptionText {
  /// Values that must all be met.
  private struct Tuple {
    var values: [TupleValue]
    var range: SourceRange
  }

  private enum TupleValue {
    case text(SourcedText)
    case list([SourcedText], range: SourceRange)
  }

  private mutating func scalar(_ value: ExceptionEntry) -> SourcedText? {
    if case .text(let text) = value { return text }
    faults.append(
      ExceptionFault(
        "'fields' is one field, so each value is one text, found a list", at: value.range,
        cure: "write 'values: [a, b]', or 'fields' as a list"))
    return nil
  }

  private mutating func tuple(_ value: ExceptionEntry, count: Int) -> Tuple? {
    let wanted = count == 1 ? "1 value" : "\(count) values"
    guard case .list(let entries, let range) = value else {
      faults.append(
        ExceptionFault(
          "'fields' is a list, so each value is a list of \(wanted), found text", at: value.range,
          cure: "write '- [a, b]'"))
      return nil
    }
    guard entries.count == count else {
      faults.append(ExceptionFault("a list of \(wanted) is needed, found \(entries.count)", at: range))
      return nil
    }
    let values = entries.compactMap { tupleValue($0) }
    return values.count == count ? Tuple(values: values, range: range) : nil
  }

  private mutating func tupleValue(_ entry: ExceptionEntry) -> TupleValue? {
    guard case .list(let elements, let range) = entry else {
      guard case .text(let text) = entry else { return nil }
      return .text(text)
    }
    var values: [SourcedText] = []
    for element in elements {
      guard case .text(let text) = element else {
        faults.append(ExceptionFault("lists of lists cannot be compared with", at: element.range))
        return nil
      }
      values.append(text)
    }
    return .list(values, range: range)
  }
}

extension SourcedText {
  /// Whether Falco puts this value in quotes: it holds a blank and does not begin with a quote.
  var needsQuotes: Bool {
    text.utf8.contains(UInt8(ascii: " ")) && text.utf8.first != UInt8(ascii: "\"")
      && text.utf8.first != UInt8(ascii: "'")
  }
}
