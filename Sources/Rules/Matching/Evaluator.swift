/// The state of judging one event after another: values that were read, predicates that are known.
///
/// One thread at a time. Once warm, nothing is allocated.
struct Evaluator: ~Copyable {
  var values: Values
  /// The event's number, wrapping around; what carries another number is of another event.
  private var epoch: UInt32 = 0
  private var slots: [Slot]
  /// For each predicate the epoch in which it was judged, doubled, plus one if it held.
  private var verdicts: [UInt32]

  /// Where an operand's values are in `values`.
  struct Slot {
    var epoch: UInt32
    var first: UInt32
    var count: UInt32

    var indices: Range<Int> { Int(first)..<Int(first) + Int(count) }
  }

  init(_ tables: borrowing Tables) {
    values = Values(constants: tables.constants)
    slots = Array(repeating: Slot(epoch: 0, first: 0, count: 0), count: tables.operands.count)
    verdicts = Array(repeating: 0, count: tables.predicates.count)
    // Epoch 0 is that of what was never judged.
    epoch = 0
  }

  /// Forgets the event before.
  mutating func begin() {
    values.removeAll()
    epoch += 1
    guard epoch > UInt32.max >> 1 else { return }
    epoch = 1
    for index in slots.indices { slots[index].epoch = 0 }
    for index in verdicts.indices { verdicts[index] = 0 }
  }

  /// Runs a program from its first step.
  mutating func run<F: Facts & ~Copyable>(
    _ start: Target, _ tables: borrowing Tables, _ facts: borrowing F
  ) -> Bool {
    var target = start
    while let index = target.step {
      let step = tables.steps[index]
      target = holds(Int(step.predicate), tables, facts) ? step.ifTrue : step.ifFalse
    }
    return target == .match
  }

  /// Whether a predicate holds of the event; judged once.
  mutating func holds<F: Facts & ~Copyable>(
    _ index: Int, _ tables: borrowing Tables, _ facts: borrowing F
  ) -> Bool {
    let known = verdicts[index]
    if known >> 1 == epoch { return known & 1 == 1 }
    let verdict = judge(tables.predicates[index], tables, facts)
    verdicts[index] = epoch << 1 | (verdict ? 1 : 0)
    return verdict
  }

  /// Whether an operand of the table was read of this event.
  func isLoaded(_ number: Int) -> Bool { slots[number].epoch == epoch }

  /// The values of an operand that was loaded.
  func slot(_ number: Int) -> Slot { slots[number] }

  /// Notes as the operand's values those that `body` appends.
  mutating func store(_ number: Int, _ body: (inout Values) -> Void) -> Slot {
    let first = values.list.count
    body(&values)
    let slot = Slot(epoch: epoch, first: UInt32(first), count: UInt32(values.list.count - first))
    slots[number] = slot
    return slot
  }

  private mutating func judge<F: Facts & ~Copyable>(
    _ predicate: Predicate, _ tables: borrowing Tables, _ facts: borrowing F
  ) -> Bool {
    let slot = load(predicate.operand, tables, facts)
    if slot.count == 0 { return false }
    guard let modifier = predicate.modifier else {
      return passes(slot, tables.tests[Int(predicate.tests.first)], tables, facts)
    }
    var count = 0
    for index in predicate.tests.indices where passes(slot, tables.tests[index], tables, facts) { count += 1 }
    switch modifier {
    case .oneof: return count == 1
    case .anyof: return count > 0
    case .allof: return count > 0 && count == Int(predicate.tests.count)
    }
  }

  private mutating func passes<F: Facts & ~Copyable>(
    _ slot: Slot, _ test: Test, _ tables: borrowing Tables, _ facts: borrowing F
  ) -> Bool {
    for index in slot.indices {
      let passes = holds(test.kind, at: index, tables, facts) != test.isNegated
      if passes != test.wantsAll { return passes }
    }
    return test.wantsAll
  }
}

extension Evaluator {
  /// Whether a live event meets a condition.
  mutating func judge(_ program: Target, _ tables: borrowing Tables, _ facts: borrowing LiveFacts) -> Bool {
    begin()
    return run(program, tables, facts)
  }

  /// Whether an event of a capture meets a condition.
  /// - Throws: the first value that is not of its field's type.
  mutating func judge(
    _ program: Target, _ tables: borrowing Tables, _ facts: borrowing FlatFacts
  ) throws(FlatFactsError) -> Bool {
    begin()
    let verdict = run(program, tables, facts)
    if let misfit = values.misfit { throw misfit }
    return verdict
  }
}
