import System
import SystemPackage

/// Where alerts are shown: standard output, and on a terminal a status line below the newest alert. The main thread only.
///
/// Alerts are written in blocks: a backlog of thousands is not a thousand calls.
struct TailScreen: ~Copyable {
  enum Format { case pretty, json }

  private let format: Format
  private let isTerminal: Bool
  private let palette: Palette
  private var renderer: AlertRenderer
  private var output = StandardOutput()
  /// What stands in the terminal's last line.
  private var status: String?

  init(_ format: Format) {
    self.format = format
    isTerminal = Terminal.isTerminal(.standardOutput)
    palette = Palette(hasColour: isTerminal && !ColourChoice.isRefused)
    renderer = AlertRenderer(palette: palette)
  }

  /// Whether there is a status line.
  var hasStatus: Bool { isTerminal && format == .pretty }

  /// The columns of the terminal; `nil` of what is none.
  private var columns: Int? {
    guard isTerminal else { return nil }
    return Terminal.size(of: .standardOutput)?.columns ?? 80
  }

  /// Alerts come: to be called before the first of a block.
  mutating func begin() throws(CommandFailure) {
    renderer.width = columns
    try erase()
  }

  mutating func show(_ alert: TailedAlert) throws(CommandFailure) {
    switch format {
    case .pretty: try output.write(renderer.lines(of: alert))
    case .json:
      var line: [UInt8] = []
      SafeJSON.append(alert.line, to: &line)
      line.append(UInt8(ascii: "\n"))
      try output.write(line)
    }
  }

  /// The block is over.
  mutating func end(status text: String?) throws(CommandFailure) {
    if hasStatus, let text, let columns {
      let line = Folding.beginning(text, width: max(8, columns - 1))
      try output.write(palette.text(line, .status))
      status = text
    }
    try output.flush()
  }

  /// Shows another status when it has changed.
  mutating func update(status text: String) throws(CommandFailure) {
    guard hasStatus, text != status else { return }
    try erase()
    try end(status: text)
  }

  /// Writes a line of our own.
  mutating func title(_ text: String) throws(CommandFailure) {
    let line = columns.map { Folding.beginning(text, width: $0) } ?? text[...]
    try output.write(palette.text(line, .strong) + "\n")
  }

  /// Says something on standard error, above the status line.
  mutating func note(_ text: String) throws(CommandFailure) {
    let shown = status
    try erase()
    try output.flush()
    ExitStatus.explain(text)
    if let shown { try end(status: shown) }
  }

  /// Leaves the terminal as it was.
  mutating func finish() throws(CommandFailure) {
    try erase()
    try output.flush()
  }

  private mutating func erase() throws(CommandFailure) {
    guard status != nil else { return }
    status = nil
    try output.write("\r\u{1B}[K")
  }
}
