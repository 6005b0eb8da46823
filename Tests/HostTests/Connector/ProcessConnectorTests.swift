import Glibc
import Synchronization
import System
import SystemPackage
import Testing

@testable import Host

/// Whether it must work here: a failure to open is then a failure, not a reason to skip.
private var isConnectorExpected: Bool {
  var directory = ProcessDirectory(root: .live)
  var buffer = ReadBuffer()
  var namespaces = ProcessNamespaces()
  directory.select(getpid())
  _ = directory.readNamespaces(into: &namespaces, using: &buffer)
  let host = HostNamespaces(root: .live)
  return geteuid() == 0 && [.pid, .user, .net].allSatisfy { host.isHost($0, in: namespaces) == true }
}

@Suite(
  .serialized,
  .enabled(if: isConnectorExpected, "needs root in the initial pid, user and network namespace"))
struct ProcessConnectorTests {
  /// So much that what others start meanwhile fits, however late this thread runs.
  private static let bufferBytes = 64 << 20

  /// Receives until `isDone` says so, or a minute has passed.
  private func collect(
    _ connector: ProcessConnector, until isDone: (ConnectorMessage) -> Bool
  ) throws -> [ConnectorMessage] {
    var batch = ConnectorBatch()
    var messages = connector.earlyMessages
    let deadline = Clock.monotonicNanoseconds + 60_000_000_000
    while !messages.contains(where: isDone) {
      try #require(Clock.monotonicNanoseconds < deadline, "no end of \(messages.count) messages")
      switch connector.receive(into: &batch) {
      case .messages: messages += batch.messages
      case .none: Clock.sleep(milliseconds: 2)
      case .overflow, .failed: Issue.record("lost messages")
      }
    }
    #expect(batch.strangers == 0)
    return messages
  }

  private func isExit(_ message: ConnectorMessage, of pid: Int32) -> Bool {
    guard case .exit = message.event else { return false }
    return message.task.tgid == pid
  }

  @Test("a child's fork, exec, name and exit arrive in order, and none between is lost")
  func life() throws {
    let connector = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
    let before = Clock.monotonicNanoseconds
    let child = try Child(["sh", "-c", "exit 7"])
    let pid = child.pid
    try child.awaitZombie()
    let after = Clock.monotonicNanoseconds
    let messages = try collect(connector) { isExit($0, of: pid) }
    var tracker = SequenceTracker()
    #expect(messages.reduce(0) { $0 + tracker.lost(before: $1) } == 0)
    var kinds: [String] = []
    for message in messages where message.task.tgid == pid {
      #expect(message.isProcess)
      #expect(before < message.stampNanoseconds && message.stampNanoseconds < after)
      switch message.event {
      case .fork(let parent):
        #expect(parent.tgid == getpid())
        kinds.append("fork")
      case .exec: kinds.append("exec")
      case .comm(let name): #expect(name.bytes == Array("sh".utf8))
      case .exit(let status, let parent):
        #expect(status == 7 << 8)
        #expect(parent.tgid == getpid())
        kinds.append("exit")
      default: break
      }
    }
    #expect(kinds == ["fork", "exec", "exit"])
    child.end()
  }

  @Test(
    "an exec wakes who waits for what presses, a fork and an exit do not, and all three are there to receive")
  func pressing() throws {
    let connector = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
    let bell = try EventDescriptor()
    var batch = ConnectorBatch()
    let child = try Child(["sh", "-c", "sleep 0.2"])
    let pid = child.pid
    try child.awaitZombie()
    let isWokenByExec = connector.waitForPressing(or: bell, milliseconds: 60_000)
    #expect(isWokenByExec)
    let messages = try collect(connector) { isExit($0, of: pid) }
    #expect(messages.contains { $0.event == .exec && $0.task.tgid == pid })
    child.end()
    // Others' programs start as well, so one quiet moment of many counts.
    let deadline = Clock.monotonicNanoseconds + 120_000_000_000
    var hasSlept = false
    while !hasSlept, Clock.monotonicNanoseconds < deadline {
      while connector.waitForPressing(or: bell, milliseconds: 0) {}
      // A thread's beginning and end are a fork and an exit.
      (try? NamedThread("forked") {})?.join()
      hasSlept = !connector.waitForPressing(or: bell, milliseconds: 5)
    }
    #expect(hasSlept)
    #expect(connector.receive(into: &batch) == .messages)
    bell.signal()
    let isWokenByBell = connector.waitForPressing(or: bell, milliseconds: 60_000)
    #expect(isWokenByBell)
  }

