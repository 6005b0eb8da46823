/// What a rule set is made of once it is compiled: tables of plain data, shared by all its rules.
///
/// It cannot be copied, so that lending it to the evaluator counts no references: matching would take three times as
/// long otherwise.
struct Tables: ~Copyable, Sendable {
  /// The bytes of all constants and names.
  var constants: [UInt8] = []
  var fields: [FieldReading] = []
  var operands: [OperandSource] = []
  /// Operands of operands: the arguments of `join` and `concat`.
  var operandLists: [OperandID] = []
  var predicates: [Predicate] = []
  var tests: [Test] = []
  var numbers: [UInt64] = []
  var texts: [ByteRange] = []
  var textSets: [TextSetEntry] = []
  var addresses: [IPAddress] = []
  var networks: [IPNetwork] = []
  var regexes: [Regex] = []
  var steps: [Step] = []
}

/// One step of a rule's program: a predicate, and where to go on when it holds and when it does not.
struct Step: Hashable, Sendable {
  let predicate: UInt32
  let ifTrue: Target
  let ifFalse: Target
}

/// Where a program goes on: at a step, or at its end.
struct Target: Hashable, Sendable {
  private let raw: UInt32

  static let match = Target(raw: .max)
  static let noMatch = Target(raw: .max - 1)

  private init(raw: UInt32) { self.raw = raw }

  init(step: Int) { raw = UInt32(truncatingIfNeeded: step) }

  /// The step's number; `nil` at the end.
  var step: Int? { raw < Self.noMatch.raw ? Int(raw) : nil }
}
