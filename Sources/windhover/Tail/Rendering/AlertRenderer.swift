import Alerts
import Events
import System

/// An alert as lines for a person: a value that knows neither where alerts come from nor where the lines go.
///
/// Every byte of an alert is made safe: its text can neither move the cursor nor break a line. In columns: time, priority,
/// container, rule; then what the rule says, beside them where there is room, and below it the process and its ancestors.
struct AlertRenderer {
  /// Lines are folded to so many columns; `nil` for one line of any length.
  var width: Int?
  let palette: Palette

  /// A terminal from this width on has the text beside the columns.
  private static let wideFrom = 160
  private static let narrowIndent = 4
  private static let containerWidth = 14
  private static let ruleWidth = 36
  private static let priorityWidth = 7
  /// The column in which the text stands beside the others.
  private static let wideIndent = 18 + 2 + priorityWidth + 2 + containerWidth + 2 + ruleWidth + 2
  /// A hostile argument must not push everything else off the screen.
  private static let lineLimit = 20

  /// The alert as lines with their ends.
  func lines(of alert: TailedAlert) -> String {
    let columns = columns(of: alert)
    guard let width else {
      let gap = String(repeating: " ", count: max(2, Self.wideIndent - columns.width))
      return columns.text + gap + safe(columns.message) + "\n" + lineage(of: alert, indent: Self.narrowIndent)
    }
    let isWide = width >= Self.wideFrom
    let indent = isWide ? Self.wideIndent : Self.narrowIndent
    var message = folded(columns.message, width: width - indent)
    var text = columns.text
    if isWide, columns.width + 2 <= indent, !message.isEmpty {
      text += String(repeating: " ", count: indent - columns.width) + message.removeFirst()
    }
    text += "\n"
    let margin = String(repeating: " ", count: indent)
    for line in message { text += "\(margin)\(line)\n" }
    return text + lineage(of: alert, indent: indent)
  }

  private func lineage(of alert: TailedAlert, indent: Int) -> String {
    guard let lineage = alert.field("proc.lineage"), !lineage.isEmpty else { return "" }
    let tree = safe(lineage)
    let room = width.map { Folding.end(tree, width: max(8, $0 - indent), from: " > ") } ?? tree[...]
    return String(repeating: " ", count: indent) + palette.text(room, .quiet) + "\n"
  }

  /// What stands in the columns, how many it takes, and what is left to be said beside or below them.
  private func columns(of alert: TailedAlert) -> (text: String, width: Int, message: [UInt8]) {
    let time = Self.time(alert.timeNanoseconds)
    let priority = Self.padded(Self.shortName(alert.priority), Self.priorityWidth)
    let container = Self.padded(
      String(Folding.beginning(container(of: alert), width: Self.containerWidth)), Self.containerWidth)
    let before = 18 + 2 + Self.priorityWidth + 2 + Self.containerWidth + 2
    let name = safe(alert.rule)
    let rule = width.map { Folding.beginning(name, width: max(8, $0 - before)) } ?? name[...]
    let text = [
      palette.text(time, .quiet), palette.text(priority, .priority(alert.priority)),
      palette.text(container, .container), palette.text(rule, .strong),
    ].joined(separator: "  ")
    // Many rules begin with their own name, which stands in the columns.
    var message = alert.message
    let repeated = alert.rule + Array(" | ".utf8)
    if rule.count == name.count, message.starts(with: repeated) { message.removeFirst(repeated.count) }
    return (text, before + TextWidth.of(rule), message)
  }

  private func container(of alert: TailedAlert) -> String {
    let name = alert.field("container.name") ?? []
    return safe(name.isEmpty ? alert.field("container.id") ?? [UInt8(ascii: "-")] : name)
  }

  private func folded(_ bytes: [UInt8], width: Int) -> [Substring] {
    let room = max(20, width)
    // No more is made safe than can be shown: a character takes four bytes at most.
    let shown =
      bytes.count > room * Self.lineLimit * 4 ? Array(bytes.prefix(room * Self.lineLimit * 4)) : bytes
    return Folding.lines(safe(shown), width: room, limit: Self.lineLimit)
  }

  private func safe(_ bytes: [UInt8]) -> String { SafeLine(bytes).description }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - TextWidth.of(text)))
  }

  /// `11-23 16:43:40.568`, local.
  private static func time(_ nanoseconds: UInt64?) -> String {
    guard let nanoseconds else { return "----- --:--:--.---" }
    let time = CivilTime(local: nanoseconds)
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let milliseconds = String(time.nanosecond / 1_000_000 + 1000).dropFirst()
    return "\(two(time.month))-\(two(time.day)) \(two(time.hour)):\(two(time.minute)):\(two(time.second))"
      + ".\(milliseconds)"
  }

  private static func shortName(_ priority: Priority) -> String {
    switch priority {
    case .emergency: "Emerg"
    case .critical: "Crit"
    case .informational: "Info"
    default: priority.name
    }
  }
}
