/// The output of a rule, ready to be filled in.
struct OutputPlan: Sendable {
  var segments: [Segment] = []
  /// The values that the output names, each once, in order.
  var fields: [OutputField] = []
  /// What alerts carry besides, and in the place of fields of the same name.
  var extras: [Extra] = []
  /// Whether a line is printed even if a value is missing.
  var printsMissing = true

  enum Segment: Sendable {
    case text([UInt8])
    /// A value by its number among `fields`; `width` cuts or pads it.
    case value(Int, width: Int?)
  }

  /// A field that the text does not name.
  struct Extra: Sendable {
    let name: String
    let value: Value

    enum Value: Sendable {
      case field(OutputField)
      case message(OutputPlan)
      case constant(String)
    }
  }
}

/// One value that an output or a list of fields names.
struct OutputField: Sendable {
  /// The name in `output_fields`.
  let name: String
  /// What is printed as text.
  let text: OperandID
  /// What goes into `output_fields`; differs for points in time, which are numbers there.
  let value: OperandID
  let type: FieldType
  let multiplicity: Field.Multiplicity
}
