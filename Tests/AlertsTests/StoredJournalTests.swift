import Alerts
import Events
import Glibc
import Synchronization
import System
import SystemPackage
import Testing

@Suite struct StoredJournalTests {
  private let directory: TemporaryDirectory
  private var path: FilePath { directory.path.appending("journal") }

  init() throws { directory = try TemporaryDirectory() }

  private func open(memory: Int = 16_384, _ limits: StorageLimits = StorageLimits()) throws -> Journal {
    var limits = limits
    limits.sync = .never
    var storage = JournalStorage(directory: path.string)
    storage.limits = limits
    let journal = try Journal(storage: storage, limits: JournalLimits(entries: memory))
    try journal.start()
    return journal
  }

  /// Reads until `count` alerts came or were told missed.
  private func read(_ cursor: JournalCursor, _ count: UInt64) -> (
    sequences: [UInt64], missed: [ClosedRange<UInt64>]
  ) {
    var sequences: [UInt64] = []
    var missed: [ClosedRange<UInt64>] = []
    for _ in 0..<100_000 {
      let batch = cursor.next(limit: 100, waitMilliseconds: 20_000)
      if let range = batch.missed { missed.append(range) }
      sequences += batch.entries.map(\.sequence)
      if UInt64(sequences.count) + missed.reduce(0, { $0 + UInt64($1.count) }) >= count { break }
    }
    return (sequences, missed)
  }

  /// Appends alerts no faster than the disk takes them, so that none leaves memory before it is written.
  private func append(_ count: Int, to journal: Journal) {
    for number in 1...count {
      journal.append(Sample.numbered(number))
      while let stored = journal.status.storage?.storedThrough, stored + 8 < UInt64(number) { usleep(200) }
    }
  }

  private var segments: [FilePath] {
    get throws {
      try Directory.names(in: path).filter { $0.hasSuffix(".alerts") }.sorted().map { path.appending($0) }
    }
  }

  @Test("alerts and readers are there again after a restart, and numbers go on") func restart() throws {
    var journal = try open()
    var cursor = try journal.makeCursor(named: "sink")
    for alert in [Sample.shell, Sample.alert(with: Sample.hostile), Sample.numbered(3), Sample.numbered(4)] {
      journal.append(alert)
    }
    #expect(read(cursor, 4).sequences == [1, 2, 3, 4])
    let uuid = journal.last(3).first?.uuid
    cursor.acknowledge(through: 1)
    journal.close()

    journal = try open()
    cursor = try journal.makeCursor(named: "sink")
    #expect(journal.append(Sample.numbered(5)) == 5)
    #expect(cursor.status.lag == 4)
    let after = cursor.next(limit: 3, waitMilliseconds: 20_000).entries
    #expect(after.map(\.sequence) == [2, 3, 4])
    #expect(after.first?.alert == Sample.alert(with: Sample.hostile))
    #expect(after.first?.uuid == uuid)
    #expect(cursor.next(limit: 3, waitMilliseconds: 20_000).entries.map(\.sequence) == [5])
    #expect(journal.recovery == JournalRecovery())
    journal.close()
  }

  @Test("a reader that is new begins with the alerts of this run") func newReader() throws {
    let first = try open()
    for number in 1...5 { first.append(Sample.numbered(number)) }
    first.close()
    let second = try open()
    second.append(Sample.numbered(6))
    let cursor = try second.makeCursor(named: "new")
    #expect(cursor.next(limit: 10, waitMilliseconds: 20_000).entries.map(\.sequence) == [6])
    second.close()
  }

  @Test("a reader far behind memory reads the rest from disk, over many segments") func fromDisk() throws {
    var limits = StorageLimits()
    limits.segmentBytes = 20_000
    let journal = try open(memory: 64, limits)
    let (fast, slow) = (try journal.makeCursor(named: "fast"), try journal.makeCursor(named: "slow"))
    append(3000, to: journal)
    for cursor in [slow, fast] {
      let (sequences, missed) = read(cursor, 3000)
      #expect(sequences == Array(1...3000))
      #expect(missed.isEmpty)
    }
    #expect(try segments.count > 5)
    slow.acknowledge(through: 1000)
    slow.rewind()
    #expect(read(slow, 2000).sequences == Array(1001...3000))
    journal.close()
  }

  @Test("a segment that is cut at any byte gives back its whole records, and the journal goes on behind them")
  func cutAnywhere() throws {
    let journal = try open()
    for number in 1...4 { journal.append(Sample.numbered(number)) }
    journal.close()
    let segment = try #require(try segments.first)
    let whole = try Array(contentsOfFile: segment)
    let ends = try recordEnds(of: whole)
    for length in 0...whole.count {
      try FileDescriptor.write(whole.prefix(length), to: segment)
      Disk.unlink(path.appending("cursor-sink"))
      let journal = try open()
      let kept = UInt64(ends.count { $0 <= length })
      #expect(journal.append(Sample.numbered(0)) == kept + 1, "cut at \(length)")
      let isClean = ends.contains(length) || length == 28
      #expect((journal.recovery.tornBytes > 0) == (!isClean && length > 0), "cut at \(length)")
      try directory.write("damaged", to: "journal/cursor-all")
      let cursor = try journal.makeCursor(named: "all")
      #expect(read(cursor, kept + 1).sequences == Array(1...kept + 1), "cut at \(length)")
      journal.close()
      for file in try segments { Disk.unlink(file) }
    }
  }

