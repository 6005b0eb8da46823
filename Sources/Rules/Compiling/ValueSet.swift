/// The values that a predicate asks for: those of a finite set, or all but those.
struct ValueSet {
  private let members: Members
  private let isInverted: Bool

  enum Members {
    case texts(Set<ByteRange>)
    case numbers(Set<UInt64>)
  }

  init(_ members: Members, isInverted: Bool = false) {
    (self.members, self.isInverted) = (members, isInverted)
  }

  var inverted: ValueSet { ValueSet(members, isInverted: !isInverted) }

  /// Whether no value is in both.
  func excludes(_ other: ValueSet) -> Bool {
    switch (isInverted, other.isInverted) {
    case (false, false): hasNoMember(of: other)
    case (false, true): hasOnlyMembers(of: other)
    case (true, false): other.hasOnlyMembers(of: self)
    case (true, true): false
    }
  }

  /// Whether every value is in one of them.
  func completes(_ other: ValueSet) -> Bool { inverted.excludes(other.inverted) }

  /// Whether every value in this is in the other.
  func isSubset(of other: ValueSet) -> Bool { excludes(other.inverted) }

  private func hasNoMember(of other: ValueSet) -> Bool {
    switch (members, other.members) {
    case (.texts(let left), .texts(let right)): left.isDisjoint(with: right)
    case (.numbers(let left), .numbers(let right)): left.isDisjoint(with: right)
    default: false
    }
  }

  private func hasOnlyMembers(of other: ValueSet) -> Bool {
    switch (members, other.members) {
    case (.texts(let left), .texts(let right)): left.isSubset(of: right)
    case (.numbers(let left), .numbers(let right)): left.isSubset(of: right)
    default: false
    }
  }
}

extension Tables {
  /// The values that a predicate asks for; `nil` when they are not to be listed.
  func values(of predicate: Int) -> ValueSet? {
    guard predicates[predicate].modifier == nil else { return nil }
    let test = test(of: predicate)
    switch test.kind {
    case .text(let text): return ValueSet(.texts([text]), isInverted: test.isNegated)
    case .textIn(let set): return ValueSet(.texts(members(of: set)), isInverted: test.isNegated)
    case .number(let bits): return ValueSet(.numbers([bits]), isInverted: test.isNegated)
    case .numberIn(let range):
      return ValueSet(.numbers(Set(range.indices.map { numbers[$0] })), isInverted: test.isNegated)
    default: return nil
    }
  }

  /// The only or first test of a predicate.
  func test(of predicate: Int) -> Test { tests[Int(predicates[predicate].tests.first)] }
}
