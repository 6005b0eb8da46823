/// The value of one field as an alert carries it; a field without a value is `nil` where these are optional.
///
/// Text is bytes as the host gave them: formats escape, nothing before them does.
public enum FieldValue: Equatable, Sendable {
  case bool(Bool)
  case signed(Int64)
  case unsigned(UInt64)
  case double(Double)
  case bytes([UInt8])
  case list([FieldValue])
}

extension FieldValue {
  /// Text of our own as a value.
  public static func text(_ string: String) -> FieldValue { .bytes(Array(string.utf8)) }
}
