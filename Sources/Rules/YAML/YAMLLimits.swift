/// What a YAML text may cost. The defaults hold ten thousand rules with room to spare.
public struct YAMLLimits: Sendable {
  /// Bytes of the text.
  public var byteCount = 64 << 20
  /// Sequences and mappings within each other.
  public var depth = 64
  /// Nodes, each alias counted as all that it stands for.
  public var nodeCount = 4_000_000

  public init() {}
}
