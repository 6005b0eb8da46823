/// An event of a capture: one flat JSON object of field names.
///
/// Names are exact, arrays are lists, `null` and what is missing have no value, unknown names are ignored (see
/// `FlatFactsCheck`), nothing is derived. One thread at a time; made once and filled for each line.
public struct FlatFacts: ~Copyable {
  private let parser = JSONParser()
  /// Names and texts of the event.
  private var bytes: [UInt8] = []
  private var members: [Member] = []
  private var elements: [JSONValue] = []
  /// Places in `members` plus one, by hash of the name; 0 where there is none.
  private var places: [UInt32] = []

  private struct Member {
    let hash: UInt64
    let name: ByteRange
    /// Its value or values among `elements`; none for `null`.
    let elements: Range<Int>
    let isArray: Bool
  }

  public init() {}

  /// Takes an event, in the place of the one before.
  /// - Throws: when the line is not one JSON object; the event is then empty.
  public mutating func read(_ line: Span<UInt8>) throws(FlatFactsError) {
    bytes.removeAll(keepingCapacity: true)
    members.removeAll(keepingCapacity: true)
    elements.removeAll(keepingCapacity: true)
    let reason = parser.parse(line)
    if reason == nil {
      while let (name, value) = parser.nextMember(into: &bytes) { add(name, value) }
    }
    indexMembers()
    if let reason { throw .notAnObject(reason) }
  }

  private mutating func add(_ name: ByteRange, _ value: JSONValue) {
    let first = elements.count
    var isArray = false
    switch value {
    case .null: break
    case .flag, .number, .text, .object: elements.append(value)
    case .array:
      isArray = true
      while let element = parser.nextElement(into: &bytes) {
        if case .null = element { continue }
        elements.append(element)
      }
    }
    let hash = Bytes.hash(bytes.span.extracting(name.indices))
    members.append(Member(hash: hash, name: name, elements: first..<elements.count, isArray: isArray))
  }

  /// Makes `places`, at most half full; of members with one name the last counts.
  private mutating func indexMembers() {
    var size = max(16, places.count)
    while size < members.count * 2 { size *= 2 }
    if places.count < size {
      places = Array(repeating: 0, count: size)
    } else {
      for index in places.indices { places[index] = 0 }
    }
    for (index, member) in members.enumerated() {
      places[place(of: member.hash, bytes.span.extracting(member.name.indices))] = UInt32(index + 1)
    }
  }

  /// The place of the member of this name, or the free one where it would be.
  private func place(of hash: UInt64, _ name: Span<UInt8>) -> Int {
    var place = Int(truncatingIfNeeded: hash >> 32) & (places.count - 1)
    while places[place] != 0 {
      let member = members[Int(places[place]) - 1]
      if member.hash == hash, Bytes.areEqual(bytes.span.extracting(member.name.indices), name) { break }
      place = (place + 1) & (places.count - 1)
    }
    return place
  }

  private func member(_ hash: UInt64, _ name: Span<UInt8>) -> Member? {
    guard !places.isEmpty else { return nil }
    let found = places[place(of: hash, name)]
    return found == 0 ? nil : members[Int(found) - 1]
  }
}

extension FlatFacts {
  /// The hash of each member's name, in order.
  var nameHashes: [UInt64] { members.map(\.hash) }

  func name(ofMember index: Int) -> String {
    String(decoding: bytes.span.extracting(members[index].name.indices))
  }

  /// The text of `evt.type` when it is that of no event type.
  var unknownType: String? {
    let name = Self.typeName
    guard eventClass == EventClasses.other, let member = member(Bytes.hash(name.span), name.span),
      case .text(let text)? = elements[member.elements].first
    else { return nil }
    return String(decoding: bytes.span.extracting(text.indices))
  }

  /// The class of the event, by its `evt.type`.
  var eventClass: Int {
    let name = Self.typeName
    guard let member = member(Bytes.hash(name.span), name.span), !member.elements.isEmpty else {
      return EventClasses.untyped
    }
    guard member.elements.count == 1 else { return EventClasses.several }
    guard case .text(let text) = elements[member.elements.lowerBound] else { return EventClasses.other }
    return EventClasses.named(bytes.span.extracting(text.indices))
  }

  private static let typeName = Array("evt.type".utf8)
  private static let yes = Array("true".utf8)
  private static let no = Array("false".utf8)
}

