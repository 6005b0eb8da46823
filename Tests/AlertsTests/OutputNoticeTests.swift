import Events
import Glibc
import SystemPackage
import Testing

@testable import Alerts

@Suite struct OutputNoticeTests {
  private static let second: UInt64 = 1_000_000_000

  private func moment(_ seconds: UInt64) -> Throttle.Moment {
    Throttle.Moment(
      monotonicNanoseconds: (1000 + seconds) * Self.second,
      realtimeNanoseconds: Sample.time + seconds * Self.second)
  }

  private func status(
    _ state: SinkStatus.State, failures: UInt64 = 0, delivered: UInt64 = 0, lag: UInt64 = 0,
    error: String? = nil
  ) -> SinkStatus {
    var status = SinkStatus()
    (status.name, status.state, status.failures) = ("siem", state, failures)
    (status.delivered, status.lag, status.lastFailure) = (delivered, lag, error)
    return status
  }

  @Test("an output that goes on failing is told once, and once that it works again") func once() {
    var watch = OutputWatch()
    #expect(watch.note(status(.open), at: moment(0)) == nil)
    for second in 1...5 as ClosedRange<UInt64> {
      let failing = status(.waiting, failures: second, lag: 3, error: "refused")
      #expect(watch.note(failing, at: moment(second)) == nil)
    }
    #expect(
      watch.note(status(.waiting, failures: 5, lag: 3, error: "refused"), at: moment(6))
        == .failing(output: "siem", since: Sample.time + Self.second, reason: "refused"))
    for second in 7...90 as ClosedRange<UInt64> {
      #expect(
        watch.note(status(.waiting, failures: second, lag: 4, error: "refused"), at: moment(second)) == nil)
    }
    #expect(
      watch.note(status(.open, failures: 90, delivered: 1, lag: 3), at: moment(91))
        == .works(output: "siem", waiting: 3))
    #expect(watch.note(status(.open, failures: 90, delivered: 4), at: moment(92)) == nil)
  }

  @Test("a reconnect is no news, nor is one that is open for a moment between two failures a cure")
  func reconnect() {
    var watch = OutputWatch()
    #expect(watch.note(status(.waiting, failures: 1, lag: 1, error: "reset"), at: moment(1)) == nil)
    #expect(watch.note(status(.open, failures: 1, delivered: 1), at: moment(2)) == nil)
    #expect(watch.note(status(.open, failures: 1, delivered: 1), at: moment(60)) == nil)
    // One that opens without looking, and fails at each alert.
    #expect(watch.note(status(.waiting, failures: 2, lag: 1, error: "401"), at: moment(61)) == nil)
    #expect(watch.note(status(.open, failures: 2, lag: 1), at: moment(63)) == nil)
    #expect(watch.note(status(.open, failures: 2, lag: 1), at: moment(66)) != nil)
    #expect(watch.note(status(.open, failures: 3, lag: 1), at: moment(80)) == nil)
  }

  @Test(
    "a receiver that takes connections and nothing else is named with its reason, though the output stands open"
  )
  func opensAndFails() throws {
    let journal = Journal()
    var options = DeliveryOptions()
    (options.initialBackoffMilliseconds, options.maximumBackoffMilliseconds) = (1, 1)
    let runner = try SinkRunner(named: "siem", journal: journal, options: options)
    let record = ScriptedSink.Record([.fine, .fail])
    try runner.start(format: TextFormat()) { ScriptedSink(record) }
    journal.append(Sample.numbered(1))
    for _ in 0..<20_000 where runner.status.failures == 0 { usleep(1000) }
    var open = runner.status
    // As it is between two attempts.
    (open.state, open.lag, open.readAhead, open.lastError) = (.open, 1, 0, nil)
    var watch = OutputWatch()
    #expect(watch.note(open, at: moment(1)) == nil)
    guard case .failing(_, _, let reason)? = watch.note(open, at: moment(7)) else {
      Issue.record("nothing is told")
      return
    }
    #expect(reason != "unknown")
    runner.stop(deadlineMilliseconds: 20_000)
  }

  @Test("an output with nothing to send works again once it has stood open for a while") func idle() {
    var watch = OutputWatch()
    for second in 1...7 as ClosedRange<UInt64> {
      _ = watch.note(status(.waiting, failures: second, error: "away"), at: moment(second))
    }
    #expect(watch.note(status(.open, failures: 7), at: moment(8)) == nil)
    #expect(watch.note(status(.open, failures: 7), at: moment(12)) == .works(output: "siem", waiting: 0))
  }

  private static let hang = "no answer: its receiver or disk hangs, or is very slow"

  @Test("an output that stands in a call for half a minute is told once, and once that it goes on")
  func standing() {
    var watch = OutputWatch()
    for second in 0...29 as ClosedRange<UInt64> {
      #expect(watch.note(status(.open, lag: second + 1), at: moment(second)) == nil)
    }
    #expect(
      watch.note(status(.open, lag: 31), at: moment(30))
        == .failing(output: "siem", since: Sample.time, reason: Self.hang))
    for second in 31...90 as ClosedRange<UInt64> {
      #expect(watch.note(status(.open, lag: second), at: moment(second)) == nil)
    }
    #expect(
      watch.note(status(.open, delivered: 90), at: moment(91)) == .works(output: "siem", waiting: 0))
  }

  @Test("one that has nothing to send, gets on, or could not since the agent was stopped does not stand")
  func notStanding() {
    var (idle, slow, stopped) = (OutputWatch(), OutputWatch(), OutputWatch())
    for second in 0...90 as ClosedRange<UInt64> {
      #expect(idle.note(status(.open), at: moment(second)) == nil)
      #expect(slow.note(status(.open, delivered: second / 20, lag: 9), at: moment(second)) == nil)
    }
    for second in Array(0...20) + Array(3600...3620) as [UInt64] {
      #expect(stopped.note(status(.open, lag: 1), at: moment(second)) == nil)
    }
  }

  @Test("a receiver that takes what is posted and never answers is told before the time of the post is over")
  func deaf() throws {
    let receiver = try HTTPReceiver { _ in nil }
    var http = HTTPOptions(urls: [receiver.url])
    http.timeoutMilliseconds = 600_000
    let delivery = try Delivery(outputs: [Output(named: "siem", sink: .http(http), format: JSONFormat())])
    try delivery.start {}
    delivery.append(Sample.numbered(1))
    for _ in 0..<20_000 where receiver.requests.isEmpty { usleep(1000) }
    for second in 0...60 as ClosedRange<UInt64> { delivery.lookAtOutputs(at: moment(second)) }
    #expect(delivery.takeNotices() == [.failing(output: "siem", since: Sample.time, reason: Self.hang)])
    receiver.stop()
    #expect(!delivery.stop(deadlineMilliseconds: 100))
  }

  @Test("losses are told at once, then at most every half minute, and what telling pushes out is no news")
  func lost() {
    var lost = LostAlerts()
    #expect(lost.due([("siem", 0), ("file", 0)], at: 1000).isEmpty)
    #expect(lost.due([("siem", 5), ("file", 0)], at: 2000) == [.lost(output: "siem", count: 5, total: 5)])
    lost.settle([("siem", 6), ("file", 0)])
    #expect(lost.due([("siem", 9), ("file", 0)], at: 3000).isEmpty)
    let later = 2000 + LostAlerts.intervalNanoseconds
    #expect(lost.due([("siem", 9), ("file", 0)], at: later) == [.lost(output: "siem", count: 4, total: 9)])
    lost.settle([("siem", 10), ("file", 0)])
    #expect(lost.due([("siem", 10), ("file", 0)], at: later * 2).isEmpty)
  }

  private func journal(stored: UInt64, of last: UInt64, never: UInt64 = 0, problem: String? = nil)
    -> JournalStatus
  {
    JournalStatus(
      entries: 0, bytes: 0, lastSequence: last, dropped: 0, cursors: [],
      storage: StorageStatus(
        segments: 1, bytes: 100, storedThrough: stored, neverStored: never, problem: problem))
  }

  @Test("a journal that cannot be written is told once, and once that it is written to again")
  func storage() {
    var watch = StorageWatch()
    let full = "/j: No space left on device"
    #expect(watch.note(journal(stored: 5, of: 5), at: moment(0)) == nil)
    for second in 1...5 as ClosedRange<UInt64> {
      #expect(watch.note(journal(stored: 5, of: 9, problem: full), at: moment(second)) == nil)
    }
    #expect(
      watch.note(journal(stored: 5, of: 9, problem: full), at: moment(6))
        == .journalFailing(since: Sample.time + Self.second, reason: full))
    // What leaves memory unwritten is no progress.
    for second in 7...60 as ClosedRange<UInt64> {
      let status = journal(stored: 5 + second, of: 90, never: second, problem: full)
      #expect(watch.note(status, at: moment(second)) == nil)
    }
    #expect(
      watch.note(journal(stored: 90, of: 90, never: 60), at: moment(61)) == .journalWorks(neverStored: 60))
    #expect(watch.note(journal(stored: 91, of: 91, never: 60), at: moment(62)) == nil)
  }

  @Test("a journal whose disk does not answer is told after half a minute, one in memory never")
  func standingDisk() {
    var (watch, memory) = (StorageWatch(), StorageWatch())
    var unstored = journal(stored: 0, of: 9)
    unstored.storage = nil
    for second in 0...29 as ClosedRange<UInt64> {
      #expect(watch.note(journal(stored: 5, of: 9 + second), at: moment(second)) == nil)
      #expect(memory.note(unstored, at: moment(second)) == nil)
    }
    #expect(
      watch.note(journal(stored: 5, of: 90), at: moment(30))
        == .journalFailing(since: Sample.time, reason: "the disk does not answer"))
    #expect(memory.note(unstored, at: moment(30)) == nil)
    #expect(
      watch.note(journal(stored: 90, of: 90), at: moment(31)) == .journalWorks(neverStored: 0))
  }

  @Test("a full disk under the journal is told by the delivery, and that there is room again")
  func fullDisk() throws {
    let directory = try TemporaryDirectory()
    guard let disk = try SmallDisk(in: directory, options: "size=128k") else { return }
    let journal = try Journal(storage: JournalStorage(directory: disk.path.appending("journal").string))
    let delivery = try Delivery(outputs: [], journal: journal)
    try delivery.start {}
    let filler = try directory.write(String(repeating: "x", count: 200_000), to: "filler")
    _ = try Program("/bin/cp", [filler, disk.path.appending("filler").string]).finish()
    for number in 1...200 { delivery.append(Sample.numbered(number, padding: 100)) }
    for _ in 0..<20_000 where journal.status.storage?.problem == nil { usleep(1000) }
    for second in 0...9 as ClosedRange<UInt64> { delivery.lookAtOutputs(at: moment(second)) }
    let told = delivery.takeNotices().map(\.description)
    #expect(told.count == 1 && told[0].hasPrefix("journal: nothing can be written since "), "\(told)")
    #expect(
      told.last?.hasSuffix(": \(disk.path)/journal: No space left on device; outputs get alerts from memory")
        == true, "\(told)")
    Disk.unlink(disk.path.appending("filler"))
    for _ in 0..<20_000 where journal.status.storage?.storedThrough != 200 { usleep(1000) }
    delivery.lookAtOutputs(at: moment(20))
    #expect(delivery.takeNotices() == [.journalWorks(neverStored: 0)])
    delivery.stop(deadlineMilliseconds: 1000)
  }

  @Test("what is told reads as one line") func texts() {
    let failing = OutputNotice.failing(output: "siem", since: Sample.time, reason: "10.0.0.1:514: refused")
    #expect(
      "\(failing)".hasPrefix("output siem: failing since ")
        && "\(failing)".hasSuffix(": 10.0.0.1:514: refused"))
    #expect("\(failing)".split(separator: ":").count == 7)
    #expect("\(OutputNotice.works(output: "siem", waiting: 2))" == "output siem: works again, 2 waiting")
    #expect(
      "\(OutputNotice.lost(output: "siem", count: 1, total: 9))"
        == "output siem: 1 alert left the journal before delivery, 9 in all")
    #expect(
      "\(OutputNotice.journalWorks(neverStored: 1))"
        == "journal: written to again; 1 alert never reached the disk")
  }

  @Test("a delivery notices outputs that fail and alerts that they lose, and alerts the others, once")
  func delivery() throws {
    let directory = try TemporaryDirectory()
    let good = directory.path.appending("good")
    let away = directory.path.appending("nowhere/file")
    let delivery = try Delivery(
      outputs: [
        Output(named: "good", sink: .file(FileSinkOptions(path: good.string)), format: TextFormat()),
        Output(named: "away", sink: .file(FileSinkOptions(path: away.string)), format: TextFormat()),
      ], journal: Journal(limits: JournalLimits(entries: 10)))
    try delivery.start {}
    delivery.append(Sample.numbered(0))
    for _ in 0..<20_000 where delivery.status.sinks[1].failures == 0 || delivery.status.sinks[0].lag > 0 {
      usleep(1000)
    }
    delivery.lookAtOutputs(at: moment(0))
    #expect(delivery.takeNotices().isEmpty)
    delivery.lookAtOutputs(at: moment(60))
    let notices = delivery.takeNotices().map(\.description)
    #expect(notices.count == 1 && notices[0].hasSuffix("\(away): No such file or directory"), "\(notices)")

    // One after the other, so that the good one has each of them before it leaves the journal.
    for number in 1...30 {
      delivery.append(Sample.numbered(number))
      for _ in 0..<20_000 where delivery.status.sinks[0].lag > 0 { usleep(1000) }
    }
    for second in 61...200 as ClosedRange<UInt64> {
      delivery.lookAtOutputs(at: moment(second))
      // The good one must not seem to hang because these seconds pass so quickly.
      for _ in 0..<20_000 where delivery.status.sinks[0].lag > 0 { usleep(1000) }
    }
    #expect(delivery.takeNotices() == [.lost(output: "away", count: 21, total: 21)])
    for _ in 0..<20_000 where delivery.status.sinks[0].lag > 0 { usleep(1000) }
    let told = try contents(of: good).split(separator: "\n").filter { $0.contains("Alerts left the journal") }
    #expect(told.count == 1 && told[0].hasSuffix("before outputs had them (away=21)"), "\(told)")
    #expect(!delivery.stop(deadlineMilliseconds: 100))
  }
}
