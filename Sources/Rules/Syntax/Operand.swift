/// What a value is read from: a field, or a transformer over fields.
public indirect enum Operand: Equatable, Sendable {
  case field(FieldReference)
  case call(TransformerCall)

  /// The operand's text.
  public var range: SourceRange {
    switch self {
    case .field(let field): field.range
    case .call(let call): call.range
    }
  }
}

/// A field by name, with its argument: `proc.aname[2]`, `evt.arg["flags"]`, `proc.name`.
///
/// The parser knows no field; whether this one exists and may have the argument is judged by the compiler.
public struct FieldReference: Sendable {
  public var name: String
  /// The text between the brackets, unquoted; `nil` without brackets.
  public var argument: String?
  /// Name and argument.
  public var range: SourceRange

  public init(_ name: String, argument: String? = nil, range: SourceRange = .none) {
    self.name = name
    self.argument = argument
    self.range = range
  }
}

extension FieldReference: Equatable {
  public static func == (left: FieldReference, right: FieldReference) -> Bool {
    left.name == right.name && left.argument == right.argument
  }
}

/// A transformer and its arguments: `tolower(proc.name)`, `getopt(proc.args, "t:")[t]`.
public struct TransformerCall: Sendable {
  public var transformer: Transformer
  /// One or more.
  public var arguments: [Argument]
  /// The text in brackets after the closing parenthesis; `nil` without brackets.
  public var index: String?
  public var range: SourceRange

  /// What stands between the parentheses of a transformer.
  public indirect enum Argument: Equatable, Sendable {
    case operand(Operand)
    case literal(Literal)
    /// Arguments in parentheses of their own.
    case list([Argument])
  }

  public init(
    _ transformer: Transformer, _ arguments: [Argument], index: String? = nil, range: SourceRange = .none
  ) {
    self.transformer = transformer
    self.arguments = arguments
    self.index = index
    self.range = range
  }
}

extension TransformerCall: Equatable {
  public static func == (left: TransformerCall, right: TransformerCall) -> Bool {
    left.transformer == right.transformer && left.index == right.index && left.arguments == right.arguments
  }
}
