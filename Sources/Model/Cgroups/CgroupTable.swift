/// The cgroups that are there, by path. Only the engine's thread uses it.
public struct CgroupTable {
  /// Rows at most, more than the source follows.
  static let limit = 16_384

  private var rows: [[UInt8]: CgroupRow] = [:]

  /// How many are known.
  public var count: Int { rows.count }

  /// The cgroup of exactly this path.
  public func row(_ path: [UInt8]) -> CgroupRow? { rows[path] }

  /// The cgroup of this path, or the nearest above it of which something was read; `nil` when that would be the root.
  public func nearest(_ path: [UInt8]) -> CgroupRow? {
    if rows.isEmpty { return nil }
    var path = path
    while path.count > 1 {
      if let row = rows[path], row.wasRead { return row }
      guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
      path.removeSubrange(slash...)
    }
    return nil
  }

  /// Adds a cgroup, in the place of one that had the name before.
  /// - Returns: `nil` when there is no room.
  mutating func insert(_ path: [UInt8], wasSeenMade: Bool) -> CgroupRow? {
    guard rows.count < Self.limit || rows[path] != nil else { return nil }
    let row = CgroupRow(path: path, wasSeenMade: wasSeenMade)
    rows[path] = row
    return row
  }

  mutating func remove(_ path: [UInt8]) -> CgroupRow? { rows.removeValue(forKey: path) }
}
