import Events
import Glibc
import Host
import Model
import Rules
import Synchronization
import System
import SystemPackage
import Testing

@testable import Monitor

/// After a storm of processes that fork, execute, change and end at random, the table says what `/proc` says.
@Suite(.serialized) struct RandomLifeTests {
  /// What both tell of a process.
  struct Life: Equatable, Sendable, CustomStringConvertible {
    var startTicks: UInt64
    var name: [UInt8]
    var parent: Int32
    var session: Int32
    var users: [UInt32]
    var program: [UInt8]

    var description: String {
      "start \(startTicks), \(String(decoding: name, as: UTF8.self)), parent \(parent), session \(session), "
        + "users \(users), \(String(decoding: program, as: UTF8.self))"
    }
  }

  /// A row of the table.
  struct Portrait: Sendable {
    var life: Life
    var creators: [Int32]
  }

  /// Copies the table whenever a process of this name executes.
  struct Photographer: EventHandler {
    static let name = Array("photograph".utf8)
    let picture: Mutex<[Int32: Portrait]?>.Box

    mutating func handle(_ facts: borrowing LiveFacts) {
      guard facts.event.kind == .executed, facts.event.process?.name == Self.name else { return }
      var picture: [Int32: Portrait] = [:]
      for row in facts.model.table.rows {
        let users = row.users.map { [$0.real, $0.effective, $0.saved, $0.fileSystem] } ?? []
        let life = Life(
          startTicks: row.startTicks, name: row.name, parent: row.parentPID, session: row.session ?? -1,
          users: users, program: row.exePath ?? [])
        picture[row.pid] = Portrait(life: life, creators: row.ancestors.map(\.pid))
      }
      self.picture.value.withLock { $0 = picture }
    }

    mutating func tick(time: UInt64, isLast: Bool) {}
  }

  /// Each process does something at random for a while; those that are left close their standard input and sleep, until
  /// they are ended or ten minutes have passed.
  private static let storm = """
    use POSIX (); srand($ARGV[0]); $SIG{CHLD} = 'IGNORE'; my $depth = 0; alarm 300;
    for my $round (1..60) {
      my $dice = int(rand(10));
      if ($dice < 4 and $depth < 4) {
        my $pid = fork();
        if (defined $pid and $pid == 0) { $depth++; srand($ARGV[0] * 1000 + $depth * 100 + $round); alarm 300 }
      }
      elsif ($dice == 4 and $depth) { exit 0 }
      elsif ($dice == 5) { POSIX::setsid() }
      elsif ($dice == 6 and $depth and $> == 0) { $> = 1 + $round }
      elsif ($dice == 7 and $depth and $> == 0) { POSIX::setuid(1 + $round) }
      elsif ($dice == 8 and $depth and rand() < 0.3) { close(STDIN); exec('/bin/sleep', '600') }
      select(undef, undef, undef, 0.002);
    }
    close(STDIN); sleep 600;
    """

  @Test(
    "the table is what /proc says once the storm has passed",
    .enabled(if: getuid() == 0, "the process connector is tested as root"), arguments: [1, 7, 42])
  func storm(seed: Int) throws { try storm(seed: seed, damage: nil) }

  @Test(
    "the table is what /proc says even if the connector's subscription breaks in the middle of the storm",
    .enabled(if: getuid() == 0, "the process connector is tested as root"),
    arguments: ConnectorDamage.allCases)
  func brokenStorm(by damage: ConnectorDamage) throws { try storm(seed: 3, damage: damage) }