extension FlatFacts: Facts {
  func read(_ number: Int, _ field: FieldReading, into values: inout Values) {
    let member =
      member(field.nameHash, values.bytes.span.extracting(field.name.indices))
      ?? (field.otherName.count > 0
        ? self.member(field.otherHash, values.bytes.span.extracting(field.otherName.indices)) : nil)
    guard let member, !member.elements.isEmpty else { return }
    if field.parts == .joined, member.isArray { return joinParts(member, field, into: &values) }
    guard field.isMany || member.elements.count == 1 else {
      return values.noteMisfit(field, "a list of \(member.elements.count) values")
    }
    for index in member.elements { append(elements[index], field, to: &values) }
    if field.parts == .separate, !member.isArray { values.splitLastText() }
  }

  /// Appends one text of all elements, joined by blanks.
  private func joinParts(_ member: Member, _ field: FieldReading, into values: inout Values) {
    let start = values.beginText()
    for index in member.elements {
      guard case .text(let text) = elements[index] else {
        return values.noteMisfit(field, "a list that is not of texts")
      }
      if index > member.elements.lowerBound { values.add(UInt8(ascii: " ")) }
      values.add(bytes.span.extracting(text.indices))
    }
    values.endText(start)
  }

  private func append(_ element: JSONValue, _ field: FieldReading, to values: inout Values) {
    switch element {
    case .null: break
    case .array: values.noteMisfit(field, "a list in a list")
    case .object: values.noteMisfit(field, "an object")
    case .flag(let flag): append(flag, field, to: &values)
    case .number(let number): append(number, field, to: &values)
    case .text(let text): append(text, field, to: &values)
    }
  }

  private func append(_ flag: Bool, _ field: FieldReading, to values: inout Values) {
    switch field.type.valueClass {
    case .flag: values.flag(flag)
    case .text: values.text(flag ? "true" : "false")
    default: values.noteMisfit(field, flag ? "true" : "false")
    }
  }

  private func append(_ number: Number, _ field: FieldReading, to values: inout Values) {
    if field.isTime {
      guard let time = number.asUnsigned else { return values.noteMisfit(field, number.description) }
      return values.number(time)
    }
    switch field.type.valueClass {
    case .signed:
      guard let value = number.asSigned, field.type.signedRange?.contains(value) == true else { break }
      return values.number(value)
    case .unsigned:
      guard let value = number.asUnsigned, value <= field.type.unsignedLimit ?? 0 else { break }
      return values.number(value)
    case .real: return values.number(number.asDouble)
    case .text, .buffer: return values.text(number.description)
    case .flag:
      guard let value = number.asUnsigned, value <= 1 else { break }
      return values.flag(value == 1)
    case .address, .network: break
    }
    values.noteMisfit(field, number.description)
  }

  private func append(_ range: ByteRange, _ field: FieldReading, to values: inout Values) {
    let text = bytes.span.extracting(range.indices)
    switch field.type.valueClass {
    case .text, .buffer:
      let start = values.beginText()
      values.add(text)
      values.endText(start)
      return
    case .signed, .unsigned, .real:
      guard let number = Number(parsing: text) else { break }
      return append(number, field, to: &values)
    case .flag:
      if Bytes.areEqual(text, Self.yes.span) { return values.flag(true) }
      if Bytes.areEqual(text, Self.no.span) { return values.flag(false) }
    case .address, .network:
      guard let address = IPAddress(parsing: text) else { break }
      return values.append(Value(address))
    }
    values.noteMisfit(field, String(decoding: text))
  }
}

extension Number: CustomStringConvertible {
  var description: String {
    switch self {
    case .signed(let value): String(value)
    case .unsigned(let value): String(value)
    case .real(let value): String(value)
    }
  }
}

/// What is wrong with an event of a capture.
public enum FlatFactsError: Error, Equatable {
  /// The line is not one JSON object; the reason in the parser's words.
  case notAnObject(String)
  /// A value that its field cannot have.
  case misfit(field: String, type: FieldType, value: String)
  /// A name that is no field's, or an event type that does not exist; in a sentence that may say what is meant.
  case unknownName(String)
}

extension FlatFactsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAnObject(let reason): "not a JSON object: \(reason)"
    case .unknownName(let reason): reason
    case .misfit(let field, let type, let value): "'\(field)' is \(type.rawValue), and the event has \(value)"
    }
  }
}