  @Test("a flipped bit anywhere in an old segment costs alerts, which are told as missed, and nothing else")
  func flippedBits() throws {
    var limits = StorageLimits()
    limits.segmentBytes = 1
    let journal = try open(limits)
    let cursor = try journal.makeCursor(named: "sink")
    for number in 1...3 {
      journal.append(Sample.numbered(number))
      // One segment each.
      _ = read(cursor, 1)
    }
    journal.close()
    let files = try segments
    #expect(files.count == 3)
    let whole = try Array(contentsOfFile: files[1])
    for position in whole.indices {
      var damaged = whole
      damaged[position] ^= 1 << UInt8(position % 8)
      try FileDescriptor.write(damaged[...], to: files[1])
      let journal = try open()
      let cursor = try journal.makeCursor(named: "sink")
      let (sequences, missed) = read(cursor, 3)
      #expect(sequences == [1, 3] && missed == [2...2], "bit flipped in byte \(position)")
      journal.close()
    }
  }

  @Test("the oldest segments go when there are too many bytes, and a reader is told what it missed")
  func sizeLimit() throws {
    var limits = StorageLimits()
    limits.segmentBytes = 10_000
    limits.maximumBytes = 50_000
    let journal = try open(memory: 10, limits)
    let cursor = try journal.makeCursor(named: "sink")
    append(2000, to: journal)
    // Limits are kept once a second.
    for _ in 0..<6000 where (journal.status.storage?.bytes ?? 0) > 60_000 { usleep(10_000) }
    let (sequences, missed) = read(cursor, 2000)
    let first = try #require(sequences.first)
    #expect(missed == [1...first - 1])
    #expect(sequences == Array(first...2000))
    #expect(cursor.status.missed == first - 1)
    // More may go after it was read.
    #expect(journal.status.dropped >= first - 1)
    journal.close()
    var bytes: Int64 = 0
    for segment in try segments { bytes += try Stat(segment).size }
    #expect(bytes <= 60_000)
  }

  @Test(
    "a damaged place of a reader costs repetition, not alerts",
    arguments: ["x", "WHCURSR1", "WHCURSR1xxxxxxxxxxxx"])
  func damagedCursor(text: String) throws {
    var journal = try open()
    let cursor = try journal.makeCursor(named: "sink")
    for number in 1...5 { journal.append(Sample.numbered(number)) }
    _ = read(cursor, 5)
    cursor.acknowledge(through: 5)
    journal.close()
    try directory.write(text, to: "journal/cursor-sink")
    journal = try open()
    #expect(read(try journal.makeCursor(named: "sink"), 5).sequences == [1, 2, 3, 4, 5])
    journal.close()
  }

  @Test("a directory that another agent has is refused") func inUse() throws {
    let journal = try open()
    #expect(throws: JournalError.inUse(path: path.string)) { try open() }
    journal.close()
  }

  @Test("a directory that cannot be written is refused with the reason") func readOnly() throws {
    #expect(throws: JournalError.unusable(path: "/nonexistent/journal", reason: "No such file or directory"))
    {
      try Journal(storage: JournalStorage(directory: "/nonexistent/journal"))
    }
    try directory.write("", to: "file")
    #expect(throws: JournalError.self) {
      try Journal(storage: JournalStorage(directory: directory.path.appending("file").string))
    }
    guard let mount = try SmallDisk(in: directory, options: "ro") else { return }
    #expect(throws: JournalError.unusable(path: mount.path.string, reason: "Read-only file system")) {
      try Journal(storage: JournalStorage(directory: mount.path.string))
    }
  }

  @Test("a full disk is told, alerts flow from memory, and writing goes on when there is room again")
  func fullDisk() throws {
    guard let disk = try SmallDisk(in: directory, options: "size=128k") else { return }
    let journal = try Journal(storage: JournalStorage(directory: disk.path.string))
    try journal.start()
    let cursor = try journal.makeCursor(named: "sink")
    let filler = try directory.write(String(repeating: "x", count: 200_000), to: "filler")
    _ = try Program("/bin/cp", [filler, disk.path.appending("filler").string]).finish()
    for number in 1...500 { journal.append(Sample.numbered(number, padding: 100)) }
    #expect(read(cursor, 500).sequences == Array(1...500))
    for _ in 0..<6000 where journal.status.storage?.problem == nil { usleep(10_000) }
    #expect(journal.status.storage?.problem == "\(disk.path): No space left on device")
    cursor.acknowledge(through: 400)
    Disk.unlink(disk.path.appending("filler"))
    for _ in 0..<6000 where journal.status.storage?.storedThrough != 500 { usleep(10_000) }
    #expect(journal.status.storage?.problem == nil)
    journal.close()

    let again = try Journal(storage: JournalStorage(directory: disk.path.string))
    #expect(again.recovery == JournalRecovery())
    #expect(read(try again.makeCursor(named: "sink"), 100).sequences == Array(401...500))
    again.close()
  }

  /// Ends of the records in a segment, found through the journal itself: opens of cut files tell.
  private func recordEnds(of bytes: [UInt8]) throws -> [Int] {
    var ends: [Int] = []
    var position = 28
    while position < bytes.count {
      let count = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << ($1 * 8) }
      position += 8 + count
      ends.append(position)
    }
    return ends
  }
}

/// A file system of its own, small or read-only; `nil` with a message where mounting is not allowed.
final class SmallDisk {
  let path: FilePath

  init?(in directory: TemporaryDirectory, options: String) throws {
    path = directory.path.appending("disk")
    guard geteuid() == 0 else {
      print("skipped: mounting a file system needs root")
      return nil
    }
    Disk.mkdir(path)
    let mounted = try Program("/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", path.string]).finish()
    guard mounted.status == 0 else {
      print("skipped: \(mounted.errors)")
      return nil
    }
  }

  deinit { _ = try? Program("/bin/umount", ["-l", path.string]).finish() }
}
