import System

/// Whether colours are wanted. See https://no-color.org.
enum ColourChoice {
  /// Whether NO_COLOR is set to anything, or the terminal is one that knows no colours.
  static var isRefused: Bool {
    Environment.value(of: "NO_COLOR")?.isEmpty == false || Environment.value(of: "TERM") == "dumb"
  }
}