  @Test("the start that the fork record implies is the one that stat tells, or one above")
  func startTicks() throws {
    let connector = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
    let child = try Child(["sleep", "60"])
    defer { child.end() }
    let pid = child.pid
    func isFork(_ message: ConnectorMessage) -> Bool {
      guard case .fork = message.event else { return false }
      return message.task.tgid == pid
    }
    let fork = try #require(try collect(connector, until: isFork).first(where: isFork))
    let stat = try #require(ProcStat(Fixture.live(.stat, of: pid)))
    // The clocks differ by the time the machine slept; asked one after the other, by a little more, or by much when this
    // thread stood still in between.
    let differences = (0..<100).map { _ in
      let monotonic = Clock.monotonicNanoseconds
      return Clock.bootNanoseconds - monotonic
    }
    let asleep = try #require(differences.min())
    let ticks = (fork.stampNanoseconds + asleep) / (1_000_000_000 / Clock.ticksPerSecond)
    #expect(stat.startTicks == ticks || stat.startTicks + 1 == ticks)
  }

  @Test("a buffer that is too small overflows, and the gaps tell how much was lost")
  func overflow() throws {
    let connector = try ProcessConnector(receiveBufferBytes: 4096)
    #expect(connector.receiveBufferBytes < 64 << 10)
    for _ in 0..<50 { try Child(["true"]).awaitZombie() }
    var batch = ConnectorBatch()
    var tracker = SequenceTracker()
    var (isOverflowed, received, lost) = (false, 0, 0 as UInt64)
    func drain() {
      while true {
        switch connector.receive(into: &batch) {
        case .messages:
          received += batch.messages.count
          for message in batch.messages { lost += tracker.lost(before: message) }
        case .overflow: isOverflowed = true
        case .none: return
        case .failed(let error):
          Issue.record("\(error)")
          return
        }
      }
    }
    drain()
    #expect(isOverflowed)
    // What was lost shows at the next message of the same CPU.
    for _ in 0..<20 {
      try Child(["true"]).awaitZombie()
      drain()
    }
    #expect(lost > 0)
    #expect(received > 0)
  }

  @Test("the buffer is as large as was asked for")
  func buffer() throws {
    #expect(try ProcessConnector(receiveBufferBytes: 16 << 20).receiveBufferBytes == 16 << 20)
  }

  @Test("several threads may read in turn, each with its own batch")
  func handOver() throws {
    let connector = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
    let seen = Mutex(0)
    for _ in 0..<3 {
      let child = try Child(["true"])
      try child.awaitZombie()
      let pid = child.pid
      try NamedThread("connector-test") {
        let isSeen = (try? collect(connector) { isExit($0, of: pid) }) != nil
        seen.withLock { $0 += isSeen ? 1 : 0 }
      }.join()
    }
    #expect(seen.withLock { $0 } == 3)
  }

  @Test("a wait ends when the bell rings")
  func wakes() throws {
    let connector = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
    let bell = try EventDescriptor()
    let began = Clock.monotonicNanoseconds
    bell.signal()
    connector.wait(or: bell)
    #expect(Clock.monotonicNanoseconds - began < 60_000_000_000)
  }

  @Test("each connector is told of its own acknowledgement, though all hear of each")
  func several() throws {
    let first = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
    let second = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
    let child = try Child(["true"])
    try child.awaitZombie()
    let pid = child.pid
    for connector in [first, second] { _ = try collect(connector) { isExit($0, of: pid) } }
  }

  @Test("the subscription is taken back with the connector: the kernel acknowledges that too")
  func ignores() throws {
    let witness = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
    var seen: [UInt32: Int] = [:]
    func listen() {
      var batch = ConnectorBatch()
      while true {
        let reception = witness.receive(into: &batch)
        if reception == .none { return }
        guard reception == .messages else { continue }
        for message in batch.messages where message.event == .acknowledged(error: 0) {
          seen[message.acknowledgement, default: 0] += 1
        }
      }
    }
    var own: UInt32?
    do {
      let connector = try ProcessConnector(receiveBufferBytes: Self.bufferBytes)
      listen()
      // Others subscribe and leave meanwhile: the last that it heard while it opened is its own.
      own = connector.earlyMessages.last { $0.event == .acknowledged(error: 0) }?.acknowledgement
      #expect(try seen[#require(own)] == 1)
    }
    listen()
    #expect(try seen[#require(own)] == 2)
  }
}
