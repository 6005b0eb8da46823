extension RuleSet {
  /// The program of a rule as text: a numbered line a step, with where it goes on when the predicate holds and when
  /// it does not.
  public func listing(of rule: Int) -> String { tables.listing(from: programs[rule]) }
}

extension Tables {
  /// The steps that can be reached from one, in the order in which they are tried, numbered from 0.
  func listing(from start: Target) -> String {
    var order: [Int] = []
    var numbers: [Int: Int] = [:]
    // Steps are written last to first and only lead to earlier ones, so descending numbers are the order of trial.
    var reachable: Set<Int> = []
    var open = [start]
    while let target = open.popLast() {
      guard let step = target.step, reachable.insert(step).inserted else { continue }
      open += [steps[step].ifTrue, steps[step].ifFalse]
    }
    order = reachable.sorted(by: >)
    for (number, step) in order.enumerated() { numbers[step] = number }
    guard !order.isEmpty else { return name(start, numbers) + "\n" }
    var text = ""
    for step in order {
      let entry = steps[step]
      text += "\(numbers[step] ?? 0): \(description(of: predicates[Int(entry.predicate)]))"
      text += " ? \(name(entry.ifTrue, numbers)) : \(name(entry.ifFalse, numbers))\n"
    }
    return text
  }

  private func name(_ target: Target, _ numbers: [Int: Int]) -> String {
    if target == .match { return "match" }
    return target.step.flatMap { numbers[$0] }.map(String.init) ?? "no match"
  }

  /// A predicate, in words near to the language's.
  func description(of predicate: Predicate) -> String {
    let tests = predicate.tests.indices.map { description(of: self.tests[$0]) }
    let modifier = predicate.modifier.map { "\($0.rawValue) " } ?? ""
    return "\(description(of: predicate.operand)) \(modifier)\(tests.joined(separator: " | "))"
  }

  func description(of operand: OperandID) -> String {
    switch operands[Int(operand.index)] {
    case .field(let number): text(fields[Int(number)].name)
    case .constant(let range): "\"\(text(range))\""
    case .transformed(let transform, let source): "\(transform)(\(description(of: source)))"
    case .time(let format, let source): "\(format)(\(description(of: source)))"
    case .byteCount(let source), .valueCount(let source): "len(\(description(of: source)))"
    case .joined(let separator, let parts):
      "join(\"\(text(separator))\", \(parts.indices.map { description(of: operandLists[$0]) }.joined(separator: ", ")))"
    case .option(let words, let description, let letter):
      "getopt(\(self.description(of: words)), \"\(text(description))\")"
        + (letter.map { "[\(Unicode.Scalar($0))]" } ?? "")
    case .words(let source): "words(\(description(of: source)))"
    }
  }

  private func description(of test: Test) -> String {
    (test.wantsAll ? "all " : "") + (test.isNegated ? "not " : "") + description(of: test.kind)
  }

  private func description(of kind: Test.Kind) -> String {
    switch kind {
    case .present: "exists"
    case .number(let bits): "= \(Int64(bitPattern: bits))"
    case .signed(let from, let through): "in \(from)...\(through)"
    case .unsigned(let from, let through): "in \(from)...\(through)"
    case .double(let ordering, let bits): "\(ordering) \(Double(bitPattern: bits))"
    case .numberIn(let range):
      "in (\(range.indices.map { String(Int64(bitPattern: numbers[$0])) }.joined(separator: ", ")))"
    case .text(let range): "= \"\(text(range))\""
    case .textOrder(let ordering, let range): "\(ordering) \"\(text(range))\""
    case .textIn(let set): "in (\(members(of: set).map { text($0) }.sorted().joined(separator: ", ")))"
    case .bytes(let test, let range): "\(test) \"\(text(range))\""
    case .regex(let number): "regex \"\(String(decoding: regexes[Int(number)].pattern, as: UTF8.self))\""
    case .path(let range): "pmatch (\(range.indices.map { text(texts[$0]) }.joined(separator: ", ")))"
    case .addressIn(let range):
      "in (\(range.indices.map { addresses[$0].description }.joined(separator: ", ")))"
    case .networkIn(let range):
      "in (\(range.indices.map { networks[$0].description }.joined(separator: ", ")))"
    case .order(let ordering, _, let operand): "\(ordering) \(description(of: operand))"
    case .bytesOfOperand(let test, let operand): "\(test) \(description(of: operand))"
    case .pathOfOperand(let operand): "pmatch \(description(of: operand))"
    }
  }

  private func text(_ range: ByteRange) -> String {
    String(decoding: Array(constants[range.indices]), as: UTF8.self)
  }
}
