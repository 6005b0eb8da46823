import Events

/// Fills the tables of a rule set; what is equal is kept once.
struct TableBuilder: ~Copyable {
  var tables = Tables()
  /// The fields of the table, as they were resolved.
  private(set) var resolvedFields: [ResolvedField] = []
  private var texts: [[UInt8]: ByteRange] = [:]
  private var fields: [FieldKey: UInt32] = [:]
  private var operands: [OperandSource: OperandID] = [:]
  private var operandLists: [[OperandID]: TableRange] = [:]
  private var predicates: [Predicate: Int] = [:]
  private var testLists: [[Test]: TableRange] = [:]
  private var numberSets: [[UInt64]: TableRange] = [:]
  private var textLists: [[ByteRange]: TableRange] = [:]
  private var textSets: [[ByteRange]: TextSet] = [:]
  private var addressLists: [[IPAddress]: TableRange] = [:]
  private var networkLists: [[IPNetwork]: TableRange] = [:]
  private var regexes: [ByteRange: UInt32] = [:]
  private var steps: [Step: Int] = [:]

  private struct FieldKey: Hashable {
    let name: String
    let inParts: Bool
  }

  mutating func text(_ bytes: [UInt8]) -> ByteRange {
    if let known = texts[bytes] { return known }
    let range = ByteRange(offset: tables.constants.count, count: bytes.count)
    tables.constants += bytes
    texts[bytes] = range
    return range
  }

  mutating func operand(_ source: OperandSource) -> OperandID {
    if let known = operands[source] { return known }
    let id = OperandID(tables.operands.count)
    tables.operands.append(source)
    operands[source] = id
    return id
  }

  /// A field, or with `inParts` the parts that its text is joined of.
  mutating func field(_ field: ResolvedField, inParts: Bool = false) -> OperandID {
    let names = field.names
    let key = FieldKey(name: names[0], inParts: inParts)
    if let known = fields[key] { return operand(.field(known)) }
    let number = UInt32(tables.fields.count)
    let argument: BoundArgument =
      switch field.argument {
      case nil: .none
      case .index(let index): .index(index)
      case .key(let key): .key(text(Array(key.utf8)))
      }
    let other = names.count > 1 ? Array(names[1].utf8) : []
    tables.fields.append(
      FieldReading(
        live: inParts ? field.field.parts ?? field.live?.read : field.live?.read,
        kinds: field.live?.kinds ?? .none, argument: argument,
        type: field.type, isTime: field.field.timeFormat != nil,
        isMany: field.multiplicity != .one || inParts,
        parts: field.field.parts == nil ? .none : inParts ? .separate : .joined,
        name: text(Array(names[0].utf8)),
        nameHash: Bytes.hash(Array(names[0].utf8).span), otherName: text(other),
        otherHash: Bytes.hash(other.span)))
    resolvedFields.append(field)
    fields[key] = number
    return operand(.field(number))
  }

  mutating func operandList(_ list: [OperandID]) -> TableRange {
    Self.range(of: list, in: &tables.operandLists, known: &operandLists)
  }

  mutating func predicate(_ predicate: Predicate) -> Int {
    if let known = predicates[predicate] { return known }
    tables.predicates.append(predicate)
    predicates[predicate] = tables.predicates.count - 1
    return tables.predicates.count - 1
  }

  mutating func tests(_ list: [Test]) -> TableRange {
    Self.range(of: list, in: &tables.tests, known: &testLists)
  }

  /// A stretch of sorted numbers.
  mutating func numberSet(_ numbers: [UInt64]) -> TableRange {
    Self.range(of: Set(numbers).sorted(), in: &tables.numbers, known: &numberSets)
  }

  mutating func textList(_ list: [ByteRange]) -> TableRange {
    Self.range(of: list, in: &tables.texts, known: &textLists)
  }

  mutating func addressList(_ list: [IPAddress]) -> TableRange {
    Self.range(of: list, in: &tables.addresses, known: &addressLists)
  }

  mutating func networkList(_ list: [IPNetwork]) -> TableRange {
    Self.range(of: list, in: &tables.networks, known: &networkLists)
  }

  /// A hashed set of texts, at most half full.
  mutating func textSet(_ list: [ByteRange]) -> TextSet {
    let members = Set(list).sorted { $0.offset < $1.offset }
    if let known = textSets[members] { return known }
    var places = 2
    while places < members.count * 2 { places *= 2 }
    let set = TextSet(first: UInt32(tables.textSets.count), mask: UInt32(places - 1))
    tables.textSets += Array(repeating: .free, count: places)
    for member in members {
      let hash = Bytes.hash(tables.constants.span.extracting(member.indices))
      var place = UInt32(truncatingIfNeeded: hash >> 32) & set.mask
      while tables.textSets[Int(set.first + place)].hash != 0 { place = (place + 1) & set.mask }
      tables.textSets[Int(set.first + place)] = TextSetEntry(hash: hash, text: member)
    }
    textSets[members] = set
    return set
  }

  mutating func regex(_ pattern: [UInt8]) throws(RegexError) -> UInt32 {
    let range = text(pattern)
    if let known = regexes[range] { return known }
    tables.regexes.append(try Regex(pattern))
    regexes[range] = UInt32(tables.regexes.count - 1)
    return UInt32(tables.regexes.count - 1)
  }

  /// A step; the same step of two rules is one.
  mutating func step(_ step: Step) -> Target {
    if step.ifTrue == step.ifFalse { return step.ifTrue }
    if let known = steps[step] { return Target(step: known) }
    tables.steps.append(step)
    steps[step] = tables.steps.count - 1
    return Target(step: tables.steps.count - 1)
  }

  private static func range<T: Hashable>(
    of list: [T], in table: inout [T], known: inout [[T]: TableRange]
  ) -> TableRange {
    if let range = known[list] { return range }
    let range = TableRange(table.count..<table.count + list.count)
    table += list
    known[list] = range
    return range
  }
}
