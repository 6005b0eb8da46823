/// The operators of conditions, by their spelling; `==` is read as `=`.
///
/// Only what the parser must know is here: what an operator means stands with its types.
public enum Comparison: String, CaseIterable, Sendable {
  case exists
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "="
  case notEqual = "!="
  case glob
  case iglob
  case contains
  case icontains
  case bcontains
  case startswith
  case bstartswith
  case endswith
  case regex
  case `in`
  case intersects
  case pmatch

  /// What an operator takes on its right.
  public enum Family: Sendable {
    /// Nothing.
    case unary
    /// A number.
    case numeric
    /// A string; with a modifier, a list of strings.
    case string
    /// A list in parentheses.
    case list
  }

  public var family: Family {
    switch self {
    case .exists: .unary
    case .less, .lessOrEqual, .greater, .greaterOrEqual: .numeric
    case .equal, .notEqual, .glob, .iglob, .contains, .icontains, .bcontains, .startswith, .bstartswith,
      .endswith, .regex:
      .string
    case .in, .intersects, .pmatch: .list
    }
  }
}

/// How a string operator is applied to a list of values.
public enum Modifier: String, CaseIterable, Sendable {
  /// True when it holds for exactly one of them.
  case oneof
  /// True when it holds for at least one.
  case anyof
  /// True when it holds for all, and there is one.
  case allof
}

/// The transformers by name; what they take and give is judged by the compiler.
public enum Transformer: String, CaseIterable, Sendable {
  case tolower, toupper, b64, basename, len, join, concat, getopt
}
