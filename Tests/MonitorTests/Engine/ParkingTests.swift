import Events
import Model
import Rules
import Synchronization
import System
import Testing

@testable import Monitor

@Suite struct ParkingTests {
  private struct Judged: Sendable, Equatable {
    var kind: EventKind
    var pid: Int32
    var exe: String
    var container: String?
    var isIncomplete: Bool
  }

  private struct Recorder: EventHandler {
    let seen: Mutex<[Judged]>.Box

    mutating func handle(_ facts: borrowing LiveFacts) {
      let event = facts.event
      let name = facts.model.metadata(of: event.container)?.details.name
      let judged = Judged(
        kind: event.kind, pid: event.process?.pid ?? 0,
        exe: String(decoding: event.process?.exePath ?? [], as: UTF8.self),
        container: name.map { String(decoding: $0, as: UTF8.self) }, isIncomplete: event.isIncomplete)
      seen.value.withLock { $0.append(judged) }
    }

    mutating func tick(time: UInt64, isLast: Bool) {}
  }

  private let bell: EngineBell
  private let mail = Mail()
  private let requests: ContainerRequests
  private let connector: RecordFeed
  private let containers: RecordFeed
  private let control = EngineControl()
  private let seen = Mutex<[Judged]>.Box([])

  init() throws {
    bell = try EngineBell()
    requests = try ContainerRequests()
    requests.beginService(losses: LossCounters())
    connector = RecordFeed(source: .connector, capacityBytes: 1 << 22, bell: bell)
    containers = RecordFeed(source: .containers, capacityBytes: 1 << 16, bell: bell)
  }

  private func execute(_ pid: Int32, _ path: String, in container: String?) {
    var record = RecordWriter()
    record.begin(.executed, from: .connector, stamp: Clock.monotonicNanoseconds, pid: pid)
    record.append(.exePath, Array(path.utf8).span)
    record.append(.cgroup, Array("/x".utf8).span)
    if let container {
      record.append(.containerID, Array(container.utf8).span)
      record.append(.containerType, ContainerType.docker.rawValue)
      record.append(.containerVouched, UInt8(1))
    } else {
      record.append(.containerID, [UInt8]().span)
    }
    let isPushed = connector.offer(record)
    #expect(isPushed)
  }

  private func answer(_ id: String, _ name: String?) {
    var details = ContainerMetadata.Details()
    details.name = name.map { Array($0.utf8) }
    let metadata = name == nil ? nil : ContainerMetadata(bounding: details)
    mail.containers.withLock {
      $0.append(ContainerAnswer(id: Array(id.utf8), metadata: metadata, type: .docker))
    }
    var record = RecordWriter()
    record.begin(.notice, from: .containers, stamp: 0, pid: 0)
    record.append(.mailbox, Mailbox.containers.rawValue)
    let isPushed = containers.offer(record)
    #expect(isPushed)
  }

  private func start() throws -> NamedThread {
    let feeds = EngineFeeds(
      prompt: [connector], settling: [containers], bell: bell, mail: mail, sweepRequest: nil,
      containerRequests: requests)
    let settings = Model.Settings(startStamp: 0, hostNamespaces: .unknown)
    let (seen, control) = (seen, control)
    return try NamedThread("engine") {
      var engine = Engine(feeds: feeds, settings: settings, host: .unknown, handler: Recorder(seen: seen))
      engine.run(control)
    }
  }

  private func end(_ engine: consuming NamedThread) -> [Judged] {
    control.stop()
    bell.ring()
    engine.join()
    return seen.value.withLock { $0.filter { $0.kind == .executed } }
  }

  private func wait(for count: Int) -> Bool {
    for _ in 0..<60_000 {
      if seen.value.withLock({ $0.filter { $0.kind == .executed }.count }) >= count { return true }
      Clock.sleep(milliseconds: 1)
    }
    return false
  }

  @Test("events of a container that is being read wait, in order, and are judged as the process was")
  func order() throws {
    execute(20, "/bin/a", in: "c")
    execute(20, "/bin/b", in: "c")
    execute(30, "/bin/host", in: nil)
    execute(21, "/bin/c", in: "c")
    let engine = try start()
    #expect(wait(for: 1), "others are not delayed")
    #expect(seen.value.withLock { $0.map(\.exe) } == ["/bin/host"])
    #expect(requests.take().requests == [.init(id: [0x63], cgroup: Array("/x".utf8), mustAnswer: true)])
    answer("c", "web")
    #expect(wait(for: 4))
    execute(21, "/bin/d", in: "c")
    let judged = end(engine)
    #expect(judged.map(\.exe) == ["/bin/host", "/bin/a", "/bin/b", "/bin/c", "/bin/d"])
    #expect(judged.map(\.container) == [nil, "web", "web", "web", "web"])
    #expect(judged.allSatisfy { !$0.isIncomplete })
    #expect(containers.losses.sum == 0)
  }

  @Test("without an answer they are judged after half a second, counted and flagged, and later ones at once")
  func timeout() throws {
    let began = Clock.monotonicNanoseconds
    execute(20, "/bin/a", in: "c")
    let engine = try start()
    #expect(wait(for: 1))
    let waited = Clock.monotonicNanoseconds - began
    #expect(waited >= ParkingLot.patienceNanoseconds && waited < 60_000_000_000)
    execute(21, "/bin/b", in: "c")
    #expect(wait(for: 2))
    answer("c", "late")
    Clock.sleep(milliseconds: 50)
    execute(22, "/bin/c", in: "c")
    let judged = end(engine)
    #expect(judged.map(\.container) == [nil, nil, "late"])
    #expect(judged.map(\.isIncomplete) == [true, false, false])
    #expect(containers.losses.all == [.init(reason: .metadataTimeout, kind: nil): 2])
  }

  @Test("a container that no runtime knows is judged without, flagged but no loss")
  func unknown() throws {
    execute(20, "/bin/a", in: "c")
    let engine = try start()
    answer("c", nil)
    let judged = end(engine)
    #expect(judged.map(\.isIncomplete) == [true])
    #expect(containers.losses.sum == 0)
  }

  @Test("what waits is bounded: beyond, the container that waits longest is judged without")
  func bounded() throws {
    for number in 0..<(Int32(ParkingLot.limit) + 5) {
      execute(100 + number, "/bin/a", in: number < 10 ? "old" : "c")
    }
    let engine = try start()
    #expect(wait(for: 10))
    let first = seen.value.withLock { $0.filter { $0.kind == .executed }.prefix(10).map(\.pid) }
    #expect(first == Array(100..<110))
    let judged = end(engine)
    #expect(judged.count == ParkingLot.limit + 5, "at the end nothing is left behind")
    #expect(judged.prefix(10).map(\.isIncomplete) == Array(repeating: true, count: 10))
  }
}
