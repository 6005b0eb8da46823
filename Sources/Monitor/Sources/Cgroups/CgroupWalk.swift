/// The cgroups that are still to be visited below one, depth first.
///
/// Of each level it keeps one path and the bare names: a path may be 3 KiB long, and who may make cgroups can make tens of
/// thousands beside one another.
struct CgroupWalk {
  private var levels: [(parent: [UInt8], names: [[UInt8]])] = []
  private var start: [UInt8]?

  /// - Parameter path: the first that is visited.
  init(from path: [UInt8]) { start = path }

  /// The path of the next one.
  mutating func next() -> [UInt8]? {
    if let path = start.take() { return path }
    while let last = levels.indices.last {
      if let name = levels[last].names.popLast() { return CgroupTree.path(of: name, in: levels[last].parent) }
      levels.removeLast()
    }
    return nil
  }

  /// Has those below a cgroup visited next.
  /// - Parameter names: as its directory lists them.
  mutating func descend(into path: [UInt8], _ names: consuming [[UInt8]]) {
    if !names.isEmpty { levels.append((path, names)) }
  }
}
