import Events

/// For which classes of event a condition can be true, judged by what the class alone decides.
///
/// The type of an event decides every predicate over `evt.type`; a live event's kind decides, in addition, which
/// fields have no value, so that predicates over them are false.
struct EventClassAnalysis {
  private let verdicts: [Verdict]

  /// The classes for which something can be true, and those for which it can be false.
  fileprivate struct Verdict {
    var canHold = EventClassSet.all
    var canFail = EventClassSet.all
  }

  /// - Parameter skippingIdiom: whether `evt.num = 0` counts as never true, as live events are numbered from 1.
  init(_ tables: borrowing Tables, fields: [FieldAvailability], skippingIdiom: Bool = false) {
    var evaluator = Evaluator(tables)
    var verdicts: [Verdict] = []
    for index in tables.predicates.indices {
      let predicate = tables.predicates[index]
      let leaves = tables.leaves(of: predicate)
      var verdict = Verdict()
      if skippingIdiom, tables.isNeverTrueIdiom(predicate) { verdict.canHold = .none }
      if !leaves.isEmpty, leaves.allSatisfy({ fields[$0].isEventType }) {
        for type in EventClasses.names.indices {
          evaluator.begin()
          let facts = EventTypeFacts(names: [EventClasses.nameBytes[type]], fields: fields)
          verdict.settle(type, evaluator.holds(index, tables, facts))
        }
        evaluator.begin()
        verdict.settle(
          EventClasses.untyped, evaluator.holds(index, tables, EventTypeFacts(names: [], fields: fields)))
      }
      for kind in EventKind.allCases {
        let isKnown = leaves.allSatisfy { fields[$0].isDecidedByKind }
        if isKnown, !leaves.isEmpty {
          let facts = EventTypeFacts(names: kind.familyNames, fields: fields, isLive: true)
          evaluator.begin()
          verdict.settle(EventClasses.live(kind), evaluator.holds(index, tables, facts))
        } else if leaves.contains(where: { !fields[$0].kinds.contains(EventKinds(kind)) }) {
          verdict.settle(EventClasses.live(kind), false)
        }
      }
      verdicts.append(verdict)
    }
    self.verdicts = verdicts
  }

  /// An expression in which what a class of events decides is decided.
  func specialized(_ expression: Expression, for place: Int) -> Expression {
    switch expression {
    case .constant: expression
    case .predicate(let number, _):
      verdicts[number].known(place).map { .constant($0) } ?? expression
    case .not(let part): .not(specialized(part, for: place))
    case .and(let parts): .and(parts.map { specialized($0, for: place) })
    case .or(let parts): .or(parts.map { specialized($0, for: place) })
    }
  }

  /// The classes for which each expression can be true.
  func classes(of expressions: [Expression]) -> [EventClassSet] { expressions.map { verdict($0).canHold } }

  private func verdict(_ expression: Expression) -> Verdict {
    switch expression {
    case .constant(let value):
      return value
        ? Verdict(canHold: .all, canFail: .none) : Verdict(canHold: .none, canFail: .all)
    case .predicate(let number, _): return verdicts[number]
    case .not(let part):
      let part = verdict(part)
      return Verdict(canHold: part.canFail, canFail: part.canHold)
    case .and(let parts):
      var result = Verdict(canHold: .all, canFail: .none)
      for part in parts.map(verdict) {
        result.canHold.formIntersection(part.canHold)
        result.canFail.formUnion(part.canFail)
      }
      return result
    case .or(let parts):
      var result = Verdict(canHold: .none, canFail: .all)
      for part in parts.map(verdict) {
        result.canHold.formUnion(part.canHold)
        result.canFail.formIntersection(part.canFail)
      }
      return result
    }
  }
}

extension EventClassAnalysis.Verdict {
  fileprivate func known(_ index: Int) -> Bool? {
    canHold.contains(index) ? canFail.contains(index) ? nil : true : false
  }

  fileprivate mutating func settle(_ index: Int, _ holds: Bool) {
    if holds { canFail.remove(index) } else { canHold.remove(index) }
  }
}

/// What is known of a field of the table before any event comes.
struct FieldAvailability {
  /// `evt.type`
  let isEventType: Bool
  /// A field whose value follows from the kind of a live event alone.
  let isDecidedByKind: Bool
  /// `evt.dir`
  let isDirection: Bool
  /// The kinds of live event that can give it.
  let kinds: EventKinds

  init(_ field: ResolvedField) {
    isEventType = field.field.name == "evt.type"
    isDirection = field.field.name == "evt.dir"
    isDecidedByKind = isEventType || isDirection || field.field.name == "syscall.type"
    kinds = field.live?.kinds ?? .none
  }
}

/// An event of which only the type is known.
private struct EventTypeFacts: Facts {
  let names: [[UInt8]]
  let fields: [FieldAvailability]
  var isLive = false

  func read(_ field: Int, _ reading: FieldReading, into values: inout Values) {
    if fields[field].isDirection, isLive { values.text("<") }
    if fields[field].isEventType || isLive && fields[field].isDecidedByKind && !fields[field].isDirection {
      for name in names { values.text(name) }
    }
  }
}

extension Tables {
  /// The fields that a predicate reads, by their numbers.
  func leaves(of predicate: Predicate) -> [Int] {
    var leaves = self.leaves(of: predicate.operand)
    for test in predicate.tests.indices {
      switch tests[test].kind {
      case .order(_, _, let operand), .bytesOfOperand(_, let operand), .pathOfOperand(let operand):
        leaves += self.leaves(of: operand)
      default: break
      }
    }
    return leaves
  }

  /// The fields that an operand reads, by their numbers.
  func leaves(of operand: OperandID) -> [Int] {
    switch operands[Int(operand.index)] {
    case .field(let number): [Int(number)]
    case .constant: []
    case .transformed(_, let source), .time(_, let source), .byteCount(let source), .valueCount(let source),
      .option(let source, _, _), .words(let source):
      leaves(of: source)
    case .joined(_, let parts): parts.indices.flatMap { leaves(of: operandLists[$0]) }
    }
  }

  /// Whether a predicate is `evt.num = 0`, by which rule files say never.
  func isNeverTrueIdiom(_ predicate: Predicate) -> Bool {
    guard predicate.modifier == nil, case .field(let number) = operands[Int(predicate.operand.index)],
      constants.span.holds("evt.num", at: fields[Int(number)].name)
    else { return false }
    return tests[Int(predicate.tests.first)] == Test(.number(0))
  }
}

extension Span where Element == UInt8 {
  /// Whether the bytes at `range` are this text's.
  func holds(_ text: StaticString, at range: ByteRange) -> Bool {
    let expected = Array(text.description.utf8)
    return Bytes.areEqual(extracting(range.indices), expected.span)
  }
}
