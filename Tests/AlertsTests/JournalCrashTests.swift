import Alerts
import Glibc
import System
import SystemPackage
import Testing

@Suite struct JournalCrashTests {
  /// Where the victim writes: set only in the process that `killed` starts.
  private static let victimDirectory = unsafe getenv("WINDHOVER_JOURNAL_VICTIM").map {
    unsafe String(cString: $0)
  }

  @Test(
    "a journal that is written to until its process is killed",
    .enabled(if: victimDirectory != nil, "is what the other test starts in a process of its own"))
  func victim() throws {
    var storage = JournalStorage(directory: Self.victimDirectory ?? "")
    // A disk that is busy for seconds would let alerts pass it, and this is not about that.
    storage.limits.sync = .never
    let journal = try Journal(storage: storage)
    try journal.start()
    let cursor = try journal.makeCursor(named: "sink")
    var number = 0
    while true {
      for _ in 0..<10 {
        number += 1
        journal.append(Sample.numbered(number, padding: number % 3000))
      }
      let batch = cursor.next(limit: 100, waitMilliseconds: 1000)
      for entry in batch.entries {
        // The parent takes a line as delivered, as a receiver would.
        let line = "delivered \(entry.sequence) \(entry.uuid)\n"
        try FileDescriptor.standardOutput.writeAll(line.utf8)
        cursor.acknowledge(through: entry.sequence)
      }
    }
  }

  @Test("how the run before ended is known: killed, in order, or not at all")
  func previousRun() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("journal")
    func open() throws -> Journal {
      let journal = try Journal(storage: JournalStorage(directory: path.string))
      try journal.start()
      return journal
    }
    let victim = try Program(
      "/proc/self/exe", ["--testing-library", "swift-testing", "--filter", "JournalCrashTests/victim"],
      environment: ["WINDHOVER_JOURNAL_VICTIM": path.string])
    try victim.outputLine { $0.contains("delivered") }
    let killed = Clock.realtimeNanoseconds
    victim.signal(SIGKILL)
    _ = try victim.finish()
    let second = try open()
    let after = try #require(second.previousRun)
    #expect(!after.endedInOrder)
    #expect(after.lastSeenNanoseconds <= killed && killed - after.lastSeenNanoseconds < 120_000_000_000)
    second.close()
    let ended = Clock.realtimeNanoseconds
    let third = try open()
    let inOrder = try #require(third.previousRun)
    #expect(inOrder.endedInOrder)
    #expect(inOrder.lastSeenNanoseconds <= ended && ended - inOrder.lastSeenNanoseconds < 60_000_000_000)
    third.close()
    // Bytes that no agent wrote tell nothing, and are no fault.
    let file = try FileDescriptor.open(path.appending("life"), .writeOnly)
    try file.closeAfter { _ = try file.writeAll(Array("WHALIVE2".utf8)) }
    let fourth = try open()
    #expect(fourth.previousRun == nil)
    fourth.close()
    #expect(Journal().previousRun == nil)
  }

  @Test(
    "kill -9 at any moment: every delivered alert is on disk, no number is given twice, and the rest is delivered"
  )
  func killed() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("journal")
    var delivered: [UInt64: String] = [:]
    var givenTwice: [UInt64] = []
    for round in 0..<6 {
      let victim = try Program(
        "/proc/self/exe", ["--testing-library", "swift-testing", "--filter", "JournalCrashTests/victim"],
        environment: ["WINDHOVER_JOURNAL_VICTIM": path.string])
      try victim.outputLine { line in
        let words = line.split(separator: " ")
        return words.first == "delivered" && words.count == 3 && (UInt64(words[1]) ?? 0) > 20 * (round + 1)
      }
      usleep(UInt32(20_000 + round * 17_000))
      victim.signal(SIGKILL)
      let outcome = try victim.finish()
      #expect(outcome.ending == .signalled(SIGKILL))
      // The last line may be torn, as a datagram never is.
      for line in outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        let words = line.split(separator: " ")
        guard words.count == 3, words[0] == "delivered", let sequence = UInt64(words[1]) else { continue }
        let uuid = String(words[2])
        if let before = delivered[sequence], before != uuid { givenTwice.append(sequence) }
        delivered[sequence] = uuid
      }
    }
    #expect(delivered.count > 100)
    #expect(givenTwice.isEmpty)
    // All that any process delivered is there, under the number that it had.
    try directory.write("damaged", to: "journal/cursor-all")
    let journal = try Journal(storage: JournalStorage(directory: path.string))
    let cursor = try journal.makeCursor(named: "all")
    var found: [UInt64: String] = [:]
    var next: UInt64 = 1
    while true {
      let batch = cursor.next(limit: 1000, waitMilliseconds: 0)
      if batch.isEmpty { break }
      #expect(batch.missed == nil)
      for entry in batch.entries {
        #expect(entry.sequence == next)
        next += 1
        found[entry.sequence] = entry.uuid.description
      }
    }
    #expect(delivered.filter { found[$0.key] != $0.value }.isEmpty)
    journal.close()
  }
}
