/// The `output` of a rule: literal text and the operands whose values go between.
public struct OutputTemplate: Equatable, Sendable {
  /// The text as written, without the leading `*`.
  public var text: String
  /// Text and operands, in order; no two texts in a row.
  public var segments: [Segment]
  /// Whether a line is printed, with `<NA>`, even if a value is missing. Rule outputs always are.
  public var printsMissing: Bool

  public enum Segment: Equatable, Sendable {
    case text(String)
    /// `%field`, `%field[arg]` or `%transformer(field)`; `width` cuts or pads the value.
    case operand(Operand, width: Int?)
  }

  public init(text: String, segments: [Segment], printsMissing: Bool) {
    self.text = text
    self.segments = segments
    self.printsMissing = printsMissing
  }
}
