import Events
import Glibc
import Host
import Synchronization
import System
import SystemPackage

/// The trees of cgroups: which come and go, kills for want of memory, limits on processes that are reached, freezing,
/// and every few seconds the figures of containers and units.
///
/// The kernel tells of directories and, in version 2, of changed events files (inotify); version 1 must be polled for
/// those. It needs no privilege. See cgroups(7).
final class CgroupSource: Source {
  static let id = SourceID.cgroup
  static let costOfAbsence =
    "kills for want of memory, limits that are reached and what containers use are not seen"

  static func isNeeded(for needs: Needs) -> Bool { !needs.isDisjoint(with: .cgroups.union(.cgroup)) }

  let feed: RecordFeed
  private let plan: CgroupPlan
  /// Whom to tell of a container whose cgroup is met; `nil` when no rule wants to know more of it.
  private let requests: ContainerRequests?
  /// Whether the trees are the agent's own part of the host's.
  private let seesPart: Bool
  private let control: CgroupControl
  /// What `open` has begun, until the thread takes it.
  private let inotify = Mutex<Inotify?>(nil)

  init(_ setting: SourceSetting) throws(SourceError) {
    guard let mounts = CgroupMounts(root: setting.root), !mounts.hierarchies.isEmpty else {
      throw .unavailable(.cgroup, "no tree of cgroups is mounted")
    }
    seesPart = setting.root.isLive && CgroupMounts.areParts(for: getpid(), root: setting.root)
    plan = CgroupPlan(
      root: setting.root, mounts: mounts, needs: setting.needs,
      intervalSeconds: setting.cgroups.interval.seconds)
    do throws(Errno) {
      control = try CgroupControl()
      try Self.watchRoots(plan, Inotify())
    } catch {
      throw .unavailable(.cgroup, "the trees of cgroups cannot be watched: \(error)")
    }
    requests = setting.needs.contains(.containerMetadata) ? setting.surroundings.containerRequests : nil
    feed = RecordFeed(source: .cgroup, capacityBytes: 256 << 10, bell: setting.surroundings.bell)
  }

  /// Watches every tree's root.
  private static func watchRoots(_ plan: CgroupPlan, _ inotify: borrowing Inotify) throws(Errno) {
    for index in plan.watched {
      var directory = CgroupDirectory(root: plan.root, plan.mounts.hierarchies[index])
      directory.select(CgroupTree.root)
      let path = directory.withPath(\.self)
      _ = try inotify.watch(path, for: [.created, .deleted])
    }
  }

  var status: SourceStatus {
    let interval = control.pollInterval
    var details = [plan.mounts.layout.rawValue, "\(plan.watched.count) trees watched"]
    if !plan.polled.isEmpty {
      details.append(
        "version 1 polled" + (interval > 0 ? " every \(interval / 1_000_000) ms" : ""))
    }
    if plan.readsFigures {
      details.append(
        "figures every \(max(plan.intervalNanoseconds, control.figureInterval) / 1_000_000_000) s")
    }
    var shortcomings = plan.shortcomings
    if seesPart {
      shortcomings.append(
        "the agent is in a cgroup namespace of its own: of the host's cgroups only those below its own are seen"
      )
    }
    if !plan.polled.isEmpty {
      shortcomings.append(
        "version 1 does not tell of kills: one in a cgroup that is removed at once is missed")
    }
    return SourceStatus(source: .cgroup, isActive: true, shortcomings: shortcomings, details: details)
  }

  var passedOver: [String: UInt64] { [:] }

  /// Whether the first look at everything is over.
  var isWatching: Bool { control.isWatching }

  /// Begins to watch, if that was not done. After the drop: watches are charged to the user who makes the instance, and
  /// as root's they would be taken from the host's daemons.
  func open() throws(SourceError) {
    do throws(Errno) {
      try inotify.withLock { inotify throws(Errno) in
        guard inotify == nil else { return }
        let watching = try Inotify()
        try Self.watchRoots(plan, watching)
        inotify = consume watching
      }
    } catch {
      control.noteEnd()
      throw .unavailable(.cgroup, "the trees of cgroups cannot be watched: \(error)")
    }
  }

  func start() throws(SourceError) {
    try open()
    do throws(Errno) {
      _ = try NamedThread("wh-cgroup") { [self] in
        SignalMask.blockAll()
        if let inotify = inotify.withLock({ $0.take() }) {
          var work = CgroupWork(plan, inotify, feed: feed, requests: requests, control: control)
          work.run()
        }
        control.noteEnd()
      }
    } catch {
      control.noteEnd()
      throw .noThread(.cgroup, "\(error)")
    }
    // Who is told that the agent watches may make a cgroup at once.
    for _ in 0..<Self.patienceMilliseconds where !control.isWatching && !control.hasEnded {
      Clock.sleep(milliseconds: 1)
    }
  }

  /// How long `start` waits for the first look at everything, which takes a few milliseconds with a hundred cgroups.
  private static let patienceMilliseconds = 200

  func stop(milliseconds: Int) {
    control.stop()
    for _ in 0..<max(1, milliseconds / 5) where !control.hasEnded { Clock.sleep(milliseconds: 5) }
  }
}
