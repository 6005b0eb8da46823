import Events
import Glibc
import Host
import Model
import Synchronization
import System

/// The sweep over `/proc`: a first pass, then a pass now and then that reconciles.
///
/// It needs no privilege, and sees less of other users' processes without. While the connector is healthy a pass each
/// minute is enough; without it the sweep is the only sight, and passes follow each other as closely as 1 % of a core
/// allows. A process's memory can hold its reader, so it reads through a relay as the connector does.
final class ProcfsSource: Source {
  /// Between two passes while the connector tells what happens.
  static let reconcileMilliseconds = 60_000
  /// Between two passes without it: at least, and at most.
  static let pollMilliseconds = 250...10_000

  static let id = SourceID.procfs
  static let costOfAbsence = "processes older than the agent, and changes without an exec, are not seen"

  let feed: RecordFeed
  let request: SweepRequest
  private let root: HostRoot
  private let hasConnector: Bool
  private let relay: ReaderRelay
  private let shared: SharedPlan
  /// Whether the kernel shows what only a process's tracer may see of it.
  private let seesOthers: Bool

  init(_ setting: SourceSetting) throws(SourceError) {
    let (root, surroundings) = (setting.root, setting.surroundings)
    let hasConnector = setting.others.contains(.connector)
    do {
      let first = try ProcessListing(root: root)
      _ = consume first
    } catch {
      throw .unavailable(.procfs, "\(error)")
    }
    self.root = root
    seesOthers = !root.isLive || Self.seesOthers
    self.hasConnector = hasConnector
    feed = RecordFeed(source: .procfs, capacityBytes: 256 << 10, bell: surroundings.bell)
    request = surroundings.sweepRequest
    let shared = SharedPlan()
    self.shared = shared
    do {
      let work = Work(
        root: root, needs: setting.needs, scope: setting.scope, feed: feed, stuck: surroundings.stuck,
        request: request,
        mail: surroundings.mail, containerRequests: surroundings.containerRequests,
        connectorHealth: hasConnector ? surroundings.connectorHealth : nil, shared: shared)
      relay = try ReaderRelay(
        name: "wh-procfs", threadCount: 3, deadlineNanoseconds: ReaderRelay.ordinaryDeadline
      ) { lease in work.run(lease) }
    } catch {
      throw .noThread(.procfs, "\(error)")
    }
  }

  /// Whether the agent keeps the capability that it takes to see other users' processes, whoever it is. Single processes
  /// may be out of its reach nevertheless, as those of another user namespace: what is refused is counted.
  private static var seesOthers: Bool { (try? Capabilities.permitted())?.contains(.sysPtrace) ?? false }

  var status: SourceStatus {
    var shortcomings: [String] = []
    if !seesOthers {
      shortcomings.append(
        "without cap_sys_ptrace: exe, cwd, root and namespaces of other users' processes are not seen")
    }
    if !hasConnector {
      shortcomings.append("without the connector: processes that live shorter than a pass are not seen")
    }
    return SourceStatus(
      source: .procfs, isActive: true, shortcomings: shortcomings,
      details: [hasConnector ? "a pass every 60 s" : "a pass every 250 ms or more, within 1 % of a core"])
  }

  var passedOver: [String: UInt64] { [:] }

  func start() throws(SourceError) {
    do {
      try relay.start()
    } catch {
      throw .noThread(.procfs, "\(error)")
    }
  }

  func stop(milliseconds: Int) {
    request.request()
    relay.stop(milliseconds: milliseconds)
  }
}

/// The plan of the sweep, which its readers share.
private final class SharedPlan: Sendable {
  let plan = Mutex(SweepPlan(rereadLimit: .max))
}

/// What one reader of the sweep does while it holds the lease.
private struct Work: Sendable {
  let root: HostRoot
  let needs: Needs
  let scope: DetailScope
  let feed: RecordFeed
  let stuck: StuckProcesses
  let request: SweepRequest
  let mail: Mail
  let containerRequests: ContainerRequests
  /// `nil` when there is no connector.
  let connectorHealth: ConnectorHealth?
  let shared: SharedPlan

  private var hasConnector: Bool { connectorHealth?.isDeaf == false }

  func run(_ lease: borrowing ReaderLease) {
    var sweep = Sweep(root: root, needs: needs, scope: scope, feed: feed, stuck: stuck)
    sweep.report(containersTo: containerRequests)
    if let held = lease.predecessorStoodAt { sweep.reportStuck(held, lease) }
    var pace = SweepPace(hasConnector: hasConnector)
    var roster = AccountReader(root: root)
    var heap = HeapTrimmer()
    while lease.isCurrent {
      guard let step = lease.commit({ shared.plan.withLock { $0.step() } }) else { return }
      switch step {
      case .list:
        if let accounts = roster.readIfChanged() { sweep.send(accounts, through: mail.accounts, lease) }
        let began = Clock.monotonicNanoseconds
        let pids = sweep.list()
        let noted: Void? = lease.commit {
          shared.plan.withLock { plan in
            if let pids { plan.listed(pids, began: began) } else { plan.listingFailed() }
          }
        }
        guard noted != nil else { return }
      case .glance(let pid):
        sweep.glance(at: pid, lease) { look in
          shared.plan.withLock { ($0.glanced(pid, look), $0.listingNumber) }
        }
      case .endListing(let number, let began): sweep.endListing(number, began: began, lease)
      case .read(let pid): sweep.read(pid, lease)
      case .rest:
        lease.rest()
        // Here, since nobody waits for this thread, and it wakes up about once a minute anyway.
        heap.trimIfDue()
        pace.hasConnector = hasConnector
        let isUrgent = request.wait(milliseconds: pace.intervalMilliseconds())
        guard lease.isCurrent else { return }
        pace.beginPass(isUrgent: isUrgent)
        // While losses go on they ask for pass after pass: each waits for its turn.
        for second in 0..<pace.secondsUntilTurn where lease.isCurrent {
          Clock.sleep(milliseconds: 1000)
          // The request to end looks like one for a sweep, until the lease has gone.
          if second == 0, lease.isCurrent { feed.losses.count(.sweepBudget) }
        }
        let limit = pace.rereadLimit
        _ = lease.commit {
          shared.plan.withLock {
            $0.rereadLimit = limit
            $0.begin()
          }
        }
      }
      pace.breathe()
    }
  }
}
