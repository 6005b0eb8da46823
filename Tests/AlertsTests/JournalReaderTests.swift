import Alerts
import System
import SystemPackage
import Testing

@Suite struct JournalReaderTests {
  private func numbers(_ reader: inout JournalReader, limit: Int = 1000) -> (
    [UInt64], missed: [ClosedRange<UInt64>]
  ) {
    var numbers: [UInt64] = []
    var missed: [ClosedRange<UInt64>] = []
    while true {
      let batch = reader.next(limit: limit, bytes: .max)
      numbers += batch.entries.map(\.sequence)
      if let range = batch.missed { missed.append(range) }
      if batch.isEmpty { return (numbers, missed) }
    }
  }

  @Test("a reader begins where it is told, and changes nothing of the journal", arguments: [1, 3, 1000])
  func memory(limit: Int) throws {
    let journal = Journal(limits: JournalLimits(entries: 10))
    for number in 1...25 { journal.append(Sample.numbered(number)) }
    #expect(journal.readable == 16..<26)
    var reader = journal.makeReader(from: 20)
    #expect(numbers(&reader, limit: limit) == (Array(20...25), missed: []))
    var late = journal.makeReader(from: 5)
    #expect(numbers(&late, limit: limit) == (Array(16...25), missed: [5...15]))
    journal.append(Sample.numbered(26))
    #expect(numbers(&late) == ([26], missed: []))
    #expect(journal.status.cursors.isEmpty)
  }

  @Test("what a reader takes at once is bounded also by its size, and at least one alert")
  func bytes() throws {
    let journal = Journal()
    for number in 1...10 { journal.append(Sample.numbered(number, padding: 10_000)) }
    var reader = journal.makeReader(from: 1)
    #expect(reader.next(limit: 10, bytes: 0).entries.map(\.sequence) == [1])
    #expect(reader.next(limit: 10, bytes: 35_000).entries.map(\.sequence) == [2, 3, 4])
    #expect(reader.position == 5)
  }

  @Test("a reader finds on disk what is no longer in memory, and leaves no file there")
  func disk() throws {
    let directory = try TemporaryDirectory()
    var storage = JournalStorage(directory: directory.path.appending("journal").string)
    storage.limits.sync = .never
    storage.limits.segmentBytes = 4096
    let journal = try Journal(storage: storage, limits: JournalLimits(entries: 20))
    try journal.start()
    for number in 1...200 {
      journal.append(Sample.numbered(number))
      while let stored = journal.status.storage?.storedThrough, stored + 8 < UInt64(number) {
        Clock.sleep(milliseconds: 1)
      }
    }
    while journal.readable.upperBound <= 200 { Clock.sleep(milliseconds: 1) }
    var reader = journal.makeReader(from: 1)
    #expect(numbers(&reader, limit: 7) == (Array(1...200), missed: []))
    // All are of one moment, which is before the directory was made.
    #expect(journal.sequence(before: Sample.time) == 1)
    #expect(journal.sequence(before: Clock.realtimeNanoseconds) > 1)
    let names = try Directory.names(in: FilePath(storage.directory))
    #expect(!names.contains { $0.hasPrefix("cursor") })
    journal.close()
  }

  @Test(
    "what is too much for a batch from disk is the first of the next one, and nothing is read twice for it")
  func cutBatches() throws {
    let directory = try TemporaryDirectory()
    var storage = JournalStorage(directory: directory.path.appending("journal").string)
    storage.limits.sync = .never
    storage.limits.segmentBytes = 4 << 20
    let journal = try Journal(storage: storage, limits: JournalLimits(entries: 20))
    try journal.start()
    let count = 300
    for number in 1...count {
      journal.append(Sample.numbered(number, padding: 10_000))
      while let stored = journal.status.storage?.storedThrough, stored + 8 < UInt64(number) {
        Clock.sleep(milliseconds: 1)
      }
    }
    while journal.readable.upperBound <= UInt64(count) { Clock.sleep(milliseconds: 1) }
    var reader = journal.makeReader(from: 1)
    var numbers: [UInt64] = []
    let before = try Self.bytesRead()
    while true {
      let batch = reader.next(limit: 32, bytes: 64 << 10)
      if batch.isEmpty { break }
      #expect(batch.missed == nil)
      #expect(batch.entries.count <= 6)
      numbers += batch.entries.map(\.sequence)
    }
    #expect(numbers == Array(1...UInt64(count)))
    // There are three million of them; from the segment's beginning for each batch it were seventy.
    #expect(try Self.bytesRead() - before < 12_000_000)
    journal.close()
  }

  /// What this thread has read so far. See proc(5).
  private static func bytesRead() throws -> UInt64 {
    let line = try contents(of: "/proc/thread-self/io").split(separator: "\n").first {
      $0.hasPrefix("rchar: ")
    }
    return try #require(line.flatMap { UInt64($0.dropFirst(7)) })
  }

  @Test("a watch has input once there is something to read, and only then")
  func watch() throws {
    let journal = Journal()
    let watch = try JournalWatch(journal)
    var set = PollSet()
    func hasRung() -> Bool {
      set.removeAll()
      set.add(watch.descriptor, input: true, output: false)
      set.wait(milliseconds: 0)
      return set.hasInput(0)
    }
    #expect(!watch.hasNews(from: 1))
    #expect(!hasRung())
    journal.append(Sample.numbered(1))
    #expect(hasRung())
    watch.quieten()
    #expect(!hasRung())
    #expect(watch.hasNews(from: 1))
    #expect(!watch.hasNews(from: 2))
    journal.append(Sample.numbered(2))
    #expect(hasRung())
  }
}
