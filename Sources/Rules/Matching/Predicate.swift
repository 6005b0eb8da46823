/// One row of the predicate table: what is asked of one operand. Plain data; equal rows are one row.
struct Predicate: Hashable, Sendable {
  let operand: OperandID
  /// How many of `tests` must hold; one test without modifier.
  let modifier: Modifier?
  let tests: TableRange

  init(_ operand: OperandID, modifier: Modifier? = nil, tests: TableRange) {
    (self.operand, self.modifier, self.tests) = (operand, modifier, tests)
  }
}

/// The number of an operand in the table of operands.
struct OperandID: Hashable, Sendable {
  let index: UInt32

  init(_ index: Int) { self.index = UInt32(truncatingIfNeeded: index) }
}

/// A stretch of one of the tables.
struct TableRange: Hashable, Sendable {
  let first: UInt32
  let count: UInt32

  init(_ range: Range<Int>) {
    (first, count) = (UInt32(truncatingIfNeeded: range.lowerBound), UInt32(truncatingIfNeeded: range.count))
  }

  var indices: Range<Int> { Int(first)..<Int(first) + Int(count) }
}

/// A test over all values of an operand. No value, no match: a missing value makes every test false.
struct Test: Hashable, Sendable {
  /// Whether every value must pass, or one.
  let wantsAll: Bool
  /// Whether a value passes when `kind` does not hold for it.
  let isNegated: Bool
  let kind: Kind

  init(_ kind: Kind, all: Bool = false, negated: Bool = false) {
    (self.kind, wantsAll, isNegated) = (kind, all, negated)
  }

  /// What is asked of one value.
  enum Kind: Hashable, Sendable {
    /// That there is one.
    case present
    /// The bits of a number, a flag or a port.
    case number(UInt64)
    case signed(from: Int64, through: Int64)
    case unsigned(from: UInt64, through: UInt64)
    /// The order towards a double, by its bits.
    case double(Ordering, UInt64)
    /// One of the numbers of a sorted stretch.
    case numberIn(TableRange)
    case text(ByteRange)
    case textOrder(Ordering, ByteRange)
    case textIn(TextSet)
    case bytes(ByteTest, ByteRange)
    case regex(UInt32)
    /// Below one of the paths of a stretch of `texts`.
    case path(TableRange)
    case addressIn(TableRange)
    case networkIn(TableRange)
    /// The order towards the values of another operand: towards one of them.
    case order(Ordering, ValueClass, OperandID)
    case bytesOfOperand(ByteTest, OperandID)
    /// Below one of the paths that another operand holds.
    case pathOfOperand(OperandID)
  }
}

/// A set of texts in the table of hashed texts.
struct TextSet: Hashable, Sendable {
  let first: UInt32
  /// The number of places less one, a power of two less one.
  let mask: UInt32
}

/// One place in a set of texts; the hash is 0 in a free place.
struct TextSetEntry: Sendable {
  let hash: UInt64
  let text: ByteRange

  static let free = TextSetEntry(hash: 0, text: ByteRange(offset: 0, count: 0))
}
