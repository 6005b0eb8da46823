/// A condition as a tree: what the parser reads and the compiler takes.
///
/// Two conditions are equal when they have the same structure and values; where they stand and how their
/// literals were quoted does not matter. The depth is bounded by `ConditionLimits`, so recursion over a tree
/// that came out of the parser or the loader is safe.
public struct Condition: Sendable {
  public var kind: Kind
  /// The text this was read from; in a pasted list or a macro, the text there.
  public var range: SourceRange

  public indirect enum Kind: Equatable, Sendable {
    /// True when all are; two or more.
    case and([Condition])
    /// True when one is; two or more.
    case or([Condition])
    case not(Condition)
    case check(Check)
    /// The name of a macro. None is left in a `ResolvedRule`.
    case macro(String)
  }

  public init(_ kind: Kind, range: SourceRange = .none) {
    self.kind = kind
    self.range = range
  }
}

extension Condition: Equatable {
  public static func == (left: Condition, right: Condition) -> Bool { left.kind == right.kind }
}

/// One comparison: an operand, an operator and what it is compared with.
public struct Check: Sendable {
  public var left: Operand
  public var comparison: Comparison
  /// `oneof`, `anyof` or `allof`; the right side is then a list or an operand.
  public var modifier: Modifier?
  /// `nil` exactly when the operator is `exists`.
  public var right: Right?
  /// The operator's text, for messages about it.
  public var comparisonRange: SourceRange

  public init(
    _ left: Operand, _ comparison: Comparison, modifier: Modifier? = nil, _ right: Right?,
    comparisonRange: SourceRange = .none
  ) {
    self.left = left
    self.comparison = comparison
    self.modifier = modifier
    self.right = right
    self.comparisonRange = comparisonRange
  }
}

extension Check: Equatable {
  public static func == (left: Check, right: Check) -> Bool {
    left.comparison == right.comparison && left.modifier == right.modifier && left.left == right.left
      && left.right == right.right
  }
}

extension Check {
  /// What stands on the right of an operator.
  public enum Right: Equatable, Sendable {
    case literal(Literal)
    /// A list in parentheses, which may be empty, and its place with the parentheses.
    case list([Literal], range: SourceRange)
    /// `val(field)`: another field of the same event.
    case field(FieldReference)
    /// A transformer, whose result is compared.
    case call(TransformerCall)

    public static func == (left: Right, right: Right) -> Bool {
      switch (left, right) {
      case (.literal(let left), .literal(let right)): left == right
      case (.list(let left, _), .list(let right, _)): left == right
      case (.field(let left), .field(let right)): left == right
      case (.call(let left), .call(let right)): left == right
      default: false
      }
    }
  }
}

/// A constant: bytes, which the type of the field gives a meaning.
public struct Literal: Sendable {
  /// The value, escapes resolved; never holds a NUL.
  public var bytes: [UInt8]
  public var form: Form
  public var range: SourceRange

  /// How a literal was written.
  public enum Form: Sendable { case bare, quoted, number }

  public init(_ bytes: [UInt8], form: Form = .quoted, range: SourceRange = .none) {
    self.bytes = bytes
    self.form = form
    self.range = range
  }

  /// The value as text, for messages.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Literal: Equatable {
  public static func == (left: Literal, right: Literal) -> Bool { left.bytes == right.bytes }
}
