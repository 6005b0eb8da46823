/// The trees of the host that a container is shown, so that what the host itself has mounted within one is not told once
/// more: of `-v /:/host` the container has dozens of mounts, all of them by that one decision.
///
/// A value, for one table of mounts, in its order.
public struct ShownTrees: Sendable {
  private struct Tree {
    /// Where the container sees it.
    var point: [UInt8]
    /// Where it is on the host.
    var path: [UInt8]
  }

  private var trees: [Tree] = []
  /// More than anybody shows who means it. Each mount is compared with all of them, and whoever may mount can have
  /// thousands: those beyond are told one by one.
  static let limit = 64

  public init() {}

  /// Notes what is shown.
  /// - Parameter place: what `HostPlaces` says of the mount.
  public mutating func add(_ mount: Mount, at place: HostPlaces.Place) {
    guard trees.count < Self.limit else { return }
    trees.append(Tree(point: mount.point, path: place.path))
  }

  /// Whether the mount is a part of a tree that was noted: the host has the same at the same place in it. Somebody who
  /// shows another directory there has decided that as well, and it is none. Of the whole host a file system of the
  /// kernel's is one anywhere, as a runtime's own that it had made before.
  public func hold(_ mount: Mount, among places: HostPlaces) -> Bool {
    trees.contains { tree in
      guard let rest = PathBytes.remainder(of: mount.point, below: tree.point), !rest.isEmpty else {
        return false
      }
      let isWhole = tree.path == [UInt8(ascii: "/")]
      if isWhole, SensitivePlaces.isOfKernel(mount) { return true }
      return places.has(mount, at: (isWhole ? [] : tree.path) + rest)
    }
  }
}
