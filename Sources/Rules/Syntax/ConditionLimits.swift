/// What a condition may cost. Whatever is refused is refused at once, with its size or depth in the message.
public struct ConditionLimits: Equatable, Sendable {
  /// Bytes of one condition, lists pasted.
  public var byteCount = 1_000_000
  /// Parentheses within each other must be fewer.
  public var depth: Int
  /// Levels of the tree, macros expanded; whoever walks a tree by recursion relies on it.
  public var treeDepth = 1_000
  /// Comparisons and constants of one condition, macros expanded.
  public var nodeCount = 1_000_000

  /// The limits for a condition inside a rule file.
  public static let ruleFile = ConditionLimits(depth: 1_000)
  /// The limits for a condition on its own.
  public static let alone = ConditionLimits(depth: 100)

  public init(depth: Int) { self.depth = depth }
}
