/// The cgroups that are there, as the source knows them. The source's thread only.
///
/// A cgroup is a path, which may lie in several trees (version 1): it is made with the first and removed with the last.
struct CgroupTree {
  private(set) var nodes: [[UInt8]: CgroupNode] = [:]

  /// How many are of each user but root.
  private var counts: [UInt32: Int] = [:]
  /// How many are of any user but root.
  private var delegatedCount = 0

  func node(_ path: [UInt8]) -> CgroupNode? { nodes[path] }

  /// Adds a cgroup that is not known yet.
  mutating func insert(_ node: CgroupNode) {
    nodes[node.path] = node
    nodes[Self.parent(of: node.path)]?.childCount += 1
    guard node.owner != 0 else { return }
    counts[node.owner, default: 0] += 1
    delegatedCount += 1
  }

  /// Whether another cgroup of this user may be added to at most `limit` in all. One user who is not root gets a quarter,
  /// and all of them three, so that a delegated subtree cannot take the place of containers and units.
  func hasRoom(for owner: UInt32, limit: Int) -> Bool {
    guard nodes.count < limit else { return false }
    return owner == 0 || ((counts[owner] ?? 0) < limit / 4 && delegatedCount < limit / 4 * 3)
  }

  /// A cgroup has gone from a tree.
  /// - Returns: the cgroup, when that was the last tree that it was in.
  mutating func leave(_ path: [UInt8], _ tree: Int) -> CgroupNode? {
    guard let node = nodes[path], node.isIn(tree) else { return nil }
    node.trees &= ~(1 << UInt32(tree))
    node.watchedTrees &= ~(1 << UInt32(tree))
    guard node.trees == 0 else { return nil }
    nodes[path] = nil
    nodes[Self.parent(of: path)]?.childCount -= 1
    if node.owner != 0 {
      let left = (counts[node.owner] ?? 0) - 1
      counts[node.owner] = left > 0 ? left : nil
      delegatedCount -= 1
    }
    return node
  }

  /// The cgroups in a tree that are not among those found, the innermost first, as they are removed.
  func missing(from found: Set<[UInt8]>, in tree: Int) -> [[UInt8]] {
    nodes.values.filter { $0.isIn(tree) && !found.contains($0.path) }.map(\.path).sorted {
      $0.count > $1.count
    }
  }

  /// The cgroups of a tree below a path, and that itself, the innermost first.
  func subtree(_ path: [UInt8], in tree: Int) -> [[UInt8]] {
    // Removing needs an empty cgroup; one that is renamed (version 1) takes those below it along.
    guard let top = nodes[path], top.childCount > 0 else { return [path] }
    let inside = path + [UInt8(ascii: "/")]
    return nodes.values.filter { $0.isIn(tree) && ($0.path == path || $0.path.starts(with: inside)) }
      .map(\.path).sorted { $0.count > $1.count }
  }

  /// The path of an entry of a directory.
  static func path(of name: [UInt8], in directory: [UInt8]) -> [UInt8] {
    directory.count == 1 ? directory + name : directory + [UInt8(ascii: "/")] + name
  }

  private static func parent(of path: [UInt8]) -> [UInt8] {
    Array(path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
  }

  /// The root of every tree.
  static let root = [UInt8(ascii: "/")]
}
