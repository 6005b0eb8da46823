import Synchronization
import System
import SystemPackage

/// The directory of the journal's segments: which there are, and what was found in it at the start. Any thread may
/// call; the directory is locked against a second agent.
final class SegmentStore: Sendable {
  struct Segment: Equatable {
    var firstSequence: UInt64
    var madeNanoseconds: UInt64
    var byteCount: Int64
  }

  let directory: FilePath
  private let lock: OpenFile
  /// In the order of their numbers.
  private let segments: Mutex<[Segment]>
  let recovery: JournalRecovery
  /// The number of the newest entry that was found, or that a reader had acknowledged.
  let lastSequence: UInt64

  /// Makes the directory if need be, locks it and looks through it.
  /// - Throws: `unusable` with the reason, `inUse` when another process has it.
  init(directory: FilePath) throws(JournalError) {
    self.directory = directory
    do {
      try Directory.make(directory)
      lock = try OpenFile(directory.appending("lock"), .readWrite, options: [.create])
    } catch {
      throw .unusable(path: directory.string, reason: "\(error)")
    }
    guard lock.descriptor.lockExclusively() else { throw .inUse(path: directory.string) }
    let found = try SegmentRecovery(directory).run()
    segments = Mutex(found.segments)
    recovery = found.recovery
    lastSequence = found.lastSequence
  }

  /// Lets another process have the directory; nothing is written after it.
  func unlock() { lock.descriptor.unlock() }

  var all: [Segment] { segments.withLock { $0 } }

  var byteCount: Int64 { segments.withLock { $0.reduce(0) { $0 + $1.byteCount } } }

  /// The number of the oldest entry, as far as the segments' names tell.
  var oldestSequence: UInt64? { segments.withLock { $0.first?.firstSequence } }

  func path(of firstSequence: UInt64) -> FilePath {
    directory.appending(SegmentFormat.fileName(firstSequence: firstSequence))
  }

  /// The segment in which an entry of this number must be, or the first one behind it.
  func segment(for sequence: UInt64) -> Segment? {
    segments.withLock { $0.last { $0.firstSequence <= sequence } ?? $0.first }
  }

  /// The segment that comes after the one of this first number.
  func segment(after firstSequence: UInt64) -> Segment? {
    segments.withLock { $0.first { $0.firstSequence > firstSequence } }
  }

  func add(_ segment: Segment) { segments.withLock { $0.append(segment) } }

  func setByteCountOfLast(_ byteCount: Int64) {
    segments.withLock { $0[$0.count - 1].byteCount = byteCount }
  }

  /// Removes the oldest segment, unless it is the only one.
  /// - Returns: whether it was removed.
  func removeFirst() -> Bool {
    let first = segments.withLock { $0.count > 1 ? $0.removeFirst() : nil }
    guard let first else { return false }
    // If the file stays, the next start finds it again.
    try? Directory.removeFile(path(of: first.firstSequence))
    return true
  }
}

/// What was wrong with a journal when it was opened; all zero after a clean end.
public struct JournalRecovery: Equatable, Sendable {
  /// Bytes of a record that was being written when the agent died. No sink had seen it.
  public var tornBytes: Int64 = 0
  /// Segments whose header or name cannot be true; they are set aside as `damaged`, the newest only.
  public var damagedSegments = 0

  public init() {}
}
