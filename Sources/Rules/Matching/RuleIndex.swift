import Events

/// Which rules are worth a try for a live event: those that its kind allows and whose anchor it meets.
///
/// Plain data in a few arrays, and not to be copied, as `Tables`.
struct RuleIndex: ~Copyable, Sendable {
  /// For each kind, by its raw value.
  private(set) var kinds: [Kind]
  /// Rules in the order in which they are tried, for one kind after the other.
  private(set) var candidates: [Candidate] = []
  /// The candidates of a kind that have no anchor.
  private(set) var unanchored: [Marks] = []
  private(set) var probes: [Probe] = []
  private(set) var entries: [Entry] = []
  /// Places among a kind's candidates.
  private(set) var places: [UInt32] = []

  /// A rule by its number, with its program for the kind.
  struct Candidate: Sendable {
    let rule: UInt32
    let program: Target
  }

  /// A bit for each of 64 candidates of a kind, by their places.
  struct Marks: Sendable {
    let word: UInt32
    let bits: UInt64
  }

  struct Kind: Sendable {
    var candidates = TableRange(0..<0)
    var unanchored = TableRange(0..<0)
    var probes = TableRange(0..<0)
  }

  /// A look at one operand: which rules want the text that it has.
  struct Probe: Sendable {
    let operand: OperandID
    let first: UInt32
    let mask: UInt32
  }

  /// A text with the rules that want it; the hash is 0 in a free place.
  struct Entry: Sendable {
    let hash: UInt64
    let text: ByteRange
    let rules: TableRange

    static let free = Entry(hash: 0, text: ByteRange(offset: 0, count: 0), rules: TableRange(0..<0))
  }

  /// Operands that are looked at for one kind of event.
  private static let probeLimit = 4

  init() {
    let largest = EventKind.allCases.map { Int($0.rawValue) }.max() ?? 0
    kinds = Array(repeating: Kind(), count: largest + 1)
  }

  /// Adds the rules that can match events of a kind.
  /// - Parameters:
  ///   - rules: the rules in the order in which they are tried.
  ///   - conditions: what is left of their conditions for the kind.
  ///   - programs: where the conditions' programs begin.
  ///   - anchorable: the operands that can be looked at.
  mutating func add(
    _ kind: EventKind, _ tables: borrowing Tables, rules: [UInt32], conditions: [Expression],
    programs: [Target],
    anchorable: Set<OperandID>
  ) {
    let operands = Self.bestOperands(tables, conditions, anchorable)
    var anchors: [Anchor?] = []
    for condition in conditions { anchors.append(tables.anchor(condition, over: operands)) }
    candidates += zip(rules, programs).map { Candidate(rule: $0, program: $1) }
    kinds[Int(kind.rawValue)] = add(anchors, tables)
  }

  /// The operands that are an anchor for most rules.
  private static func bestOperands(
    _ tables: borrowing Tables, _ conditions: [Expression], _ anchorable: Set<OperandID>
  ) -> Set<OperandID> {
    var counts: [OperandID: Int] = [:]
    for condition in conditions {
      guard let anchor = tables.anchor(condition, over: anchorable) else { continue }
      for operand in anchor.texts.keys { counts[operand, default: 0] += 1 }
    }
    let ranked = counts.sorted { ($0.value, $1.key.index) > ($1.value, $0.key.index) }
    return Set(ranked.prefix(probeLimit).map(\.key))
  }

  private mutating func add(_ anchors: [Anchor?], _ tables: borrowing Tables) -> Kind {
    var kind = Kind()
    kind.candidates = TableRange(candidates.count - anchors.count..<candidates.count)
    var marks = [UInt64](repeating: 0, count: (anchors.count + 63) / 64)
    var wanted: [OperandID: [ByteRange: [UInt32]]] = [:]
    for (place, anchor) in anchors.enumerated() {
      guard let anchor else {
        marks[place / 64] |= 1 << UInt64(place % 64)
        continue
      }
      for (operand, texts) in anchor.texts {
        for text in texts { wanted[operand, default: [:]][text, default: []].append(UInt32(place)) }
      }
    }
    // Of ten thousand rules most are anchored: an event must not pay for all their words.
    let firstMarks = unanchored.count
    for (word, bits) in marks.enumerated() where bits != 0 {
      unanchored.append(Marks(word: UInt32(word), bits: bits))
    }
    kind.unanchored = TableRange(firstMarks..<unanchored.count)
    let first = probes.count
    for (operand, texts) in wanted.sorted(by: { $0.key.index < $1.key.index }) {
      addProbe(operand, texts, tables)
    }
    kind.probes = TableRange(first..<probes.count)
    return kind
  }

  /// Adds a table of texts, at most half full.
  private mutating func addProbe(
    _ operand: OperandID, _ texts: [ByteRange: [UInt32]], _ tables: borrowing Tables
  ) {
    var size = 2
    while size < texts.count * 2 { size *= 2 }
    let first = entries.count
    entries += Array(repeating: .free, count: size)
    for (text, rules) in texts.sorted(by: { $0.key.offset < $1.key.offset }) {
      let hash = Bytes.hash(tables.constants.span.extracting(text.indices))
      var place = Int(truncatingIfNeeded: hash >> 32) & (size - 1)
      while entries[first + place].hash != 0 { place = (place + 1) & (size - 1) }
      entries[first + place] = Entry(
        hash: hash, text: text, rules: TableRange(places.count..<places.count + rules.count))
      places += rules
    }
    probes.append(Probe(operand: operand, first: UInt32(first), mask: UInt32(size - 1)))
  }
}

extension RuleIndex {
  /// The rules that want a text of this hash; none when no rule does.
  func rules(_ probe: Probe, _ hash: UInt64, _ text: ByteRange, _ values: borrowing Values) -> TableRange {
    var place = UInt32(truncatingIfNeeded: hash >> 32) & probe.mask
    while true {
      let entry = entries[Int(probe.first + place)]
      if entry.hash == 0 || entry.hash == hash && values.areEqual(text, entry.text) { return entry.rules }
      place = (place + 1) & probe.mask
    }
  }
}
