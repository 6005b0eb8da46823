/// What a comparison with a constant comes to when the type of the operand alone decides it.
enum NumberReach: String {
  case never, always

  /// `nil` when some numbers of the type meet it and some do not, or the type is none of whole numbers.
  init?(_ ordering: Ordering, _ constant: Constant, _ type: FieldType) {
    let number: Int128
    switch constant {
    case .signed(let value): number = Int128(value)
    case .unsigned(let value): number = Int128(value)
    case .double, .flag, .bytes, .address, .network: return nil
    }
    let bounds: ClosedRange<Int128>
    if let range = type.signedRange {
      bounds = Int128(range.lowerBound)...Int128(range.upperBound)
    } else if let limit = type.unsignedLimit {
      bounds = 0...Int128(limit)
    } else {
      return nil
    }
    let (isNever, isAlways): (Bool, Bool) =
      switch ordering {
      case .equal: (!bounds.contains(number), false)
      case .unequal: (false, !bounds.contains(number))
      case .below: (number <= bounds.lowerBound, number > bounds.upperBound)
      case .atMost: (number < bounds.lowerBound, number >= bounds.upperBound)
      case .above: (number >= bounds.upperBound, number < bounds.lowerBound)
      case .atLeast: (number > bounds.upperBound, number <= bounds.lowerBound)
      }
    guard isNever || isAlways else { return nil }
    self = isNever ? .never : .always
  }
}

/// What is questionable in a part of a condition; becomes a warning once it is known of which rule.
struct CompileRemark {
  let message: String
  let range: SourceRange
  /// Whether every value meets the part, or none.
  let isAlwaysTrue: Bool
}
