import Model

/// Where the values of an operand come from. Plain data; equal sources are one operand.
enum OperandSource: Hashable, Sendable {
  /// A field, by its number in the table of fields.
  case field(UInt32)
  case constant(ByteRange)
  case transformed(TextTransform, OperandID)
  /// Nanoseconds since 1970 UTC as text; text stays as it is.
  case time(TimeFormat, OperandID)
  case byteCount(OperandID)
  case valueCount(OperandID)
  /// The values of operands with a constant between them.
  case joined(separator: ByteRange, TableRange)
  /// An option among words; without a letter, the letters of all.
  case option(OperandID, description: ByteRange, letter: UInt8?)
  /// The words of a text between blanks.
  case words(OperandID)
}

/// A field as the evaluator reads it.
struct FieldReading: Sendable {
  /// How live events give it; `nil` when they do not.
  let live: LiveReader?
  /// The kinds of live event that can give it.
  let kinds: EventKinds
  let argument: BoundArgument
  let type: FieldType
  /// Whether numbers are points in time that stand for text.
  let isTime: Bool
  /// Whether there may be several values.
  let isMany: Bool
  /// What becomes of a text that is made of parts.
  let parts: Parts
  /// The names under which a capture may hold it, with their hashes; the second may be empty.
  let name: ByteRange
  let nameHash: UInt64
  let otherName: ByteRange
  let otherHash: UInt64

  /// How a capture's text, or list of texts, is read.
  enum Parts: Sendable {
    /// As it is.
    case none
    /// A list is one text, joined by blanks.
    case joined
    /// A text is a list, separated by blanks.
    case separate
  }
}

/// What the evaluator judges: a live event, or one of a capture.
protocol Facts: ~Copyable {
  /// Appends the values of a field, given by its number in the table and its entry; nothing when there is none.
  borrowing func read(_ number: Int, _ field: FieldReading, into values: inout Values)
}

extension LiveFacts: Facts {
  func read(_ number: Int, _ field: FieldReading, into values: inout Values) {
    guard field.kinds.contains(EventKinds(event.kind)) else { return }
    field.live?(self, field.argument, &values)
  }
}
