import Events
import Model

/// For which classes of event a condition can be true, judged by what the class alone decides.
///
/// The type of an event decides every predicate over `evt.type`. A live event's kind decides, in addition, which fields
/// have no value, so that predicates over them are false, and which have always the same.
struct EventClassAnalysis {
  private let verdicts: [Verdict]
  /// For each predicate the kinds of live event in which one of its fields has no value.
  private let unserved: [EventKinds]

  /// The classes for which something can be true, and those for which it can be false.
  fileprivate struct Verdict {
    var canHold = EventClassSet.all
    var canFail = EventClassSet.all
  }

  /// - Parameter skippingIdiom: whether `evt.num = 0` counts as never true in captures too.
  init(_ tables: borrowing Tables, fields: [FieldAvailability], skippingIdiom: Bool = false) {
    var evaluator = Evaluator(tables)
    var live = LiveFacts.ofNothing
    var verdicts: [Verdict] = []
    var unserved: [EventKinds] = []
    for index in tables.predicates.indices {
      let leaves = tables.leaves(of: tables.predicates[index])
      var verdict = Verdict()
      if !leaves.isEmpty, leaves.allSatisfy({ fields[$0].isEventType }) {
        verdict.settleTypes(index, tables, fields, &evaluator)
      }
      let missing = EventKinds(
        EventKind.allCases.filter { kind in leaves.contains { !fields[$0].kinds.contains(EventKinds(kind)) } }
          .map(EventKinds.init))
      let isDecided = !leaves.isEmpty && leaves.allSatisfy { fields[$0].isDecidedByKind }
      for kind in EventKind.allCases {
        if missing.contains(EventKinds(kind)) {
          verdict.settle(EventClasses.live(kind), false)
        } else if isDecided {
          evaluator.begin()
          live.event = Event(kind: kind, time: 0, stamp: 0, source: .agent, process: nil)
          verdict.settle(EventClasses.live(kind), evaluator.holds(index, tables, live))
        }
      }
      if tables.isNeverTrueIdiom(tables.predicates[index]) { verdict.settleIdiom(inCaptures: skippingIdiom) }
      verdicts.append(verdict)
      unserved.append(missing)
    }
    self.verdicts = verdicts
    self.unserved = unserved
  }

  /// An expression in which what a class of events decides is decided.
  func specialized(_ expression: Expression, for place: Int) -> Expression {
    switch expression {
    case .constant: expression
    case .predicate(let number, _): verdicts[number].known(place).map { .constant($0) } ?? expression
    case .not(let part): .not(specialized(part, for: place))
    case .and(let parts): .and(parts.map { specialized($0, for: place) })
    case .or(let parts): .or(parts.map { specialized($0, for: place) })
    }
  }

  /// As `specialized`, but predicates over fields without a value are left as they are.
  func specialized(_ expression: Expression, keepingUnservedOf kind: EventKind) -> Expression {
    switch expression {
    case .constant: expression
    case .predicate(let number, _):
      isUnserved(number, in: kind) ? expression : specialized(expression, for: EventClasses.live(kind))
    case .not(let part): .not(specialized(part, keepingUnservedOf: kind))
    case .and(let parts): .and(parts.map { specialized($0, keepingUnservedOf: kind) })
    case .or(let parts): .or(parts.map { specialized($0, keepingUnservedOf: kind) })
    }
  }

  /// What a class of events makes of a predicate, whatever the event; `nil` when it depends on the event.
  func decision(on predicate: Int, for place: Int) -> Bool? { verdicts[predicate].known(place) }

  /// Whether a field of the predicate has no value in live events of the kind.
  func isUnserved(_ predicate: Int, in kind: EventKind) -> Bool {
    unserved[predicate].contains(EventKinds(kind))
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
      // Not by `map`, whose frames an unoptimised build would put between those of each level.
      for part in parts {
        let part = verdict(part)
        result.canHold.formIntersection(part.canHold)
        result.canFail.formUnion(part.canFail)
      }
      return result
    case .or(let parts):
      var result = Verdict(canHold: .none, canFail: .all)
      for part in parts {
        let part = verdict(part)
        result.canHold.formUnion(part.canHold)
        result.canFail.formIntersection(part.canFail)
      }
      return result
    }
  }
}

extension EventClassAnalysis.Verdict {
  /// What the predicate is for every event of a class; `nil` when the class does not decide it.
  fileprivate func known(_ index: Int) -> Bool? {
    canHold.contains(index) ? canFail.contains(index) ? nil : true : false
  }

  fileprivate mutating func settle(_ index: Int, _ holds: Bool) {
    if holds { canFail.remove(index) } else { canHold.remove(index) }
  }

  /// Settles a predicate over `evt.type` alone for each type that a capture may name.
  fileprivate mutating func settleTypes(
    _ predicate: Int, _ tables: borrowing Tables, _ fields: [FieldAvailability], _ evaluator: inout Evaluator
  ) {
    for (place, name) in EventClasses.nameBytes.enumerated() {
      evaluator.begin()
      settle(place, evaluator.holds(predicate, tables, TypedFacts(type: name, fields: fields)))
    }
    evaluator.begin()
    settle(EventClasses.untyped, evaluator.holds(predicate, tables, TypedFacts(type: nil, fields: fields)))
  }

  /// Settles `evt.num = 0`: live events are numbered from 1.
  fileprivate mutating func settleIdiom(inCaptures: Bool) {
    for kind in EventKind.allCases { settle(EventClasses.live(kind), false) }
    if inCaptures { canHold = .none }
  }
}

/// What is known of a field of the table before any event comes.
struct FieldAvailability {
  /// `evt.type`
  let isEventType: Bool
  /// Whether the value follows from the kind of a live event alone.
  let isDecidedByKind: Bool
  /// The kinds of live event that can give it.
  let kinds: EventKinds

  init(_ field: ResolvedField) {
    isEventType = field.field.name == "evt.type"
    isDecidedByKind = field.live?.isDecidedByKind ?? false
    kinds = field.live?.conditionKinds ?? .none
  }
}

/// An event of a capture of which only the type is known.
private struct TypedFacts: Facts {
  let type: [UInt8]?
  let fields: [FieldAvailability]

  func read(_ number: Int, _ field: FieldReading, into values: inout Values) {
    if fields[number].isEventType, let type { values.text(type) }
  }
}

extension LiveFacts {
  /// A host of which nothing is known.
  fileprivate static var ofNothing: LiveFacts {
    LiveFacts(
      model: Model(
        settings: .init(startStamp: 0, hostNamespaces: .unknown, processLimit: 1),
        clock: ClockOffsets(realtime: 0, boot: 0, ticksPerSecond: 100)),
      host: HostFacts(hostname: [], bootID: []))
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
