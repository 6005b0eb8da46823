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

  let plan: CgroupPlan
  let feed: RecordFeed
  let control: CgroupControl
  var watches: CgroupWatches
  var reader: CgroupFileReader
  var containers: ContainerReader
  var record = RecordWriter()
  var tree = CgroupTree()
  /// Cgroups of which a sign may have changed.
  var pending: [[UInt8]: Set<CgroupSign>] = [:]
  /// What the kernel has told and was not taken yet.
  var backlog: ArraySlice<CgroupHappening> = []
  var mustRescan = false
  var pace = CgroupPace()
  var witness = OOMWitness()

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

  /// States a happening or readings of a cgroup, with whom it claims to be of.
  mutating func state(_ kind: RecordKind, _ node: CgroupNode, _ figures: [UInt64] = []) {
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
