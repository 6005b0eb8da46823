import Events

/// What the index of rules tells events apart by: the text of `evt.type` in a capture, the kind of a live event.
enum EventClasses {
  /// The event types that a capture may name, in alphabetical order; their places are their classes.
  static let names = EventTypes.parameters.keys.sorted()

  /// `names` as bytes.
  static let nameBytes = names.map { Array($0.utf8) }

  /// The class of events in a capture whose type is none that is known.
  static let other = names.count
  /// The class of events in a capture without a type.
  static let untyped = names.count + 1
  /// The class of events in a capture that have a list of types.
  static let several = names.count + 2

  /// The class of an event in a capture.
  static func named(_ type: Span<UInt8>) -> Int {
    var (low, high) = (0, nameBytes.count)
    while low < high {
      let middle = (low + high) / 2
      let name = nameBytes[middle]
      let order = Bytes.order(name.span, type)
      if order == 0 { return middle }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return other
  }

  /// The class of a live event.
  static func live(_ kind: EventKind) -> Int { names.count + 2 + Int(kind.rawValue) }

  /// How many classes there are.
  static let count = live(EventKind.allCases.max { $0.rawValue < $1.rawValue } ?? .lost) + 1
}

/// A set of event classes.
struct EventClassSet: Equatable, Sendable {
  private var words = SIMD16<UInt64>(repeating: 0)

  static let none = EventClassSet()

  static let all: EventClassSet = {
    precondition(EventClasses.count <= SIMD16<UInt64>.scalarCount * 64, "event classes outgrew their set")
    var set = EventClassSet()
    for index in 0..<EventClasses.count { set.insert(index) }
    return set
  }()

  /// The classes of captures that have a known type.
  static let named: EventClassSet = {
    var set = EventClassSet()
    for index in EventClasses.names.indices { set.insert(index) }
    return set
  }()

  func contains(_ index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }

  mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }

  mutating func remove(_ index: Int) { words[index >> 6] &= ~(1 << UInt64(index & 63)) }

  mutating func formUnion(_ other: EventClassSet) { words |= other.words }

  mutating func formIntersection(_ other: EventClassSet) { words &= other.words }

  func intersection(_ other: EventClassSet) -> EventClassSet {
    var result = self
    result.formIntersection(other)
    return result
  }

  var count: Int { (0..<16).reduce(0) { $0 + words[$1].nonzeroBitCount } }
}
