/// Why a text is not what it should be (YAML, a condition, an output template), and where.
///
/// The module's error type. Rule files are not read with it alone: there it becomes a `Diagnostic` and reading
/// goes on.
public struct SyntaxError: Error, Equatable, Sendable {
  /// What is wrong, in one sentence without a full stop. It may quote the text: escape it before a terminal.
  public var message: String
  /// The offending bytes of the text.
  public var range: Range<Int>
  /// What to write instead, where that is known.
  public var cure: String?

  public init(_ message: String, range: Range<Int>, cure: String? = nil) {
    self.message = message
    self.range = range
    self.cure = cure
  }
}
