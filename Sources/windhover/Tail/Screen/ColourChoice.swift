// Unsafe: reads the environment.

import Glibc

/// Whether colours are wanted. See https://no-color.org.
enum ColourChoice {
  /// Whether NO_COLOR is set to anything, or the terminal is one that knows no colours.
  static var isRefused: Bool { isSet("NO_COLOR") || value("TERM") == "dumb" }

  private static func isSet(_ name: String) -> Bool { !(value(name) ?? "").isEmpty }

  private static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    // SAFETY: getenv's text ends in NUL, and nothing here changes the environment.
    return unsafe String(cString: value)
  }
}
