/// The values that a predicate asks for: those of a finite set or an interval, or all but those.
struct ValueSet {
  private let members: Members
  private let isInverted: Bool

  enum Members {
    case texts(Set<ByteRange>)
    /// By their bits.
    case numbers(Set<UInt64>)
    /// Empty when the first is above the last. Bounds of signed types are counted from the least number there is.
    case interval(from: UInt64, through: UInt64, isSigned: Bool)

    /// Whether the number with these bits is in the interval.
    fileprivate static func isWithin(_ bits: UInt64, _ from: UInt64, _ through: UInt64, _ isSigned: Bool)
      -> Bool
    {
      let place = isSigned ? bits ^ 1 << 63 : bits
      return from <= place && place <= through
    }
  }

  init(_ members: Members, isInverted: Bool = false) {
    (self.members, self.isInverted) = (members, isInverted)
  }

  /// The only texts there are in it; `nil` when there are others or none are listed.
  var texts: Set<ByteRange>? {
    guard !isInverted, case .texts(let texts) = members else { return nil }
    return texts
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
    case (.numbers(let bits), .interval(let from, let through, let isSigned)),
      (.interval(let from, let through, let isSigned), .numbers(let bits)):
      !bits.contains { Members.isWithin($0, from, through, isSigned) }
    case (.interval(let from, let through, _), .interval(let otherFrom, let otherThrough, _)):
      from > through || otherFrom > otherThrough || through < otherFrom || otherThrough < from
    default: false
    }
  }

  private func hasOnlyMembers(of other: ValueSet) -> Bool {
    switch (members, other.members) {
    case (.texts(let left), .texts(let right)): left.isSubset(of: right)
    case (.numbers(let left), .numbers(let right)): left.isSubset(of: right)
    case (.numbers(let bits), .interval(let from, let through, let isSigned)):
      bits.allSatisfy { Members.isWithin($0, from, through, isSigned) }
    case (.interval(let from, let through, _), .interval(let otherFrom, let otherThrough, _)):
      from > through || (otherFrom <= from && through <= otherThrough)
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
    case .signed(let from, let through):
      return ValueSet(
        .interval(
          from: UInt64(bitPattern: from) ^ 1 << 63, through: UInt64(bitPattern: through) ^ 1 << 63,
          isSigned: true),
        isInverted: test.isNegated)
    case .unsigned(let from, let through):
      return ValueSet(.interval(from: from, through: through, isSigned: false), isInverted: test.isNegated)
    default: return nil
    }
  }

  /// The only or first test of a predicate.
  func test(of predicate: Int) -> Test { tests[Int(predicates[predicate].tests.first)] }
}
