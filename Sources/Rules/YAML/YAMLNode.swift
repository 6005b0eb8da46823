/// One node of a YAML document: a scalar, a sequence or a mapping, and where it stands.
///
/// An alias is replaced by the node it names; that node keeps its own place.
public struct YAMLNode: Sendable {
  public var content: Content
  /// The node's bytes in its file; in a block scalar with the `|` or `>` before it.
  public var range: Range<Int>

  public enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping(YAMLMapping)
  }

  public init(_ content: Content, range: Range<Int>) {
    self.content = content
    self.range = range
  }
}

/// The text of a scalar. YAML's guesses at types are not made here: `=`, `on` and `1e3` are text until they are
/// read as something else.
public struct YAMLScalar: Equatable, Sendable {
  /// The value: folded, unescaped.
  public var text: String
  public var style: Style
  /// Whether the scalar says by `!!str`, or `!`, that it is a string.
  public var isTaggedString: Bool

  /// How a scalar is written.
  public enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

  public init(_ text: String, style: Style = .plain, isTaggedString: Bool = false) {
    self.text = text
    self.style = style
    self.isTaggedString = isTaggedString
  }

  /// Whether this is YAML's null: nothing, `~` or `null`, unquoted.
  public var isNull: Bool {
    guard style == .plain, !isTaggedString else { return false }
    return switch text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }
}

/// The keys and values of a mapping in the order of the file.
public struct YAMLMapping: Sendable {
  /// All entries, those with a key that stands twice included.
  public var entries: [Entry]

  public struct Entry: Sendable {
    public var key: YAMLNode
    public var value: YAMLNode

    /// The key's text; `nil` when the key is a sequence or a mapping.
    public var name: String? {
      guard case .scalar(let scalar) = key.content else { return nil }
      return scalar.text
    }
  }

  /// The value of a key; of a key that stands twice, the first.
  public subscript(name: String) -> YAMLNode? { entry(name)?.value }

  /// The entry of a key; of a key that stands twice, the first.
  public func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
