import Host
import Model
import System

/// Notices what is done to the agent itself: that it did not run for a while, and that somebody traces it. The engine's
/// thread only, which never sleeps for longer than a second.
///
/// Who stops the agent, freezes its cgroup or lets it starve blinds every rule, and nothing says so while it lasts. A
/// machine that sleeps is none of that: its monotonic clock stands still.
struct SelfWatch {
  /// A gap between two looks of the engine that no sleep of its own explains.
  static let patienceNanoseconds: UInt64 = 3_000_000_000
  private static let lookNanoseconds: UInt64 = 5_000_000_000
  /// So much of a pause its cgroup must have been frozen or throttled to be the reason; of a delay, for which the agent
  /// runs now and then, half as much.
  private static let shareOfPause: UInt64 = 2
  private static let shareOfDelay: UInt64 = 4

  /// CLOCK_MONOTONIC nanoseconds at which the engine ran last.
  private var lastRun: UInt64
  private var nextLook: UInt64
  private var waited: UInt64?
  private var tracer: Int32 = 0
  private let cgroups: OwnCgroups
  /// The two last looks at the own cgroups, the older one first.
  private var looks: [(time: UInt64, restraint: OwnCgroups.Restraint)]

  init(now: UInt64, cgroups: OwnCgroups = OwnCgroups()) {
    lastRun = now
    nextLook = now
    waited = Self.waitedNanoseconds()
    self.cgroups = cgroups
    looks = [(now, cgroups.look())]
  }

  /// The engine runs; it did since the last call but for its own sleep.
  /// - Returns: the pause that has just ended, in CLOCK_MONOTONIC nanoseconds.
  mutating func runs(at now: UInt64) -> AgentPause? {
    defer { lastRun = now }
    guard now > lastRun + Self.patienceNanoseconds else { return nil }
    let before = waited
    waited = Self.waitedNanoseconds()
    let share = before.flatMap { before in waited.map { $0 - min($0, before) } }
    let known = looks[looks.count - 1].restraint
    let came = lookAtCgroups(now).since(known)
    let least = (now - lastRun) / Self.shareOfPause
    return AgentPause(
      from: lastRun, to: now, waited: share,
      restraint: came.frozen > least ? .frozen : came.throttled > least ? .throttled : nil)
  }

  /// What was done to the own cgroups in the last seconds, in which the agent ran too little.
  mutating func restraint(at now: UInt64) -> AgentRestraint? {
    let since = looks[0]
    let came = lookAtCgroups(now).since(since.restraint)
    return came.throttled > (now - min(now, since.time)) / Self.shareOfDelay ? .throttled : nil
  }

  private mutating func lookAtCgroups(_ now: UInt64) -> OwnCgroups.Restraint {
    let restraint = cgroups.look()
    looks = [looks[looks.count - 1], (now, restraint)]
    return restraint
  }

  /// About once a second.
  /// - Returns: who traces a thread of the agent, when that is news.
  mutating func newTracer(_ now: UInt64) -> Int32? {
    waited = Self.waitedNanoseconds()
    guard now >= nextLook else { return nil }
    nextLook = now + Self.lookNanoseconds
    _ = lookAtCgroups(now)
    let found = Self.tracerOfThreads()
    guard found != 0 else {
      tracer = 0
      return nil
    }
    return isNews(found) ? found : nil
  }

  /// Whether a tracer is another than the one that is known.
  mutating func isNews(_ tracer: Int32) -> Bool {
    defer { self.tracer = tracer }
    return tracer != 0 && tracer != self.tracer
  }

  /// Who traces a thread of this process; 0 for nobody. A debugger may take a single thread. See ptrace(2).
  private static func tracerOfThreads() -> Int32 {
    for thread in (try? OwnProc.numbers(in: "/proc/self/task")) ?? [] {
      guard let status = try? OwnProc.text("/proc/self/task/\(thread)/status") else { continue }
      let line = status.split(separator: "\n").first { $0.hasPrefix("TracerPid:") }
      if let tracer = line?.split(separator: "\t").last.flatMap({ Int32($0) }), tracer != 0 { return tracer }
    }
    return 0
  }

  /// For how long the calling thread has waited for a processor since it was started. See proc_pid_schedstat(5).
  private static func waitedNanoseconds() -> UInt64? {
    guard let words = try? OwnProc.text("/proc/thread-self/schedstat").split(separator: " "), words.count > 1
    else { return nil }
    return UInt64(words[1])
  }
}
