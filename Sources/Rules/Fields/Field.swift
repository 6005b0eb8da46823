public import Events

/// A name of the condition language: its type, its argument, what it means, and how a live event gives its value.
///
/// One entry a field, in the file of its prefix; `FieldRegistry` joins them.
public struct Field: Sendable {
  /// The name, without argument.
  public let name: String
  public let type: FieldType
  /// How many values the field may have at once, and what an operator then means.
  public let multiplicity: Multiplicity
  public let argument: Argument
  /// One or more sentences for `windhover fields`.
  public let help: String
  /// The field whose value output prints when this one has no argument, where Falco prints another.
  let printedAs: String?
  /// How a number, nanoseconds since 1970 UTC, becomes the text that this field is to conditions and output text.
  let timeFormat: TimeFormat?
  /// How a live event gives the value; `nil` for a field that has values in captures alone.
  let live: LiveReading?
  /// As `live`, for the keys that have readings of their own.
  let liveByKey: [String: LiveReading]
  /// As `live`, but one value for each part of a text made of parts, for the transformers that take lists.
  let parts: LiveReader?

  /// What a field takes in brackets.
  public struct Argument: Equatable, Sendable {
    /// Whether the field may stand with an argument, must, or must not.
    public let presence: Presence
    /// A number is allowed.
    public let takesIndex: Bool
    /// A name is allowed.
    public let takesKey: Bool
    /// The argument follows a point and not in brackets, as in `evt.arg.flags`; brackets are allowed as well.
    public let isDotted: Bool

    public enum Presence: String, Sendable { case none, optional, required }

    public static let none = Argument(presence: .none, takesIndex: false, takesKey: false, isDotted: false)
    static let optionalIndex = Argument(
      presence: .optional, takesIndex: true, takesKey: false, isDotted: false)
    static let optionalKey = Argument(presence: .optional, takesIndex: false, takesKey: true, isDotted: false)
    static let optionalEither = Argument(
      presence: .optional, takesIndex: true, takesKey: true, isDotted: false)
    static let index = Argument(presence: .required, takesIndex: true, takesKey: false, isDotted: true)
    static let key = Argument(presence: .required, takesIndex: false, takesKey: true, isDotted: false)
    static let either = Argument(presence: .required, takesIndex: true, takesKey: true, isDotted: false)
    static let dottedKey = Argument(presence: .required, takesIndex: false, takesKey: true, isDotted: true)
    static let dottedEither = Argument(presence: .required, takesIndex: true, takesKey: true, isDotted: true)
  }

  /// How operators deal with several values.
  public enum Multiplicity: String, Sendable {
    /// There is at most one.
    case one
    /// A list: `in` wants all in the set, `intersects` one; other operators are errors.
    case list
    /// Any value that the operator holds for will do, `!=` included.
    case any
    /// As `any`, but `!=` wants all to differ: the two ends of a connection, the names of an event type.
    case ends
  }

  /// A field that live events give.
  init(
    _ name: String, _ type: FieldType, _ help: String, many multiplicity: Multiplicity = .one,
    argument: Argument = .none, needs: Needs = [], kinds: EventKinds = .ofProcess, printedAs: String? = nil,
    timeFormat: TimeFormat? = nil, parts: LiveReader? = nil, isDecidedByKind: Bool = false,
    read: @escaping LiveReader
  ) {
    self.name = name
    self.type = type
    self.help = help
    self.multiplicity = multiplicity
    self.argument = argument
    self.printedAs = printedAs
    self.timeFormat = timeFormat
    self.live = LiveReading(needs: needs, kinds: kinds, isDecidedByKind: isDecidedByKind, read: read)
    self.liveByKey = [:]
    self.parts = parts
  }

  /// A field whose value follows from the kind of a live event alone: rules are judged by it before any event comes.
  static func ofKind(
    _ name: String, _ type: FieldType, _ help: String, many multiplicity: Multiplicity = .one,
    argument: Argument = .none, read: @escaping LiveReader
  ) -> Field {
    Field(
      name, type, help, many: multiplicity, argument: argument, kinds: .all, isDecidedByKind: true, read: read
    )
  }

  /// A field that is read for alerts alone: it has no value in conditions on live events.
  static func forAlerts(
    _ name: String, _ type: FieldType, _ help: String, needs: Needs, read: @escaping LiveReader
  ) -> Field {
    Field(
      name, type, help, live: LiveReading(needs: needs, kinds: .ofProcess, isForAlerts: true, read: read))
  }

  private init(_ name: String, _ type: FieldType, _ help: String, live: LiveReading) {
    self.name = name
    self.type = type
    self.help = help
    self.multiplicity = .one
    self.argument = .none
    self.printedAs = nil
    self.timeFormat = nil
    self.live = live
    self.liveByKey = [:]
    self.parts = nil
  }

  /// A field that no live event gives, or only with some keys.
  init(
    _ name: String, _ type: FieldType, _ help: String, many multiplicity: Multiplicity = .one,
    argument: Argument = .none, timeFormat: TimeFormat? = nil, byKey: [String: LiveReading] = [:]
  ) {
    self.name = name
    self.type = type
    self.help = help
    self.multiplicity = multiplicity
    self.argument = argument
    self.printedAs = nil
    self.timeFormat = timeFormat
    self.live = nil
    self.liveByKey = byKey
    self.parts = nil
  }
}

extension Field {
  /// What sources must read for it, whatever its argument.
  public var needs: Needs { liveByKey.values.reduce(live?.needs ?? []) { $0.union($1.needs) } }

  /// The kinds of live event that can give it a value; none for a field that captures alone can hold.
  public var kinds: EventKinds { liveByKey.values.reduce(live?.kinds ?? .none) { $0.union($1.kinds) } }
}

/// How live events give a value: what it needs, which kinds have it, and the reader.
struct LiveReading: Sendable {
  var needs: Needs = []
  var kinds: EventKinds = .ofProcess
  /// Whether the value follows from the kind of the event alone.
  var isDecidedByKind = false
  /// Whether only outputs get the value.
  var isForAlerts = false
  let read: LiveReader

  /// The kinds whose events give a condition a value.
  var conditionKinds: EventKinds { isForAlerts ? .none : kinds }
}

/// Appends a field's values of a live event; appends nothing when there is none. The engine's thread only.
typealias LiveReader =
  @Sendable (_ facts: borrowing LiveFacts, _ argument: BoundArgument, _ values: inout Values) -> Void

/// A field's argument as the evaluator holds it: plain data.
enum BoundArgument: Hashable, Sendable {
  case none
  case index(Int)
  /// The key, among the constants.
  case key(ByteRange)
}
