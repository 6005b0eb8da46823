import Alerts
import Events
import Glibc
import Synchronization
import System
import SystemPackage
import Testing

@Suite struct SinkRunnerTests {
  private let journal = Journal()
  private var options = DeliveryOptions()

  init() {
    options.initialBackoffMilliseconds = 2
    options.maximumBackoffMilliseconds = 10
  }

  /// Starts a runner whose sink follows the script.
  private func start(
    _ script: [ScriptedSink.Step], journal: Journal? = nil, options: DeliveryOptions? = nil,
    readerGone: @escaping @Sendable () -> Void = {}
  ) throws -> (SinkRunner, ScriptedSink.Record) {
    let record = ScriptedSink.Record(script)
    let runner = try SinkRunner(
      named: "scripted", journal: journal ?? self.journal, options: options ?? self.options)
    try runner.start(format: TextFormat(), readerGone: readerGone) { ScriptedSink(record) }
    return (runner, record)
  }

  private func append(_ count: Int, to journal: Journal? = nil) {
    for number in 0..<count { (journal ?? self.journal).append(Sample.numbered(number)) }
  }

  private func wait(_ condition: () -> Bool) {
    for _ in 0..<60_000 where !condition() { usleep(1000) }
    #expect(condition())
  }

  @Test("alerts from before and after the start are delivered, and a stop drains") func drain() throws {
    append(300)
    let (runner, record) = try start([])
    append(300)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == Array(1...600))
    let status = runner.status
    #expect(status.delivered == 600)
    #expect(status.state == .stopped)
    #expect(status.lag == 0 && status.failures == 0 && status.retried == 0 && status.missed == 0)
    #expect(record.state.withLock { $0.closes } > 0)
  }

  @Test("what was not settled before a failure is sent again, and counted") func retries() throws {
    let (runner, record) = try start([.fail, .fail, .fine, .failAfter(3), .fine])
    append(1)
    wait { record.sequences.count == 1 || runner.status.failures > 1 }
    append(9)
    wait { runner.status.lag == 0 }
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == Array(1...10))
    #expect(runner.status.delivered == 10)
    #expect(runner.status.failures == 3)
    #expect(runner.status.lastError == nil)
  }

  @Test("alerts that a connection took with it are sent again after it was opened anew") func resent() throws
  {
    append(5)
    let (runner, record) = try start([.fine, .keep, .fail, .fine, .fine])
    wait { runner.status.lag == 0 }
    #expect(record.sequences == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    #expect(runner.status.delivered == 5)
    #expect(runner.status.retried == 5)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
  }

  @Test("a backlog that is tried again and again counts as sent again once, and not before it went out")
  func resentOnce() throws {
    append(5)
    let failures = Array(repeating: ScriptedSink.Step.fail, count: 10)
    let (runner, record) = try start(
      failures + [.keep, .keep, .fail, .fail, .keep, .keep, .fail, .keep, .fine])
    wait { runner.status.lag == 0 }
    #expect(record.sequences == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    #expect(runner.status.retried == 5)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
  }

  @Test("alerts that went out and are not settled are told apart from those that wait") func kept() throws {
    append(5)
    let (runner, _) = try start([.fine, .hold])
    wait { runner.status.kept == 5 }
    #expect(runner.status.lag == 5 && runner.status.unsent == 0 && runner.status.delivered == 0)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(runner.status.kept == 0 && runner.status.delivered == 5)
  }

  @Test("what a connection took with it at the end is sent again while there is time") func resentAtTheEnd()
    throws
  {
    append(5)
    let (runner, record) = try start([.fine, .hold, .fine, .fine])
    wait { record.sequences.count == 5 }
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    #expect(runner.status.delivered == 5 && runner.status.lag == 0)
  }

  @Test("what the journal has still to write when the end comes is delivered, not left there")
  func unwrittenAtTheEnd()
    throws
  {
    let directory = try TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    // Not started: nothing is written, as on a disk that stands still.
    let journal = try Journal(storage: JournalStorage(directory: directory.path.appending("journal").string))
    let (runner, record) = try start([], journal: journal)
    append(3, to: journal)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == [1, 2, 3])
  }

  @Test("alerts that the receiver refused for good are counted apart, with its reason") func refused() throws
  {
    append(2)
    let (runner, record) = try start([.fine, .refuseFirst, .fine])
    append(1)
    wait { runner.status.lag == 0 }
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == [2, 3])
    #expect(runner.status.refused == 1)
    #expect(runner.status.lastRefusal == "scripted")
    #expect(runner.status.delivered == 2)
  }

  @Test("alerts below the minimum priority stay away, are counted, and hold nothing up") func filter() throws
  {
    var options = options
    options.minimumPriority = .warning
    for (number, priority) in [Priority.error, .notice, .warning, .debug, .emergency, .informational]
      .enumerated()
    {
      journal.append(Sample.numbered(number, priority: priority))
    }
    let (runner, record) = try start([], options: options)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == [1, 3, 5])
    #expect(runner.status.filtered == 3)
    #expect(runner.status.delivered == 3)
  }

  @Test("alerts of rules that a sink is not for stay away, those of the agent itself come to every sink")
  func rules() throws {
    var options = options
    options.admits = { $0.tags.contains("net") }
    for (number, rule) in [
      AlertRule(name: "a", priority: .error, tags: ["net"]), AlertRule(name: "b", priority: .error),
      AlertRule(name: "c", priority: .error, source: AlertRule.internal),
    ].enumerated() {
      journal.append(
        Alert(
          rule: rule, timeNanoseconds: UInt64(number), hostname: "h", message: [], outputFields: [],
          context: []))
    }
    let (runner, record) = try start([], options: options)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == [1, 3])
    #expect(runner.status.filtered == 1)
  }

  @Test("alerts that left the journal before they could be delivered are announced in their place")
  func announcement() throws {
    let journal = Journal(limits: JournalLimits(entries: 10))
    let record = ScriptedSink.Record([.fine, .fail])
    let runner = try SinkRunner(named: "scripted", journal: journal, options: options)
    append(25, to: journal)
    try runner.start(format: JSONFormat()) { ScriptedSink(record) }
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == Array(15...25))
    let announced = try JSONTree(try #require(record.texts.first))
    #expect(announced["rule"] == .text("Windhover internal: alerts lost"))
    #expect(announced["source"] == .text("internal"))
    #expect(announced["output_fields"]?["alerts.lost.count"] == .integer(15))
    #expect(announced["output_fields"]?["alerts.lost.first"] == .integer(1))
    #expect(announced["output_fields"]?["alerts.lost.last"] == .integer(15))
    #expect(runner.status.missed == 15)
    #expect(runner.status.delivered == 10)
  }

  @Test("an alert that is too large is encoded anew at once, shorter, and counted") func tooLarge() throws {
    journal.append(Sample.numbered(0, padding: 200))
    let (runner, record) = try start([.fine, .tooLarge])
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.texts.count == 1)
    #expect(record.texts[0].utf8.count <= 60 && record.texts[0].hasSuffix("…"))
    #expect(runner.status.shortened == 1)
    #expect(runner.status.failures == 0)
  }

  @Test("a reader that has gone ends the sink and is told to the program") func readerGone() throws {
    append(3)
    let told = Told()
    let (runner, _) = try start([.fine, .readerGone]) { told.flag.withLock { $0 = true } }
    wait { told.flag.withLock { $0 } }
    #expect(runner.status.state == .stopped)
    _ = runner.stop(deadlineMilliseconds: 100)
  }

  @Test("a stop waits no longer than its deadline for a receiver that is away") func deadline() throws {
    append(3)
    let (runner, _) = try start(Array(repeating: .fail, count: 100_000))
    let start = Clock.monotonicNanoseconds
    #expect(!runner.stop(deadlineMilliseconds: 100))
    #expect(Clock.monotonicNanoseconds - start < 60_000_000_000)
    #expect(runner.status.lag == 3)
  }

  @Test("a stop leaves a sink alone that stands in a call") func hang() throws {
    append(3)
    let (runner, record) = try start([.hang(microseconds: 20_000_000)])
    wait { record.state.withLock { $0.opens } == 1 }
    let start = Clock.monotonicNanoseconds
    #expect(!runner.stop(deadlineMilliseconds: 50))
    #expect(Clock.monotonicNanoseconds - start < 15_000_000_000)
  }

  @Test("a stuck sink holds up neither the engine nor another sink") func isolation() throws {
    let (stuck, _) = try start([.hang(microseconds: 12_000_000)])
    let (runner, record) = try start([])
    append(1000)
    #expect(runner.stop(deadlineMilliseconds: 10_000))
    #expect(record.sequences.count == 1000)
    #expect(stuck.status.lag == 1000)
    #expect(stuck.stop(deadlineMilliseconds: 60_000))
  }

  @Test("a sink is opened anew on request") func reopen() throws {
    let (runner, record) = try start([])
    append(1)
    wait { runner.status.lag == 0 }
    runner.reopen()
    wait { record.state.withLock { $0.opens } == 2 }
    append(1)
    #expect(runner.stop(deadlineMilliseconds: 20_000))
    #expect(record.sequences == [1, 2])
  }

  private final class Told: Sendable { let flag = Mutex(false) }
}
