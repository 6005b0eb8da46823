import Events

/// The colours of a terminal. See ECMA-48 §8.3.117.
struct Palette {
  let hasColour: Bool

  enum Style {
    case quiet, strong, container, status
    case priority(Priority)

    fileprivate var code: String {
      switch self {
      case .quiet: "2"
      case .strong: "1"
      case .container: "35"
      case .status: "7"
      case .priority(.emergency), .priority(.alert): "1;97;41"
      case .priority(.critical): "1;31"
      case .priority(.error): "31"
      case .priority(.warning): "33"
      case .priority(.notice): "36"
      case .priority(.informational): "32"
      case .priority(.debug): "2"
      }
    }
  }

  /// The text in that style, and the terminal as it was behind it: a line that is cut off never colours the next.
  func text(_ text: some StringProtocol, _ style: Style) -> String {
    hasColour && !text.isEmpty ? "\u{1B}[\(style.code)m\(text)\u{1B}[0m" : String(text)
  }
}
