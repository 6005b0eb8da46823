import Testing

@testable import Monitor

@Suite struct CgroupWalkTests {
  @Test("every cgroup of a tree is visited once, below its parent, whatever is not listed")
  func order() {
    let tree = ["/": ["a", "b", "c"], "/a": ["x"], "/a/x": ["y", "z"], "/c": []]
    var walk = CgroupWalk(from: CgroupTree.root)
    var visited: [String] = []
    while let path = walk.next() {
      let name = String(decoding: path, as: UTF8.self)
      visited.append(name)
      // One that has gone, like /b here, is not descended into.
      if let below = tree[name] { walk.descend(into: path, below.map { Array($0.utf8) }) }
    }
    #expect(visited == ["/", "/c", "/b", "/a", "/a/x", "/a/x/z", "/a/x/y"])
    #expect(walk.next() == nil)
  }
}
