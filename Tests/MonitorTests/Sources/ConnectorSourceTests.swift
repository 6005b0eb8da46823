import CLinux
import Events
import Glibc
import Host
import Model
import Synchronization
import System
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
      source.stop(milliseconds: 2000)
      control.stop()
      engine.join()
    }
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
      Clock.sleep(milliseconds: 300)
    }
    let sights = rig.sights.value.withLock { $0 }
    let execs = sights.filter { $0.kind == .executed && children[$0.pid] != nil }
    #expect(execs.count == 300)
    #expect(sights.filter { $0.kind == .exited && children[$0.pid] != nil }.count == 300)
    let own = execs.filter { sight in
      guard let mark = children[sight.pid], let arguments = sight.arguments else { return false }
      return arguments == Array("/bin/true\0\(mark)\0".utf8)
    }
    // On a machine that other tests keep busy a reader may get no processor in time; that too must be counted.
    let losses = rig.source.feed.losses.all
    let counted = losses.filter { !$0.key.reason.ordersSweep }.values.reduce(0, +)
    #expect(own.count + Int(counted) >= 300, "\(own.count) seen; counted: \(losses)")
    #expect(losses.allSatisfy { !$0.key.reason.ordersSweep }, "\(losses)")
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
      Clock.sleep(milliseconds: 300)
    }
    let sights = rig.sights.value.withLock { $0 }.filter { $0.kind == .executed }
    let later = sights.filter { $0.arguments?.starts(with: Array("/bin/true\0mark-".utf8)) == true }
    #expect(later.count >= 300 - Int(rig.source.feed.losses.all.values.reduce(0, +)))
    #expect(later.allSatisfy { $0.name == "true" }, "\(later.filter { $0.name != "true" })")
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
      Clock.sleep(milliseconds: 300)
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
      Clock.sleep(milliseconds: 300)
    }
    // A fork and an exit of each, and a name.
    #expect(rig.source.passedOver["of threads"] ?? 0 >= 150)
    let threads = Set(started.value.withLock { $0 })
    #expect(threads.count > 1)
    #expect(rig.sights.value.withLock { !$0.contains { threads.contains($0.pid) } })
  }
}
