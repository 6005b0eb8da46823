import Alerts
import Events
import Glibc
import Host
import Synchronization
import System
import SystemPackage
import Testing

@testable import Monitor

@Suite struct LateAlertsTests {
  private static let mark = LateAlerts.makeMark()

  private func alert(_ message: String) -> Alert {
    Alert(
      rule: AlertRule(name: "r", priority: .notice), timeNanoseconds: 1, hostname: "h",
      message: Array(message.utf8) + Self.mark + Array(" end".utf8),
      outputFields: [AlertField(LateAlerts.field, .bytes(Self.mark)), AlertField("proc.pid", .signed(1))])
  }

  /// Alerts appended one after the other, as they left.
  private func sent(
    sizeLimit: UInt64 = 1 << 30, _ body: (LateAlerts) throws -> Void
  ) throws -> (alerts: [Alert], missed: UInt64) {
    let sent = Mutex<[Alert]>.Box([])
    let late = try LateAlerts(mark: Self.mark) { alert in sent.value.withLock { $0.append(alert) } }
    try late.start { answered throws(Errno) in
      try ProgramHasher(
        root: .live, sizeLimit: sizeLimit, memoryDevice: ProgramFile.memoryDevice(), answered: answered)
    }
    try body(late)
    for _ in 0..<60_000 where sent.value.withLock({ $0.isEmpty }) { Clock.sleep(milliseconds: 1) }
    late.stop(milliseconds: 2000)
    return (sent.value.withLock { $0 }, late.missedHashes)
  }

  private func program(_ pid: Int32) -> HashedProgram {
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(pid)
    _ = directory.read(.stat, into: &buffer)
    return HashedProgram(pid: pid, startTicks: buffer.withBytes { ProcStat(parsing: $0)?.startTicks } ?? 0)
  }

  @Test("the hash of a running program is what sha256sum says, in the text and in the fields")
  func hash() throws {
    let child = try Child(["/bin/sleep", "600"])
    var (alerts, missed): ([Alert], UInt64) = ([], 1)
    // Who hashes does so when nobody else wants the processor, and an alert waits for a moment only.
    for _ in 1...40 where missed > 0 {
      (alerts, missed) = try sent { $0.append(alert("sleep "), of: program(child.pid)) }
    }
    child.end()
    let expected = try SpawnedProcess(["/usr/bin/sha256sum", "/bin/sleep"]).finish().lines[0].prefix(64)
    #expect(alerts.count == 1)
    #expect(String(decoding: alerts[0].message, as: UTF8.self) == "sleep \(expected) end")
    #expect(alerts[0].outputFields[0].value == .text(String(expected)))
    #expect(alerts[0].outputFields[1].value == .signed(1))
    #expect(missed == 0)
  }

  @Test(
    "a program on an overlay that anybody could have mounted is not read: its lower directories may be served by anybody",
    .enabled(
      if: Child.canMountBusybox, "mounting wants root, and busybox-static"))
  func overlay() throws {
    let tree = try HostTree()
    try tree.write("", to: "lower/file")
    let child = try Child([
      "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc",
      """
      cd "$0"; mount -t tmpfs none .; cd "$0"; mkdir lower upper work merged; cp /bin/busybox lower
      mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none merged; exec merged/busybox sleep 60
      """, tree.host.path("/lower"),
    ])
    defer { child.end() }
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(child.pid)
    var isRunning = false
    for _ in 0..<60_000 where !isRunning {
      isRunning =
        directory.read(.exe, into: &buffer).isRead
        && buffer.withBytes { bytes in
          String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self).hasSuffix("/merged/busybox")
        }
      Clock.sleep(milliseconds: 1)
    }
    #expect(isRunning)
    let (alerts, missed) = try sent { $0.append(alert(""), of: program(child.pid)) }
    #expect(alerts.map(\.outputFields[0].value) == [nil])
    #expect(missed == 1)
  }

  @Test(
    "alerts leave in the order in which they came, those that want no hash behind those that wait for one")
  func order() throws {
    let child = try Child(["/bin/sleep", "600"])
    let one = program(child.pid)
    let (alerts, _) = try sent { late in
      for number in 0..<20 { late.append(alert("\(number) "), of: number % 3 == 0 ? one : nil) }
    }
    child.end()
    let numbers = alerts.map {
      String(decoding: $0.message.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }
    #expect(numbers == (0..<20).map(String.init))
  }

  @Test(
    "of a process that is gone, is another one by now, or runs too large a program, there is no hash, counted"
  )
  func missing() throws {
    let child = try Child(["/bin/sleep", "600"])
    var other = program(child.pid)
    other.startTicks += 1000
    let renamed = HashedProgram(
      pid: child.pid, startTicks: program(child.pid).startTicks, path: Array("/x".utf8))
    let gone = HashedProgram(pid: 0x3FFF_FFFF, startTicks: 1)
    for program in [other, renamed, gone] {
      let (alerts, missed) = try sent { $0.append(alert(""), of: program) }
      #expect(alerts.map(\.outputFields[0].value) == [nil])
      #expect(alerts.map { String(decoding: $0.message, as: UTF8.self) } == ["<NA> end"])
      #expect(missed == 1)
    }
    let (alerts, missed) = try sent(sizeLimit: 100) { $0.append(alert(""), of: program(child.pid)) }
    #expect(alerts.map(\.outputFields[0].value) == [nil])
    #expect(missed == 1)
    child.end()
  }

  @Test("an alert waits for a hash no longer than a fifth of a second, and memory is bounded")
  func late() throws {
    let sent = Mutex<Int>.Box(0)
    // No hasher: nobody ever answers, as when both of its threads are held.
    let late = try LateAlerts(mark: Self.mark) { _ in sent.value.withLock { $0 += 1 } }
    for _ in 0..<LateAlerts.limit + 10 { late.append(alert(""), of: HashedProgram(pid: 1, startTicks: 1)) }
    #expect(sent.value.withLock { $0 } == 10)
  }
}
