/// An operand that is in the table, with what the type check must know of it.
struct TypedOperand {
  let id: OperandID
  let type: FieldType
  let multiplicity: Field.Multiplicity
  /// How messages call it.
  let text: String
  /// The field that it is, when no transformer stands before it.
  let field: ResolvedField?
}
