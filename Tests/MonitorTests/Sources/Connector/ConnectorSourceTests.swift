import CLinux
import Events
import Glibc
import Host
import Model
import Synchronization
import System
import SystemPackage
import Testing

@testable import Monitor

@Suite(.serialized) struct ConnectorSourceTests {
  /// Sources, engine and what the engine handed on.
  private struct Rig {
    let source: ConnectorSource
    let control = EngineControl()
    let sights = Mutex<[Collector.Sight]>.Box([])
    let feeds: EngineFeeds

    init(needs: Needs) throws {
      let surroundings = try Surroundings()
      source = try ConnectorSource(
        SourceSetting(root: .live, needs: needs, surroundings: surroundings))
      feeds = EngineFeeds(
        prompt: [source.feed], settling: [], bell: surroundings.bell, mail: surroundings.mail,
        sweepRequest: nil)
    }

    /// Waits until a process that was started after all the others was seen to end; one may be lost.
    private func settle() throws {
      for _ in 0..<30 {
        let last = try Child(["/bin/true"])
        last.wait()
        for _ in 0..<2000 {
          if sights.value.withLock({ $0.contains { $0.pid == last.pid && $0.kind == .exited } }) { return }
          Clock.sleep(milliseconds: 1)
        }
      }
      Issue.record("nothing is seen any more")
    }

    func run(_ body: () throws -> Void) throws {
      let settings = Model.Settings(startStamp: Clock.monotonicNanoseconds, hostNamespaces: .unknown)
      let (feeds, sights, control) = (feeds, sights, control)
      let engine = try NamedThread("engine") {
        var engine = Engine(
          feeds: feeds, settings: settings, host: .unknown, handler: Collector(sights: sights))
        engine.run(control)
      }
      try source.start()
      try body()
      try settle()
      source.stop(milliseconds: 2000)
      control.stop()
      engine.join()
    }
  }

  /// How many happenings are lost to it, that nobody can tell which.
  private static func unseen(_ source: ConnectorSource) -> Int {
    let losses = source.feed.losses.all.filter { $0.key.reason.ordersSweep && $0.key.reason != .readerEnded }
    return Int(losses.values.reduce(0, +))
  }

  @Test(
    "every one of 300 short-lived processes is seen to start, execute and end, with its own arguments or counted",
    .enabled(if: getuid() == 0, "the process connector is tested as root"))
  func shortLived() throws {
    let rig = try Rig(needs: [.arguments, .exe])
    var children: [Int32: String] = [:]
    try rig.run {
      for number in 0..<300 {
        let child = try Child(["/bin/true", "mark-\(number)"])
        children[child.pid] = "mark-\(number)"
        child.wait()
      }
    }
    let sights = rig.sights.value.withLock { $0 }
    let execs = sights.filter { $0.kind == .executed && children[$0.pid] != nil }
    // A number may be given again, to a process of others too; and where this one got no processor all may be lost,
    // counted.
    let unseen = Self.unseen(rig.source)
    #expect(Set(execs.map(\.pid)).count + unseen >= children.count, "\(unseen) unseen")
    let exits = sights.filter { $0.kind == .exited && children[$0.pid] != nil }
    #expect(Set(exits.map(\.pid)).count + unseen >= children.count, "\(unseen) unseen")
    let own = execs.filter { sight in
      guard let mark = children[sight.pid], let arguments = sight.arguments else { return false }
      return arguments == Array("/bin/true\0\(mark)\0".utf8)
    }
    // On a machine that other tests keep busy a reader may get no processor in time; that too must be counted.
    let losses = rig.source.feed.losses.all
    let counted = losses.values.reduce(0, +)
    #expect(own.count + Int(counted) >= children.count, "\(own.count) seen; counted: \(losses)")
  }

  @Test(
    "a process that executes twice is never told of with the name of one program and the arguments of the other",
    .enabled(if: getuid() == 0, "the process connector is tested as root"))
  func twice() throws {
    let rig = try Rig(needs: [.arguments, .exe])
    try rig.run {
      for number in 0..<300 {
        let child = try Child(["/bin/sh", "-c", "exec /bin/true mark-\(number)"])
        child.wait()
      }
    }
    let sights = rig.sights.value.withLock { $0 }.filter { $0.kind == .executed }
    let later = sights.filter { $0.arguments?.starts(with: Array("/bin/true\0mark-".utf8)) == true }
    #expect(later.count >= 300 - Int(rig.source.feed.losses.all.values.reduce(0, +)))
    #expect(later.allSatisfy { $0.name == "true" }, "\(later.filter { $0.name != "true" })")
  }

