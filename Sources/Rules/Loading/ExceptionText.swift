/// Puts a rule's condition and exceptions into one text: `(condition) and not (…) and not (…)`.
///
/// Text, as in Falco, since list names among the values are still to be replaced.
struct ExceptionText {
  private(set) var text = ComposedText()

  /// - Parameter condition: The parts of the condition.
  init(condition: [SourcedText], exceptions: [CollectedException]) throws(ExceptionFault) {
    let used = exceptions.filter { !$0.values.isEmpty }
    if let first = condition.first, !used.isEmpty { text.append(glue: "(", for: first.range) }
    for (index, part) in condition.enumerated() {
      if index > 0 { text.append(glue: " ", for: part.range) }
      text.append(part)
    }
    if let last = condition.last, !used.isEmpty { text.append(glue: ")", for: last.range) }
    for exception in used { try append(exception) }
  }

  private mutating func append(_ exception: CollectedException) throws(ExceptionFault) {
    let owner = exception.item.range
    text.append(glue: " and not (", for: owner)
    switch exception.shape {
    case .scalar(let field, let comparison):
      append(field, comparison)
      text.append(glue: "(", for: owner)
      for (index, value) in exception.values.enumerated() {
        guard case .text(let value) = value else {
          throw ExceptionFault(
            "'fields' is one field, so each value is one text, found a list", at: value.range,
            cure: "write 'values: [a, b]', or 'fields' as a list")
        }
        if index > 0 { text.append(glue: ", ", for: owner) }
        appendQuoted(value)
      }
      text.append(glue: ")", for: owner)
    case .tuple(let pairs):
      for (index, value) in exception.values.enumerated() {
        if index > 0 { text.append(glue: " or ", for: owner) }
        try append(value, pairs)
      }
    }
    text.append(glue: ")", for: owner)
  }

  /// One tuple of values.
  private mutating func append(
    _ tuple: ExceptionEntry, _ pairs: [(field: SourcedText, comparison: SourcedText)]
  )
    throws(ExceptionFault)
  {
    let wanted = pairs.count == 1 ? "1 value" : "\(pairs.count) values"
    guard case .list(let entries, let range) = tuple else {
      throw ExceptionFault(
        "'fields' is a list, so each value is a list of \(wanted), found text", at: tuple.range,
        cure: "write '- [a, b]'")
    }
    guard entries.count == pairs.count else {
      throw ExceptionFault("a list of \(wanted) is needed, found \(entries.count)", at: range)
    }
    text.append(glue: "(", for: range)
    for (index, (entry, pair)) in zip(entries, pairs).enumerated() {
      if index > 0 { text.append(glue: " and ", for: range) }
      append(pair.field, pair.comparison)
      try append(entry, pair.comparison)
    }
    text.append(glue: ")", for: range)
  }

  private mutating func append(_ field: SourcedText, _ comparison: SourcedText) {
    text.append(field)
    text.append(glue: " ", for: field.range)
    text.append(comparison)
    text.append(glue: " ", for: comparison.range)
  }

  /// One value of a tuple.
  private mutating func append(_ entry: ExceptionEntry, _ comparison: SourcedText) throws(ExceptionFault) {
    switch entry {
    case .list(let entries, let range):
      text.append(glue: "(", for: range)
      for (index, element) in entries.enumerated() {
        guard case .text(let value) = element else {
          throw ExceptionFault("lists of lists cannot be compared with", at: element.range)
        }
        if index > 0 { text.append(glue: ", ", for: range) }
        appendQuoted(value)
      }
      text.append(glue: ")", for: range)
    case .text(let value):
      guard ExceptionComparison(comparison.text)?.takesList == true else { return appendQuoted(value) }
      let isInParentheses = value.text.utf8.first == UInt8(ascii: "(")
      if !isInParentheses { text.append(glue: "(", for: value.range) }
      text.append(value)
      if !isInParentheses { text.append(glue: ")", for: value.range) }
    }
  }

  /// A value, in quotes if it holds a blank and has none.
  private mutating func appendQuoted(_ value: SourcedText) {
    let quote = value.needsQuotes ? "\"" : ""
    text.append(glue: quote, for: value.range)
    text.append(value)
    text.append(glue: quote, for: value.range)
  }
}

extension SourcedText {
  /// Whether Falco puts this value in quotes: it holds a blank and does not begin with a quote.
  var needsQuotes: Bool {
    text.utf8.contains(UInt8(ascii: " ")) && text.utf8.first != UInt8(ascii: "\"")
      && text.utf8.first != UInt8(ascii: "'")
  }
}
