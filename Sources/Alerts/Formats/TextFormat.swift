import Events

/// Falco's text line: time, priority, message; escaped so that one alert is one line and no terminal is moved.
///
/// A line that is too long is cut between two characters and ends with `…`.
public struct TextFormat: AlertFormat {
  public static let name = "text"
  private let prefix: AlertPrefix

  public init(options: TextOptions = TextOptions()) {
    prefix = AlertPrefix(usesISO8601: options.usesISO8601)
  }

  public func encode(_ entry: JournalEntry, limit: Int, into bytes: inout [UInt8]) -> Bool {
    let start = bytes.count
    let alert = entry.alert
    prefix.append(alert, to: &bytes)
    let room = max(0, limit - (bytes.count - start))
    return EscapedText.append(alert.message.span, limit: room, to: &bytes)
  }
}
