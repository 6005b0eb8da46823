/// One rule file as the caller read it.
public struct RuleFile: Sendable {
  /// The name for messages, usually its path.
  public var name: String
  public var content: Content

  /// What the caller got of the file.
  public enum Content: Sendable {
    case bytes([UInt8])
    /// Nothing, for this reason; it becomes an error of the file, beside those of the others.
    case unreadable(reason: String)
  }

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    content = .bytes(bytes)
  }

  public init(name: String, unreadable reason: String) {
    self.name = name
    content = .unreadable(reason: reason)
  }
}
