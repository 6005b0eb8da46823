import Events
import Host
import System
import SystemPackage

/// What the cgroup source's thread does: follow the trees by their watches, read what must be read, state it.
///
/// A directory is watched first and listed then: what is made in between is met twice, and stated once.
struct CgroupWork: ~Copyable {
  /// Cgroups at most: a container may make as many as its limits allow.
  static let cgroupLimit = 8192
  /// Between two looks at what the whole machine has killed, at 26 µs each.
  private static let comparisonNanoseconds: UInt64 = 2_000_000_000
  /// Names taken from one directory; those of cgroups beyond the limit are counted one by one.
  static let listingLimit = 65_536

  private let plan: CgroupPlan
  private let feed: RecordFeed
  private let control: CgroupControl
  private var watches: CgroupWatches
  private var reader: CgroupFileReader
  private var containers: ContainerReader
  private var record = RecordWriter()
  private var tree = CgroupTree()
  /// Cgroups of which a sign may have changed.
  private var pending: [[UInt8]: Set<CgroupSign>] = [:]
  /// What the kernel has told and was not taken yet.
  private var backlog: ArraySlice<CgroupHappening> = []
  private var mustRescan = false
  private var pace = CgroupPace()
  private var witness = OOMWitness()

  init(
    _ plan: CgroupPlan, _ inotify: consuming Inotify, feed: RecordFeed, requests: ContainerRequests?,
    control: CgroupControl
  ) {
    self.plan = plan
    watches = CgroupWatches(inotify, limit: CgroupWatches.limit(on: plan.root), losses: feed.losses)
    self.feed = feed
    self.control = control
    reader = CgroupFileReader(plan, losses: feed.losses)
    containers = ContainerReader(root: plan.root, losses: feed.losses)
    if let requests { containers.report(to: requests) }
  }

  /// Works until it is told to stop.
  mutating func run() {
    for index in plan.watched { discover(CgroupTree.root, in: index, isNew: false) }
    for node in tree.nodes.values {
      readSigns(CgroupSign.allCases, of: node, { _ in true })
      // Of one that has no sign the rules may want to know the end all the same.
      if plan.tellsLife, node.signs.allSatisfy({ $0 == nil }) { state(.cgroupState, node) }
    }
    control.noteWatching()
    var nextPoll = Clock.monotonicNanoseconds
    var nextFigures = plan.readsFigures ? nextPoll : .max
    var nextSigns = plan.watched.allSatisfy { plan.notified(in: $0).isEmpty } ? .max : nextPoll
    var nextComparison = plan.trees(of: .oomKills).isEmpty ? UInt64.max : nextPoll
    while !control.isStopping {
      takeHappenings()
      if mustRescan { rescan() }
      let now = Clock.monotonicNanoseconds
      if now >= nextPoll { nextPoll = now + poll() }
      if now >= nextFigures {
        nextFigures = now + readFigures()
      }
      if now >= nextSigns { nextSigns = now + readSignsAgain() }
      if now >= nextComparison {
        compareKills()
        nextComparison = now + Self.comparisonNanoseconds
      }
      let milliseconds = pace.rest()
      if milliseconds > 0 {
        control.bell.wait(milliseconds: Int32(clamping: milliseconds))
      } else if backlog.isEmpty {
        let next = min(nextPoll, nextFigures, nextSigns, nextComparison)
        let now = Clock.monotonicNanoseconds
        let wait = next == .max ? 60_000 : Int32(clamping: (next - min(next, now)) / 1_000_000 + 1)
        watches.wait(milliseconds: wait, or: control.bell)
      }
    }
  }

  // MARK: What comes and goes

