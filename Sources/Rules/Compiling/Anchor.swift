/// What must be so for a rule to match: that one of some operands has one of some texts.
///
/// `proc.name in (sh, bash) and …` can match no event whose process has another name, so that a look at the name, in one
/// table for all rules, tells which rules are worth a try.
struct Anchor: Equatable {
  /// Each text that will do, with the operand that must have it.
  var texts: [OperandID: Set<ByteRange>]

  /// How much is to be put into tables for it.
  var size: Int { texts.values.reduce(0) { $0 + $1.count } }
}

extension Tables {
  /// The smallest anchor of an expression over these operands; `nil` when it has none.
  func anchor(_ expression: Expression, over operands: Set<OperandID>) -> Anchor? {
    switch expression {
    case .constant, .not: return nil
    case .predicate(let number, _): return anchor(predicates[number], over: operands)
    case .and(let parts):
      var smallest: Anchor?
      for part in parts {
        guard let anchor = anchor(part, over: operands), anchor.size < smallest?.size ?? .max else {
          continue
        }
        smallest = anchor
      }
      return smallest
    case .or(let parts):
      var union = Anchor(texts: [:])
      for part in parts {
        guard let anchor = anchor(part, over: operands) else { return nil }
        for (operand, texts) in anchor.texts { union.texts[operand, default: []].formUnion(texts) }
      }
      return union
    }
  }

  private func anchor(_ predicate: Predicate, over operands: Set<OperandID>) -> Anchor? {
    guard predicate.modifier == nil, operands.contains(predicate.operand) else { return nil }
    let test = tests[Int(predicate.tests.first)]
    guard !test.isNegated else { return nil }
    switch test.kind {
    case .text(let text): return Anchor(texts: [predicate.operand: [text]])
    case .textIn(let set): return Anchor(texts: [predicate.operand: members(of: set)])
    default: return nil
    }
  }

  func members(of set: TextSet) -> Set<ByteRange> {
    let places = Int(set.first)...Int(set.first) + Int(set.mask)
    return Set(places.map { textSets[$0] }.filter { $0.hash != 0 }.map(\.text))
  }
}

extension Tables {
  /// The operands that are a field with at most one value, a text, but for the event's type.
  func textFields(among fields: [ResolvedField]) -> Set<OperandID> {
    var result: Set<OperandID> = []
    for (number, source) in operands.enumerated() {
      guard case .field(let field) = source, fields[Int(field)].multiplicity == .one,
        fields[Int(field)].type.valueClass == .text, fields[Int(field)].field.timeFormat == nil
      else { continue }
      result.insert(OperandID(number))
    }
    return result
  }
}
