/// Every format there is, by its name in the configuration: the one list.
public enum FormatKind: String, CaseIterable, Sendable {
  case text, json

  /// The format with these options.
  public func make(_ options: FormatOptions) -> any AlertFormat {
    switch self {
    case .text: TextFormat(options: options.text)
    case .json: JSONFormat(options: options.json)
    }
  }
}

/// The options of all formats; each takes its own.
public struct FormatOptions: Equatable, Sendable {
  public var text = TextOptions()
  public var json = JSONOptions()

  public init() {}
}
