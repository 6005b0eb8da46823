import Events
import Glibc
import Synchronization
import System
import SystemPackage
import Testing

@testable import Alerts

private let hasLandlock: Bool = (try? Confinement.version()) != nil

/// Outputs whose threads are under Landlock, as those of every `Delivery` are, while files come and go around them.
@Suite(.enabled(if: hasLandlock, "this kernel has no Landlock, or it is switched off"))
struct ConfinedDeliveryTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Waits, as the agent's engine does, until the condition holds.
  private func tick(_ delivery: Delivery, until condition: () throws -> Bool) rethrows {
    for _ in 0..<600 {
      delivery.tick()
      if try condition() { return }
      usleep(50_000)
    }
    #expect(try condition())
  }

  private func delivery(_ sink: SinkSettings, journal: Journal = Journal()) throws -> Delivery {
    var options = DeliveryOptions()
    options.maximumBackoffMilliseconds = 200
    return try Delivery(
      outputs: [Output(named: "o", sink: sink, format: TextFormat(), options: options)], journal: journal)
  }

  @Test("what each kind of output is left: its own files and ports")
  func needs() {
    var file = FileSinkOptions(path: "/var/log/wh/alerts")
    #expect(SinkSettings.file(file).confinement(journal: nil).changeable == ["/var/log/wh"])
    file.path = "alerts"
    #expect(SinkSettings.file(file).confinement(journal: nil).changeable == ["."])
    #expect(SinkSettings.stdout.confinement(journal: "/j").readable == ["/sys/devices/system/cpu", "/j"])
    #expect(SinkSettings.stdout.confinement(journal: nil).ports == [])

    let targets = [SyslogTarget(host: "a", port: 601), SyslogTarget(host: "b", port: 20_514)]
    let remote = RemoteSyslogOptions(targets: targets)
    #expect(SinkSettings.udp(remote).confinement(journal: nil).ports == [53])
    #expect(SinkSettings.tcp(remote).confinement(journal: nil).ports == [53, 601, 20_514])
    var tls = TLSOptions()
    tls.keyFile = "/k"
    for settings in [SinkSettings.tls(remote, tls), .relp(remote, tls)] {
      let confinement = settings.confinement(journal: nil)
      #expect(confinement.readable.contains("/k") && confinement.readable.contains("/etc/resolv.conf"))
      #expect(!confinement.readable.contains(""))
      #expect(confinement.ports == [53, 601, 20_514] && confinement.changeable.isEmpty)
    }
  }

  @Test("directories of certificates are left with what their links lead to; OpenSSL takes a list of them")
  func authorities() {
    var http = HTTPOptions(urls: ["https://a/"])
    #expect(SinkSettings.http(http).confinement(journal: nil).readableWithLinks.contains("/etc/ssl/certs"))
    http.tls.authorityDirectory = "/ca"
    let confinement = SinkSettings.http(http).confinement(journal: nil)
    #expect(confinement.readableWithLinks.contains("/ca") && !confinement.readable.contains("/ca"))
    #expect(Confinement.directories(inList: "/a::/b/c:") == ["/a", "/b/c"])
  }

  @Test(
    "the port of a URL is known as libcurl knows it",
    arguments: [
      ("http://a/", false, 80), ("https://a?x", false, 443), ("HTTP://a:8080/b:1", false, 8080),
      ("https://[2001:db8::1]/", false, 443), ("https://[::1]:2801", false, 2801),
      ("http://proxy", true, 1080), ("proxy", true, 1080), ("proxy:3128", true, 3128),
      ("https://user:word@proxy", true, 443), ("socks5h://user:word@proxy:99", true, 99),
    ])
  func ports(url: String, isProxy: Bool, port: UInt16) {
    #expect(HTTPOptions.port(of: url, isProxy: isProxy) == port)
  }

  @Test("an output to a proxy connects to that alone, and one whose port nobody knows is not limited")
  func proxies() {
    var options = HTTPOptions(urls: ["https://a/", "http://b:2801/"])
    #expect(options.ports == [443, 2801])
    options.proxy = "http://proxy:3128"
    #expect(options.ports == [3128])
    options.proxy = "gopher://proxy"
    #expect(options.ports == nil)
  }

  @Test(
    "a sink sees what it was left and nothing else, and where that cannot be had it delivers all the same")
  func confining() throws {
    let file = FilePath(try directory.write("x", to: "file"))
    let confinement = SinkSettings.file(FileSinkOptions(path: file.string)).confinement(journal: nil)
    for (isPossible, passwords) in [(true, EACCES), (false, 0)] {
      let journal = Journal()
      let runner = try SinkRunner(named: "probe", journal: journal)
      let seen = Mutex<[Int32]>([])
      let box = Box(seen)
      try runner.start(
        format: TextFormat(),
        confine: { () throws(Errno) in
          guard isPossible else { throw .noFunction }
          return try confinement.enter()
        }
      ) { ProbingSink(box, ["/etc/passwd", file.string]) }
      journal.append(Sample.shell)
      #expect(runner.stop(deadlineMilliseconds: 20_000))
      #expect(box.seen.withLock { $0 } == [passwords, 0])
      #expect(runner.status.unconfined == (isPossible ? nil : "\(Errno.noFunction)"))
    }
  }

  @Test("a directory of certificates with more links than are followed is named in the sink's status")
  func manyLinks() throws {
    let (links, file) = (directory.path.appending("links"), FilePath(try directory.write("x", to: "file")))
    Disk.mkdir(links)
    for number in 0...Confinement.linkLimit { Disk.symlink(file, at: links.appending("\(number).0")) }
    var confinement = Confinement()
    confinement.readableWithLinks = [links]
    let (journal, box) = (Journal(), Box(Mutex([])))
    let runner = try SinkRunner(named: "probe", journal: journal)
    let confine = confinement
    try runner.start(
      format: TextFormat(), confine: { () throws(Errno) in try confine.enter() },
      makeSink: { ProbingSink(box, [file.string]) })
    journal.append(Sample.shell)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    let told = try #require(runner.status.unfollowedLinks.first)
    #expect(told.hasPrefix("of the links in \(links) 1 are not followed, as it has more than 4096"))
    #expect(runner.status.unfollowedLinks.count == 1 && runner.status.unconfined == nil)
  }

  /// What a sink found.
  private final class Box: Sendable {
    let seen: Mutex<[Int32]>
    init(_ seen: consuming Mutex<[Int32]>) { self.seen = seen }
  }

  /// Tries to read files as it is opened.
  private struct ProbingSink: Sink {
    static let name = "probe"
    private let box: Box
    private let paths: [String]
    private(set) var settled: UInt64 = 0

    init(_ box: Box, _ paths: [String]) { (self.box, self.paths) = (box, paths) }

    mutating func open() throws(SinkError) {
      let results = paths.map { path in
        // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        Glibc.close(descriptor)
        return Int32(0)
      }
      box.seen.withLock { $0 = results }
    }
    mutating func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
      settled = alerts.last?.sequence ?? settled
    }
    mutating func close() {}
  }

  @Test("a file is rotated, opened anew on request, and found again after its directory was made anew")
  func files() throws {
    let logs = directory.path.appending("logs")
    let path = logs.appending("alerts")
    var options = FileSinkOptions(path: path.string)
    options.rotation.maximumBytes = 200
    // The directory comes later.
    let delivery = try delivery(.file(options))
    try delivery.start {}
    delivery.append(Sample.shell)
    for _ in 0..<2000 where delivery.status.sinks[0].failures == 0 { usleep(10_000) }
    Disk.mkdir(logs)
    tick(delivery) { delivery.status.sinks[0].delivered == 1 }
    for number in 2...5 { delivery.append(Sample.numbered(number)) }
    tick(delivery) { delivery.status.sinks[0].delivered == 5 }
    #expect(try Directory.names(in: logs).contains("alerts.1"))
    let failures = delivery.status.sinks[0].failures

    Disk.rename(path, to: logs.appending("alerts.old"))
    delivery.reopen()
    delivery.append(Sample.numbered(6))
    tick(delivery) { delivery.status.sinks[0].delivered == 6 }
    #expect(try contents(of: path) == TextFormat().text(Sample.numbered(6)) + "\n")

    Disk.rename(logs, to: directory.path.appending("logs.old"))
    Disk.mkdir(logs)
    // A sink looks once a second whether its file is in its place.
    usleep(1_100_000)
    delivery.append(Sample.numbered(7))
    tick(delivery) { delivery.status.sinks[0].delivered == 7 }
    #expect(try contents(of: path) == TextFormat().text(Sample.numbered(7)) + "\n")
    #expect(delivery.status.sinks[0].failures == failures, "a thread that is confined anew is no failure")
    #expect(delivery.status.sinks[0].unconfined == nil)
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
  }

  @Test("alerts that are no longer in memory are read from the journal's directory")
  func journal() throws {
    var storage = JournalStorage(directory: directory.path.appending("journal").string)
    storage.limits.sync = .never
    let journal = try Journal(storage: storage, limits: JournalLimits(entries: 10))
    let file = directory.path.appending("logs/alerts")
    let delivery = try delivery(.file(FileSinkOptions(path: file.string)), journal: journal)
    try delivery.start {}
    for number in 1...300 {
      delivery.append(Sample.numbered(number))
      while let stored = journal.status.storage?.storedThrough, stored + 8 < UInt64(number) { usleep(200) }
    }
    Disk.mkdir(file.removingLastComponent())
    tick(delivery) { delivery.status.sinks[0].delivered == 300 }
    #expect(delivery.status.sinks[0].missed == 0)
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
  }

  /// A confined runner with an open sink, whose file was replaced since.
  private func outdated(_ record: ScriptedSink.Record, journal: Journal) throws -> SinkRunner {
    let file = FilePath(try directory.write("x", to: "file"))
    var confinement = Confinement()
    confinement.readable = [file]
    let runner = try SinkRunner(named: "outdated", journal: journal)
    try runner.start(
      format: TextFormat(), confine: { [confinement] () throws(Errno) in try confinement.enter() }
    ) { ScriptedSink(record) }
    for _ in 0..<2000 where runner.status.state != .open { usleep(10_000) }
    try directory.write("y", to: "new")
    Disk.rename(directory.path.appending("new"), to: file)
    return runner
  }

  @Test(
    "a file that is replaced beneath an open sink is found within a minute, though nothing is sent or fails")
  func looking() throws {
    let (journal, record) = (Journal(), ScriptedSink.Record([]))
    let runner = try outdated(record, journal: journal)
    var time = Clock.monotonicNanoseconds
    for _ in 0..<2000 where record.state.withLock({ $0.opens }) < 2 {
      runner.renew(at: time)
      time += 60_000_000_000
      usleep(10_000)
    }
    journal.append(Sample.shell)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.state.withLock { $0.opens } == 2)
    #expect(record.sequences == [1] && runner.status.failures == 0)
  }

  @Test("a stop delivers what a thread left that has ended because its files were replaced")
  func stopping() throws {
    let (journal, record) = (Journal(), ScriptedSink.Record([.fine, .fail]))
    let runner = try outdated(record, journal: journal)
    journal.append(Sample.shell)
    for _ in 0..<2000 where runner.status.state != .waiting { usleep(10_000) }
    #expect(runner.status.lag == 1)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == [1] && runner.status.failures == 0 && runner.status.state == .stopped)
  }

  @Test("no thread hands over once the end was asked for") func late() {
    let control = DeliveryControl()
    #expect(control.handOver(DeliveryProgress()) && control.isOutdated)
    control.resume()
    control.stop(deadline: 1)
    #expect(!control.handOver(DeliveryProgress()) && !control.isOutdated && !control.hasEnded)
  }

  @Test(
    "an authority is found in a directory whose links lead out of it",
    .enabled(if: TLSFront.isPossible, "needs socat and openssl (Debian packages of these names)"))
  func links() throws {
    let authority = try Certificates()
    let authorities = directory.path.appending("authorities")
    Disk.mkdir(authorities)
    Disk.symlink(FilePath(authority.authorityFile), at: authorities.appending("a.pem"))
    _ = try Program("/usr/bin/openssl", ["rehash", authorities.string]).finish()
    let receiver = try HTTPReceiver()
    let front = try TLSFront(
      to: receiver.port, try authority.certificate(named: "receiver", for: ["IP:127.0.0.1"]))
    var http = HTTPOptions(urls: ["https://127.0.0.1:\(front.port)/"])
    http.tls.authorityDirectory = authorities.string
    let delivery = try delivery(.http(http))
    try delivery.start {}
    delivery.append(Sample.shell)
    tick(delivery) { delivery.status.sinks[0].delivered == 1 }
    #expect(delivery.status.sinks[0].failures == 0 && delivery.status.sinks[0].unconfined == nil)
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
  }

  @Test("a token that was replaced by another file is read, as an orchestrator replaces it")
  func token() throws {
    let receiver = try HTTPReceiver()
    var http = HTTPOptions(urls: ["http://localhost:\(receiver.port)/"])
    http.tokenFile = try directory.write("first", to: "token", permissions: [.ownerReadWrite])
    let delivery = try delivery(.http(http))
    try delivery.start {}
    delivery.append(Sample.numbered(1))
    tick(delivery) { delivery.status.sinks[0].delivered == 1 }
    try directory.write("second", to: "new", permissions: [.ownerReadWrite])
    Disk.rename(directory.path.appending("new"), to: FilePath(http.tokenFile))
    delivery.append(Sample.numbered(2))
    tick(delivery) { delivery.status.sinks[0].delivered == 2 }
    #expect(receiver.requests.map { $0.headers["authorization"] } == ["Bearer first", "Bearer second"])
    #expect(delivery.status.sinks[0].failures == 0 && delivery.status.sinks[0].unconfined == nil)
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
  }

  @Test(
    "certificates that were replaced by other files are read for the next connection",
    .enabled(if: Certificates.canBeMade, "openssl is not installed (Debian package openssl)"))
  func certificates() throws {
    let (first, second) = (try Certificates(), try Certificates(authority: "second"))
    let authority = directory.path.appending("authority.pem")
    _ = try Program("/bin/cp", [first.authorityFile, authority.string]).finish()
    // Freed again for the server: a moment in which another could take it.
    let port = try NetworkReceiver(isStream: true).port
    var server = try Self.server(first, port)
    var options = RemoteSyslogOptions(targets: [SyslogTarget(host: "localhost", port: port)])
    options.resendWindowSeconds = 1
    var tls = TLSOptions()
    tls.authorityFile = authority.string
    let delivery = try delivery(.tls(options, tls))
    try delivery.start {}
    delivery.append(Sample.numbered(1))
    try server.outputLine { $0.contains("number 1") }

    // The receiver comes back with a certificate of another authority, and ours is told so.
    server.signal(SIGTERM)
    _ = try server.finish()
    _ = try Program("/bin/cp", [second.authorityFile, authority.string + ".new"]).finish()
    Disk.rename(FilePath(authority.string + ".new"), to: authority)
    server = try Self.server(second, port)
    delivery.append(Sample.numbered(2))
    tick(delivery) { delivery.status.sinks[0].sentThrough == 2 }
    try server.outputLine { $0.contains("number 2") }
    #expect(delivery.status.sinks[0].unconfined == nil)
    delivery.stop(deadlineMilliseconds: 5000)
  }

  /// openssl's own server, which prints what it receives.
  private static func server(_ authority: Certificates, _ port: UInt16) throws -> Program {
    let own = try authority.certificate(named: "receiver", for: ["DNS:localhost", "IP:127.0.0.1"])
    let program = try Program(
      "/usr/bin/openssl",
      ["s_server", "-accept", "\(port)", "-cert", own.file, "-key", own.key], input: nil)
    try program.outputLine { $0.hasPrefix("ACCEPT") }
    return program
  }
}