  private func storm(seed: Int, damage: ConnectorDamage?) throws {
    let surroundings = try Surroundings()
    var setting = SourceSetting(root: .live, needs: [.exe, .users, .credentials], surroundings: surroundings)
    let connector = try ConnectorSource(setting)
    setting.others = [.connector]
    let procfs = try ProcfsSource(setting)
    let feeds = EngineFeeds(
      prompt: [connector.feed], settling: [procfs.feed], bell: surroundings.bell, mail: surroundings.mail,
      sweepRequest: surroundings.sweepRequest)
    let picture = Mutex<[Int32: Portrait]?>.Box(nil)
    let control = EngineControl()
    let settings = Model.Settings(startStamp: Clock.monotonicNanoseconds, hostNamespaces: .unknown)
    let engine = try NamedThread("engine") {
      var engine = Engine(
        feeds: feeds, settings: settings, host: .unknown, handler: Photographer(picture: picture))
      engine.run(control)
    }
    try connector.start()
    try procfs.start()
    let mark = "WINDHOVER_LIFE=\(getpid())-\(seed)"
    let root = try Child(["/usr/bin/env", mark, "/usr/bin/perl", "-e", Self.storm, "\(seed)"])
    defer {
      for pid in Self.lives(marked: mark).keys { kill(pid, SIGKILL) }
      root.end()
    }
    if let damage {
      Clock.sleep(milliseconds: 100)
      try damage.inflict(on: connector.subscriptions.current)
      for _ in 0..<60_000 where connector.subscriptions.replacements == 0 { Clock.sleep(milliseconds: 1) }
      #expect(connector.subscriptions.replacements >= 1)
    }
    // What was lost is known from a sweep alone, and so are the parents of those whose creators have ended; when it comes
    // to be is its own affair.
    var comparison = Comparison()
    for _ in 1...30 where !comparison.isEqual {
      surroundings.sweepRequest.request()
      Clock.sleep(milliseconds: 2000)
      comparison = try compare(to: picture, of: mark, below: root.pid)
    }
    connector.stop(milliseconds: 2000)
    procfs.stop(milliseconds: 2000)
    control.stop()
    engine.join()

    #expect(comparison.hasPassed, "the storm had not passed")
    #expect(comparison.lives.count > 3, "only \(comparison.lives.count) are left")
    for (pid, life) in comparison.lives { #expect(comparison.table[pid]?.life == life, "\(pid)") }
    #expect(comparison.ghosts == [], "one that has ended is in the table")
    let losses = connector.feed.losses.all
    #expect(damage == nil || losses.contains { $0.key.reason == .readerEnded }, "\(losses)")
  }

  /// The table beside what `/proc` says.
  private struct Comparison {
    var hasPassed = false
    var lives: [Int32: Life] = [:]
    var table: [Int32: Portrait] = [:]
    /// Rows of processes that are not there any more.
    var ghosts: [Int32] = []

    var isEqual: Bool {
      hasPassed && lives.count > 3 && ghosts.isEmpty && lives.allSatisfy { table[$0.key]?.life == $0.value }
    }
  }

  /// Has the table copied, and looks at `/proc` before and after that.
  private func compare(
    to picture: Mutex<[Int32: Portrait]?>.Box, of mark: String, below root: Int32
  ) throws -> Comparison {
    var comparison = Comparison()
    comparison.lives = Self.lives(marked: mark)
    picture.value.withLock { $0 = nil }
    let photograph =
      "d=$(mktemp -d); ln -s /bin/true $d/\(String(decoding: Photographer.name, as: UTF8.self)); "
    try Child(["/bin/sh", "-c", photograph + "$d/*; rm -r $d"]).wait()
    // Its name may not be read in time: then there is another attempt.
    for _ in 0..<3000 where picture.value.withLock({ $0 == nil }) { Clock.sleep(milliseconds: 1) }
    comparison.table = picture.value.withLock { $0 } ?? [:]
    comparison.hasPassed =
      comparison.lives == Self.lives(marked: mark)
      && comparison.lives.allSatisfy { Self.hasComeToRest($0.key, $0.value) }
    comparison.ghosts = comparison.table.filter { $0.value.creators.contains(root) }.keys
      .filter { comparison.lives[$0] == nil }
    return comparison
  }

  /// Whether a process of the storm has nothing more to do: it is the program that only sleeps, or has closed its standard
  /// input.
  private static func hasComeToRest(_ pid: Int32, _ life: Life) -> Bool {
    life.name == Array("sleep".utf8)
      || (try? Directory.names(in: FilePath("/proc/\(pid)/fd")))?.contains("0") == false
  }

  /// What `/proc` says of the living processes with this variable in their environment.
  private static func lives(marked mark: String) -> [Int32: Life] {
    var lives: [Int32: Life] = [:]
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    guard var listing = try? ProcessListing(root: .live) else { return [:] }
    while let pid = try? listing.next() {
      directory.select(pid)
      guard directory.read(.environ, into: &buffer).isRead, buffer.bytes.text.contains(mark),
        directory.read(.stat, into: &buffer).isRead
      else { continue }
      let stat = buffer.withBytes { bytes in
        ProcStat(parsing: bytes).map { ($0, $0.name.map { bytes[$0] }) }
      }
      guard directory.read(.status, into: &buffer).isRead,
        let user = buffer.withBytes({ ProcStatus(parsing: $0)?.user }),
        directory.read(.exe, into: &buffer).isRead,
        let (stat, name) = stat, !stat.isZombie
      else { continue }
      lives[pid] = Life(
        startTicks: stat.startTicks, name: name, parent: stat.parentPID, session: stat.session,
        users: [user.real, user.effective, user.saved, user.fileSystem], program: buffer.bytes)
    }
    return lives
  }
}

extension ReadBuffer {
  fileprivate var bytes: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }
}

extension [UInt8] {
  fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
