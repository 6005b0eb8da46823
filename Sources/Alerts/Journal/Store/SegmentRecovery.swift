import System
import SystemPackage

/// Looks through the journal's directory at the start, and puts right what a sudden death left behind.
struct SegmentRecovery {
  private let directory: FilePath
  private(set) var segments: [SegmentStore.Segment] = []
  private(set) var recovery = JournalRecovery()
  private(set) var lastSequence: UInt64 = 0

  init(_ directory: FilePath) { self.directory = directory }

  consuming func run() throws(JournalError) -> SegmentRecovery {
    do {
      let names = try Directory.names(in: directory).sorted()
      for name in names {
        guard let first = SegmentFormat.firstSequence(ofFileName: name) else { continue }
        try take(
          name, first, isLast: name == names.last { SegmentFormat.firstSequence(ofFileName: $0) != nil })
      }
      // A receiver must never see a number for two alerts, so numbers that were acknowledged count as given.
      for name in names where CursorFile.isCursorFile(name) {
        let cursor = try CursorFile(directory.appending(name))
        lastSequence = max(lastSequence, cursor.acknowledged ?? 0)
      }
    } catch {
      throw .unusable(path: directory.string, reason: "\(error)")
    }
    return self
  }

  private mutating func take(_ name: String, _ first: UInt64, isLast: Bool) throws(Errno) {
    let path = directory.appending(name)
    var byteCount: Int64
    let made: UInt64
    do throws(Errno) {
      var reader = try SegmentReader(path)
      guard reader.header.firstSequence == first else { throw .illegalByteSequence }
      made = reader.header.madeNanoseconds
      byteCount = try Self.size(of: path)
      lastSequence = max(lastSequence, first - 1)
      if isLast {
        while let payload = reader.next() {
          lastSequence = max(lastSequence, EntryCoding.sequence(of: payload) ?? 0)
        }
        recovery.tornBytes += byteCount - reader.offset
        byteCount = reader.offset
      }
    } catch .illegalByteSequence {
      let isWhole = try Self.size(of: path) >= SegmentFormat.headerBytes
      return try setAside(path, isTorn: isLast && !isWhole)
    }
    segments.append(SegmentStore.Segment(firstSequence: first, madeNanoseconds: made, byteCount: byteCount))
  }

  /// A last segment without a whole header was being made when the agent died: nothing is lost with it.
  private mutating func setAside(_ path: FilePath, isTorn: Bool) throws(Errno) {
    guard !isTorn else {
      recovery.tornBytes += try Self.size(of: path)
      return try Directory.removeFile(path)
    }
    recovery.damagedSegments += 1
    try Directory.rename(path, to: directory.appending("damaged"))
  }

  private static func size(of path: FilePath) throws(Errno) -> Int64 { try Stat(path).size }
}
