/// Checks of the events of captures that every member is a field, and its value one that the field can have.
///
/// Judging an event reads the fields of a condition alone and passes over the others, misspelt ones among them. One
/// thread at a time; made once for many events.
public struct FlatFactsCheck: ~Copyable {
  /// The names that events had so far, by their hashes.
  private var known: Set<UInt64> = []
  private var names: [String] = []
  /// Reads all of them; `nil` when there are new ones.
  private var query: EventQuery?

  public init() {}

  /// - Throws: the first thing that is wrong with the event.
  public mutating func check(_ facts: borrowing FlatFacts) throws(FlatFactsError) {
    if names.count > Self.nameLimit { (known, names) = ([], []) }
    for (index, hash) in facts.nameHashes.enumerated() where !known.contains(hash) {
      let name = facts.name(ofMember: index)
      do throws(FieldError) { _ = try FieldRegistry.resolve(spelling: name) } catch {
        throw Self.fault(error)
      }
      known.insert(hash)
      names.append(name)
      query = nil
    }
    if let type = facts.unknownType { throw Self.fault(.unknownEventType(type)) }
    if query == nil { query = makeQuery() }
    try query?.checkValues(of: facts)
  }

  private func makeQuery() -> EventQuery {
    do throws(ConditionFaults) {
      return try EventQuery(nil, printing: names)
    } catch {
      preconditionFailure("each name was found to be a field's")
    }
  }

  private static func fault(_ error: FieldError) -> FlatFactsError {
    .unknownName(error.description + (error.cure.map { "; \($0)" } ?? ""))
  }

  /// More names than there are fields: those of variables of environments, which come without end.
  private static let nameLimit = 2000
}