  /// Takes what the kernel has told, as far as the pace allows, and reads what it says has changed.
  private mutating func takeHappenings() {
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
  private mutating func discover(_ path: [UInt8], in index: Int, isNew: Bool) {
    var paths = [path]
    while let path = paths.popLast(), !control.isStopping {
      guard path.count == 1 || enter(path, in: index, isNew: isNew), watch(path, in: index) else { continue }
      let (names, outcome) = reader.list(path, in: index, limit: Self.listingLimit)
      if outcome == .truncated { feed.losses.count(.unwatched) }
      paths += names.map { CgroupTree.path(of: $0, in: path) }
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
  private mutating func watchSigns(of node: CgroupNode, in index: Int) {
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
  private mutating func rescan() {
    mustRescan = false
    var live: Set<Int32> = []
    var fresh: [(path: [UInt8], tree: Int)] = []
    var isWhole = true
    for index in plan.watched where !control.isStopping {
      var found: Set<[UInt8]> = []
      var isTreeWhole = true
      var paths = [CgroupTree.root]
      while let path = paths.popLast(), !control.isStopping {
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
        paths += names.map { CgroupTree.path(of: $0, in: path) }
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

  // MARK: What is read

  private mutating func readPending() {
    let plan = plan
    for (path, signs) in pending {
      guard let node = tree.node(path) else {
        // Freezing apart, which changes whenever the last process ends, something has happened in it.
        if signs != [.freezing] { feed.losses.count(.vanished, of: .cgroupState) }
        continue
      }
      readSigns(Array(signs), of: node) { plan.isNotified($0) }
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Counts the kills that no cgroup told of.
  private mutating func compareKills() {
    guard let total = reader.machineOOMKills() else { return }
    feed.losses.count(.unattributed, of: .cgroupState, by: witness.compare(total))
  }

  /// Reads the signs that cannot be waited for.
  /// - Returns: nanoseconds until the next time.
  private mutating func poll() -> UInt64 {
    let signs = plan.polled
    guard !signs.isEmpty else { return 1 << 62 }
    let began = Clock.threadCPUNanoseconds
    let plan = plan
    for node in tree.nodes.values where !control.isStopping {
      readSigns(signs, of: node) { !plan.isNotified($0) }
    }
    let interval = CgroupPace.pollInterval(afterCost: Clock.threadCPUNanoseconds - began)
    control.setPollInterval(interval)
    return interval
  }

  /// Reads the signs that the kernel notifies of, for one that it did not: what is counted is late then, and not lost.
  /// - Returns: nanoseconds until the next time.
  private mutating func readSignsAgain() -> UInt64 {
    let began = Clock.threadCPUNanoseconds
    let plan = plan
    for node in tree.nodes.values where !control.isStopping {
      for index in plan.watched { watchSigns(of: node, in: index) }
      readSigns(CgroupSign.allCases, of: node) { plan.isNotified($0) }
    }
    return CgroupPace.interval(plan.intervalNanoseconds, afterCost: Clock.threadCPUNanoseconds - began)
  }

  /// Reads signs, in the trees that `isMeant` says, and states those that are not as they were.
  private mutating func readSigns(_ signs: [CgroupSign], of node: CgroupNode, _ isMeant: (Int) -> Bool) {
    var figures: [UInt64] = []
    for sign in signs {
      var value: UInt64?
      for index in plan.trees(of: sign) where node.isIn(index) && isMeant(index) {
        let isPolled = !plan.isNotified(index)
        guard
          let read = isPolled
            ? reader.poll(sign, of: node, in: index) : reader.read(sign, of: node.path, in: index)
        else { continue }
        value = read
        if sign == .freezing {
          // Each version freezes for itself.
          let bit = UInt32(1) << UInt32(index)
          node.frozenTrees = read == 0 ? node.frozenTrees & ~bit : node.frozenTrees | bit
          value = node.frozenTrees == 0 ? 0 : 1
        }
      }
      guard let value, value != node.signs[sign.rawValue] else { continue }
      if sign == .oomKills, let before = node.signs[sign.rawValue], value > before {
        witness.attribute(value - before)
      }
      node.signs[sign.rawValue] = value
      figures += [sign.figure.rawValue, value]
    }
    if !figures.isEmpty { state(.cgroupState, node, figures) }
  }

  /// Reads the figures of every container and unit.
  /// - Returns: nanoseconds until the next time.
  private mutating func readFigures() -> UInt64 {
    let began = Clock.monotonicNanoseconds
    let cpu = Clock.threadCPUNanoseconds
    var limits: [[UInt8]: CgroupFileReader.Limits] = [:]
    for node in tree.nodes.values where !control.isStopping {
      // A runtime's file that speaks for a cgroup may be written after the cgroup was made.
      if !node.isFollowed, node.metAt + 6 * plan.intervalNanoseconds > began {
        node.isFollowed = containers.isContainersOwn(node.path)
      }
      guard node.isFollowed else { continue }
      var figures = reader.figures(of: node, limits: least(around: node, &limits))
      for sign in CgroupSign.allCases where plan.places[sign]?.isEmpty == false {
        if let value = node.signs[sign.rawValue] { figures += [sign.figure.rawValue, value] }
      }
      if !figures.isEmpty { state(.cgroupState, node, figures) }
    }
    let interval = CgroupPace.interval(
      plan.intervalNanoseconds, afterCost: Clock.threadCPUNanoseconds - cpu)
    control.setFigureInterval(interval)
    return interval
  }

  /// The least limits of a cgroup and those above it, each of which is read once.
  private mutating func least(
    around node: CgroupNode, _ known: inout [[UInt8]: CgroupFileReader.Limits]
  ) -> CgroupFileReader.Limits {
    if let limits = known[node.path] { return limits }
    var path = node.path
    var chain: [CgroupNode] = []
    var limits = CgroupFileReader.Limits()
    while path.count > 1 {
      if let above = known[path] {
        limits = above
        break
      }
      if let node = tree.node(path) { chain.append(node) }
      path.removeSubrange((path.lastIndex(of: UInt8(ascii: "/")) ?? 0)...)
    }
    for node in chain.reversed() {
      limits = limits.reduced(by: reader.limits(of: node))
      known[node.path] = limits
    }
    return limits
  }

  // MARK: What is stated

  private mutating func state(_ kind: RecordKind, _ node: CgroupNode, _ figures: [UInt64] = []) {
    record.begin(kind, from: .cgroup, stamp: Clock.monotonicNanoseconds, pid: 0)
    let path = node.path
    record.append(.cgroup, path.span)
    if kind != .cgroupRemoved {
      let isOwn = containers.appendClaim(ofCgroup: path, to: &record)
      if kind == .cgroupCreated { node.isFollowed = isOwn || node.isUnit }
    }
    if !figures.isEmpty { record.append(.figures, figures) }
    // This source can read again, so it waits for room.
    while !control.isStopping, !feed.offer(record) { Clock.sleep(milliseconds: 1) }
  }
}
