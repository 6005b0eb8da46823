import Events
import Host
import System

/// What comes and goes.
extension CgroupWork {
  /// Takes what the kernel has told, as far as the pace allows, and reads what it says has changed.
  mutating func takeHappenings() {
    if backlog.isEmpty {
      var happenings: [CgroupHappening] = []
      _ = watches.read { happenings.append($0) }
      backlog = happenings[...]
    }
    while pace.rest() == 0, !control.isStopping, let happening = backlog.popFirst() { take(happening) }
    readPending()
  }

  private mutating func take(_ happening: CgroupHappening) {
    switch happening {
    case .overflow:
      feed.losses.count(.watchOverflow)
      mustRescan = true
    case .unwatched(let watch):
      if let place = watches.place(of: watch), let sign = place.sign, let node = tree.node(place.path),
        node.signWatches[sign.rawValue] == watch
      {
        node.signWatches[sign.rawValue] = nil
      }
      watches.forget(watch)
    case .changed(let watch):
      guard let place = watches.place(of: watch), let sign = place.sign else { return }
      pending[place.path, default: []].insert(sign)
    case .made(let watch, let name):
      guard let place = watches.place(of: watch) else { return }
      discover(CgroupTree.path(of: name, in: place.path), in: place.tree, isNew: true)
    case .removed(let watch, let name):
      guard let place = watches.place(of: watch) else { return }
      for path in tree.subtree(CgroupTree.path(of: name, in: place.path), in: place.tree) {
        leave(path, in: place.tree)
      }
    }
  }

  /// Meets a cgroup and those below it, unless they are known.
  mutating func discover(_ path: [UInt8], in index: Int, isNew: Bool) {
    var walk = CgroupWalk(from: path)
    while let path = walk.next(), !control.isStopping {
      guard path.count == 1 || enter(path, in: index, isNew: isNew), watch(path, in: index) else { continue }
      let (names, outcome) = reader.list(path, in: index, limit: Self.listingLimit)
      if outcome == .truncated { feed.losses.count(.unwatched) }
      walk.descend(into: path, names)
      if isNew {
        // It may have happened before the watch was there.
        for sign in plan.notified(in: index) { pending[path, default: []].insert(sign) }
      }
    }
  }

  /// - Returns: whether the cgroup was not known in this tree, and there is room for it.
  private mutating func enter(_ path: [UInt8], in index: Int, isNew: Bool) -> Bool {
    if let node = tree.node(path) {
      guard !node.isIn(index) else {
        // It was listed at the start, and made after its directory was watched.
        if isNew, !node.wasSeenMade {
          node.wasSeenMade = true
          state(.cgroupCreated, node)
        }
        return false
      }
      node.trees |= 1 << UInt32(index)
      return true
    }
    // One that has gone is of nobody: its removal is told next.
    let owner = reader.owner(of: path, in: index) ?? 0
    guard path.count <= CgroupDirectory.pathLimit, tree.hasRoom(for: owner, limit: Self.cgroupLimit) else {
      feed.losses.count(.unwatched)
      return false
    }
    let node = CgroupNode(path: path, owner: owner, metAt: Clock.monotonicNanoseconds, wasSeenMade: isNew)
    node.trees = 1 << UInt32(index)
    tree.insert(node)
    // Those that are there at the start are stated with their first reading.
    if isNew { state(.cgroupCreated, node) } else { node.isFollowed = node.isUnit }
    return true
  }

  /// - Returns: whether the directory is there to be listed.
  private mutating func watch(_ path: [UInt8], in index: Int) -> Bool {
    switch watches.watch(reader.directory(of: path, in: index), as: .init(tree: index, path: path)) {
    case .gone, .refused: return false
    case .same(let watch), .other(let watch):
      guard let node = tree.node(path) else { return true }
      node.watchedTrees |= 1 << UInt32(index)
      node.directoryWatches[index] = watch
      watchSigns(of: node, in: index)
      return true
    }
  }

  /// Watches those events files that are not, since a controller may come later.
  mutating func watchSigns(of node: CgroupNode, in index: Int) {
    for sign in plan.notified(in: index) where node.signWatches[sign.rawValue] == nil && node.isIn(index) {
      for name in sign.notifyingFiles where node.signWatches[sign.rawValue] == nil {
        node.signWatches[sign.rawValue] = watches.watchFile(
          reader.file(name, of: node.path, in: index), as: .init(tree: index, path: node.path, sign: sign))
      }
    }
  }

  private mutating func leave(_ path: [UInt8], in index: Int) {
    if plan.isNotified(index), let node = tree.node(path) {
      for watch in node.signWatches { if let watch { watches.unwatch(watch) } }
      node.signWatches = node.signWatches.map { _ in nil }
    }
    if let watch = tree.node(path)?.directoryWatches.removeValue(forKey: index) { watches.unwatch(watch) }
    guard let node = tree.leave(path, index) else { return }
    reader.forget(node)
    state(.cgroupRemoved, node)
  }

  /// Compares everything with what is known, after the kernel's queue was full.
  mutating func rescan() {
    mustRescan = false
    var live: Set<Int32> = []
    var fresh: [(path: [UInt8], tree: Int)] = []
    var isWhole = true
    for index in plan.watched where !control.isStopping {
      var found: Set<[UInt8]> = []
      var isTreeWhole = true
      var walk = CgroupWalk(from: CgroupTree.root)
      while let path = walk.next(), !control.isStopping {
        switch meetAgain(path, in: index, &live) {
        case .same: break
        case .gone: continue
        case .fresh:
          if fresh.count < 2 * Self.cgroupLimit {
            fresh.append((path, index))
          } else {
            feed.losses.count(.unwatched)
          }
          continue
        }
        found.insert(path)
        let (names, outcome) = reader.list(path, in: index, limit: Self.listingLimit)
        isTreeWhole = isTreeWhole && (outcome == .complete || outcome == .absent)
        walk.descend(into: path, names)
      }
      isWhole = isWhole && isTreeWhole
      if isTreeWhole, !control.isStopping {
        for path in tree.missing(from: found, in: index) { leave(path, in: index) }
      }
    }
    if isWhole, !control.isStopping { watches.keep(live) }
    for (path, index) in fresh { discover(path, in: index, isNew: true) }
    for node in tree.nodes.values { readSigns(CgroupSign.allCases, of: node, { _ in true }) }
  }

  private enum Meeting { case same, fresh, gone }

  /// Watches a cgroup again: where one was removed and another made under its name, the watch is another too.
  private mutating func meetAgain(_ path: [UInt8], in index: Int, _ live: inout Set<Int32>) -> Meeting {
    let node = tree.node(path)
    guard path.count == 1 || node?.isIn(index) == true else { return .fresh }
    let wasWatched = node.map { $0.watchedTrees >> UInt32(index) & 1 == 1 } ?? true
    switch watches.watch(
      reader.directory(of: path, in: index), as: .init(tree: index, path: path), isAgain: wasWatched)
    {
    case .same(let watch): live.insert(watch)
    case .other(let watch):
      if wasWatched, node != nil { return .fresh }
      live.insert(watch)
      node?.watchedTrees |= 1 << UInt32(index)
      node?.directoryWatches[index] = watch
    case .gone: return .gone
    case .refused: break
    }
    return .same
  }
}
