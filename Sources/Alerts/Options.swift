/// What the JSON object of an alert holds; the defaults are Falco's.
public struct JSONOptions: Equatable, Sendable {
  /// `json_include_output_property`
  public var includesOutput = true
  /// `json_include_message_property`
  public var includesMessage = false
  /// `json_include_output_fields_property`
  public var includesOutputFields = true
  /// `json_include_tags_property`
  public var includesTags = true
  public var includesUUID = false
  public var includesSequence = false
  /// Under `context`, the fields that every alert carries and that are not among its output fields.
  public var includesContext = false
  /// `time_format_iso_8601`: the time before the output is a date in UTC, not the local time of day.
  public var usesISO8601 = false

  public init() {}
}

/// How the text line of an alert looks; the defaults are Falco's.
public struct TextOptions: Equatable, Sendable {
  /// `time_format_iso_8601`: a date in UTC, not the local time of day.
  public var usesISO8601 = false

  public init() {}
}
