import Events
import Host
import Model
import Rules
import Synchronization
import System
import Testing

@testable import Monitor

/// The cgroup source with an engine behind it.
final class CgroupRig: Sendable {
  /// An event as it was handed on.
  struct Sight: Sendable, Equatable {
    let kind: EventKind
    let path: String
    let container: String?
    let figures: CgroupFigures
    let cores: Double?
    let counts: [UInt64]
  }

  private struct Collector: EventHandler {
    let rig: CgroupRig

    mutating func handle(_ facts: borrowing LiveFacts) {
      guard let row = facts.event.cgroup else { return }
      var counts: [UInt64] = []
      if case .count(let before, let after) = facts.event.change { counts = [before, after] }
      let sight = Sight(
        kind: facts.event.kind, path: String(decoding: row.path, as: UTF8.self),
        container: facts.event.container.map { String(decoding: $0.id, as: UTF8.self) }, figures: row.figures,
        cores: row.rates.cores, counts: counts)
      rig.sights.withLock { $0.append(sight) }
    }

    mutating func tick(time: UInt64, isLast: Bool) {}
  }

  let source: CgroupSource
  let sights = Mutex<[Sight]>([])
  let surroundings: Surroundings
  private let control = EngineControl()

  init(_ root: HostRoot, needs: Needs = .cgroups, interval: UInt64 = 1) throws {
    surroundings = try Surroundings()
    var settings = CgroupSettings()
    settings.interval = TimeSpan(seconds: interval)
    source = try CgroupSource(
      SourceSetting(root: root, needs: needs, surroundings: surroundings, cgroups: settings))
  }

  /// Runs source and engine while `body` does.
  /// - Parameter startsSource: `false` when it runs already.
  func run(startsSource: Bool = true, _ body: () throws -> Void) throws {
    let feeds = EngineFeeds(
      prompt: [], settling: [source.feed], bell: surroundings.bell, mail: surroundings.mail, sweepRequest: nil
    )
    let settings = Model.Settings(startStamp: Clock.monotonicNanoseconds, hostNamespaces: .unknown)
    let control = control
    let engine = try NamedThread("engine") { [self] in
      var engine = Engine(
        feeds: feeds, settings: settings, host: .unknown, handler: Collector(rig: self))
      engine.run(control)
    }
    if startsSource { try source.start() }
    #expect(wait { source.isWatching })
    let outcome = Result { try body() }
    source.stop(milliseconds: 5000)
    control.stop()
    engine.join()
    try outcome.get()
  }

  /// The events so far of a kind.
  func count(_ kind: EventKind) -> Int { sights.withLock { $0.count { $0.kind == kind } } }

  /// Waits for an event.
  @discardableResult
  func sight(_ kind: EventKind, _ path: String? = nil, where isMet: (Sight) -> Bool = { _ in true }) throws
    -> Sight
  {
    var found: Sight?
    let isThere = wait {
      found = sights.withLock { $0.last { $0.kind == kind && (path == nil || $0.path == path) && isMet($0) } }
      return found != nil
    }
    #expect(isThere, "\(kind) of \(path ?? "any"): \(sights.withLock { $0.map { "\($0.kind) \($0.path)" } })")
    return try #require(found)
  }

  func wait(_ milliseconds: Int = 60_000, until condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<milliseconds {
      if try condition() { return true }
      Clock.sleep(milliseconds: 1)
    }
    return false
  }

  var losses: [LossReason: UInt64] {
    source.feed.losses.all.reduce(into: [:]) { $0[$1.key.reason, default: 0] += $1.value }
  }
}

extension HostTree {
  /// A tree of version 2 with every controller, as a host mounts it.
  func mountUnified() throws {
    try write("28 22 0:25 / /cg rw,nosuid shared:4 - cgroup2 cgroup2 rw\n", to: "/proc/1/mountinfo")
    try write("cpuset cpu io memory pids\n", to: "/cg/cgroup.controllers")
    try write("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n", to: "/proc/pressure/cpu")
  }

  /// A cgroup with the files that a kernel of 6.12 gives it.
  func makeCgroup(_ path: String, files: [String: String] = [:]) throws {
    try makeDirectory("cg" + path)
    var all = [
      "cgroup.events": "populated 0\nfrozen 0\n", "memory.events": "max 0\noom_kill 0\n",
      "memory.events.local": "max 0\noom_kill 0\n", "pids.events": "max 0\n",
      "pids.events.local": "max 0\n", "memory.current": "4096\n", "memory.max": "max\n",
      "pids.current": "1\n",
      "pids.max": "max\n", "cpu.max": "max 100000\n", "io.stat": "",
      "cpu.stat":
        "usage_usec 1000\nuser_usec 1\nsystem_usec 1\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n",
    ]
    for resource in ["cpu", "memory", "io"] {
      all["\(resource).pressure"] = "some avg10=1.50 avg60=0.00 avg300=0.00 total=0\n"
    }
    for (name, text) in all.merging(files, uniquingKeysWith: { $1 }) {
      try write(text, to: "/cg\(path)/\(name)")
    }
  }
}