  @Test(
    "a subscription that breaks in a storm is replaced, and each process of the storm is told of or counted as lost",
    .enabled(if: getuid() == 0, "the process connector is tested as root"),
    arguments: ConnectorDamage.allCases)
  func damaged(_ damage: ConnectorDamage) throws {
    let rig = try Rig(needs: [.arguments])
    var (before, meanwhile, after): ([Int32], [Int32], [Int32]) = ([], [], [])
    var damagedAt: UInt64 = 0
    func start() throws -> Int32 {
      let child = try Child(["/bin/true"])
      child.wait()
      return child.pid
    }
    try rig.run {
      for _ in 0..<50 { before.append(try start()) }
      damagedAt = Clock.monotonicNanoseconds
      try damage.inflict(on: rig.source.subscriptions.current)
      while rig.source.subscriptions.replacements == 0,
        Clock.monotonicNanoseconds < damagedAt + 60_000_000_000
      {
        meanwhile.append(try start())
        Clock.sleep(milliseconds: 5)
      }
      // Those that are told of by a later message of the same processor alone are among these.
      for _ in 0..<100 { after.append(try start()) }
    }
    let seen = Set(rig.sights.value.withLock { $0 }.filter { $0.kind == .executed }.map(\.pid))
    let losses = rig.source.feed.losses.all
    #expect(losses[.init(reason: .readerEnded, kind: nil)] ?? 0 >= 1, "\(losses)")
    #expect(rig.source.subscriptions.replacements >= 1)
    let status = rig.source.status
    #expect(status.isActive && status.shortcomings.contains { $0.contains("subscribed anew ") })
    let missing = (before + meanwhile + after).count { !seen.contains($0) }
    let counted = Self.unseen(rig.source)
    #expect(missing <= counted, "\(missing) of \(meanwhile.count) are missing; \(losses)")
    #expect(damage == .replaced || missing > 0, "nothing was lost: the damage was none")
    let others = counted - Int(losses[.init(reason: .sequenceGap, kind: nil)] ?? 0)
    #expect(after.count { !seen.contains($0) } <= others, "\(losses)")
  }

  @Test(
    "a subscription that hears whatever there is to hear is not replaced, however quiet the host",
    .enabled(if: getuid() == 0, "the process connector is tested as root"))
  func quiet() throws {
    let rig = try Rig(needs: [.arguments])
    try rig.run { Clock.sleep(milliseconds: UInt32(ConnectorSource.patienceMilliseconds) * 2 + 1000) }
    #expect(rig.source.subscriptions.replacements == 0)
    #expect(rig.source.feed.losses.all[.init(reason: .readerEnded, kind: nil)] == nil)
  }

  @Test(
    "the reserve takes over first, then one that is made anew; where none can be had the source is off",
    .enabled(if: getuid() == 0, "the process connector is tested as root"))
  func reserves() throws {
    let made = Mutex<Int>.Box(0)
    let subscriptions = try ConnectorSubscriptions { () throws(HostError) in
      let number = made.value.withLock { made in
        made += 1
        return made
      }
      guard number != 4 else { throw .connector(.cannotOpen(.notPermitted)) }
      return try ProcessConnector(receiveBufferBytes: 1 << 20)
    }
    #expect(made.value.withLock { $0 } == 2)
    let first = subscriptions.current
    let early = subscriptions.replace()
    #expect(early?.isEmpty == true && made.value.withLock { $0 } == 2)
    let second = subscriptions.current
    #expect(second !== first)
    var batch = ConnectorBatch()
    ProcessConnector.knock()
    #expect(second.receive(into: &batch) == .messages)
    subscriptions.settle(isHeard: true)

    #expect(subscriptions.replace() != nil, "one is made")
    #expect(subscriptions.current !== second)
    subscriptions.settle(isHeard: true)
    #expect(subscriptions.replace() == nil, "the fourth is refused")
    subscriptions.settle(isHeard: false)
    #expect(subscriptions.isOff && subscriptions.replacements == 2)
    #expect(subscriptions.replace() != nil)
    subscriptions.settle(isHeard: true)
    #expect(!subscriptions.isOff && subscriptions.replacements == 3)
  }

  @Test(
    "each kind of message becomes an event of its process",
    .enabled(if: getuid() == 0, "the process connector is tested as root"),
    arguments: [
      ("setpriv --reuid=65534 --regid=65534 --clear-groups true", [.groupChanged, .userChanged, .executed]),
      ("setsid true", [.sessionChanged]), ("sh -c 'echo renamed > /proc/self/comm; :'", [.nameChanged]),
      ("sh -c 'kill -SEGV $$'", [.coreDumped]),
    ] as [(String, [EventKind])])
  func kinds(command: String, expected: [EventKind]) throws {
    let rig = try Rig(needs: [.arguments, .exe, .credentials])
    var pid: Int32 = 0
    try rig.run {
      let child = try Child(["/bin/sh", "-c", "exec \(command)"])
      pid = child.pid
      child.wait()
    }
    let kinds = rig.sights.value.withLock { $0.filter { $0.pid == pid }.map(\.kind) }
    #expect(kinds.first == .forked && kinds.last == .exited, "\(kinds)")
    for kind in expected { #expect(kinds.contains(kind), "\(kinds)") }
  }

  @Test(
    "messages about threads are passed over and counted, and are no events",
    .enabled(if: getuid() == 0, "the process connector is tested as root"))
  func threads() throws {
    let rig = try Rig(needs: [.arguments, .exe])
    let started = Mutex<[Int32]>.Box([])
    try rig.run {
      for _ in 0..<50 {
        try NamedThread("passed-over") { started.value.withLock { $0.append(wh_gettid()) } }.join()
      }
    }
    // A fork and an exit of each, and a name.
    #expect(rig.source.passedOver["of threads"] ?? 0 >= 150)
    let threads = Set(started.value.withLock { $0 })
    #expect(threads.count > 1)
    #expect(rig.sights.value.withLock { !$0.contains { threads.contains($0.pid) } })
  }
}
