import Events
import Host
import System

/// Writes the records about mounts, with what the host's own mounts tell of them. One thread uses it.
struct MountTeller: ~Copyable {
  /// Where a mount was seen.
  struct Place {
    var namespace: UInt64
    /// The process through which it was seen; not the one that mounted it, which nobody tells.
    var pid: Int32
    /// CLOCK_MONOTONIC nanoseconds of the beginning of the read.
    var stamp: UInt64
  }

  private static let roomMilliseconds = 200

  /// Where on the host file systems lie.
  var places = HostPlaces()
  private let sensitive: SensitivePlaces
  private let feed: RecordFeed
  private var record = RecordWriter()
  /// Whether there was no room for a record of this table, however long it waited.
  private var isFull = false

  init(root: HostRoot, feed: RecordFeed) {
    self.feed = feed
    sensitive = SensitivePlaces(root: root)
  }

  /// A table begins.
  mutating func begin() { isFull = false }

  /// States a change.
  /// - Parameter traits: what else is to be said of it.
  mutating func tell(_ change: MountTable.Change, _ traits: MountTraits = [], at place: Place) {
    switch change {
    case .added(let mount): push(.mount, mount, traits, place)
    case .remounted(let mount): push(.mount, mount, traits.union(.remounted), place)
    case .moved(let mount): push(.mount, mount, traits.union(.moved), place)
    case .removed(let mount): push(.mountGone, mount, traits, place)
    }
  }

  /// States a mount that was there when the namespace was first looked at, if a container had better not have it. What
  /// comes with a tree of the host that was told of is told only if it is a runtime's socket.
  /// - Parameter shown: what was stated of the same table.
  /// - Returns: whether it is such a one.
  mutating func tellIfSensitive(_ mount: Mount, among shown: inout ShownTrees, at place: Place) -> Bool {
    let hostPlace = places.place(of: mount)
    let isSocket = sensitive.isRuntimeSocket(mount, among: places)
    guard isSocket || sensitive.isHostPath(mount, at: hostPlace) else { return false }
    if !isSocket, shown.hold(mount, among: places) { return true }
    if let hostPlace { shown.add(mount, at: hostPlace) }
    push(.mount, mount, .initial, place)
    return true
  }

  private mutating func push(_ kind: RecordKind, _ mount: Mount, _ traits: MountTraits, _ place: Place) {
    let hostPlace = places.place(of: mount)
    var traits = traits
    if sensitive.isRuntimeSocket(mount, among: places) { traits.insert(.runtimeSocket) }
    if sensitive.isHostPath(mount, at: hostPlace) { traits.insert(.hostPath) }
    if mount.isPropagated { traits.insert(.propagated) }
    record.begin(kind, from: .mounts, stamp: place.stamp, pid: place.pid)
    record.append(.mountNamespace, place.namespace)
    record.append(.mountTraits, traits.rawValue)
    record.append(.mountPoint, mount.point.span)
    record.append(.mountRoot, mount.root.span)
    record.append(.mountSource, mount.source.span)
    record.append(.mountFileSystem, mount.fileSystem.span, limit: 256)
    record.append(.mountOptions, mount.options.span, limit: 1024)
    if let hostPlace { record.append(.mountHostPath, hostPlace.path.span) }
    // The table can be read again, but what has come and gone meanwhile is not in it. Once for each table, or one with
    // thousands of mounts would keep all others waiting.
    for _ in 0..<(isFull ? 1 : Self.roomMilliseconds) {
      if feed.offer(record) { return }
      if !isFull { Clock.sleep(milliseconds: 1) }
    }
    isFull = true
    feed.losses.count(.ringFull, of: kind)
  }
}
