import Host

/// What the source remembers of one cgroup, to save reads and records. The source's thread only.
final class CgroupNode {
  let path: [UInt8]
  /// The user who may have made it, and make others in it: 0 unless it is delegated.
  let owner: UInt32
  /// In which trees it is there, a bit each.
  var trees: UInt32 = 0
  /// In which trees its directory was watched, a bit each.
  var watchedTrees: UInt32 = 0
  /// The signs as they were stated last, in the order of `CgroupSign`; `nil` before the first reading.
  var signs: [UInt64?]
  /// The files of version 1 that are polled, kept open, in the order of `CgroupSign`.
  var kept: [KeptFile?] = CgroupSign.allCases.map { _ in nil }
  /// The watches on its directory, by tree.
  var directoryWatches: [Int: Int32] = [:]
  /// The watches on its events files of version 2, in the order of `CgroupSign`.
  var signWatches: [Int32?] = CgroupSign.allCases.map { _ in nil }
  /// How many cgroups right below it are known.
  var childCount = 0
  /// Whether its making was stated.
  var wasSeenMade: Bool
  /// The trees in which it is frozen, a bit each.
  var frozenTrees: UInt32 = 0
  /// Whether it is a container's or a unit's own, so that its figures are read.
  var isFollowed = false
  /// CLOCK_MONOTONIC nanoseconds at which it was met.
  let metAt: UInt64

  /// - Parameter wasSeenMade: whether its counters began at 0 before our eyes.
  init(path: [UInt8], owner: UInt32 = 0, metAt: UInt64, wasSeenMade: Bool) {
    self.owner = owner
    self.path = path
    self.metAt = metAt
    self.wasSeenMade = wasSeenMade
    signs = CgroupSign.allCases.map { _ in wasSeenMade ? 0 : nil }
  }

  func isIn(_ tree: Int) -> Bool { trees >> UInt32(tree) & 1 == 1 }

  /// Whether its name is that of a service or a scope of systemd.
  var isUnit: Bool {
    path.suffix(8).elementsEqual(".service".utf8) || path.suffix(6).elementsEqual(".scope".utf8)
  }
}
