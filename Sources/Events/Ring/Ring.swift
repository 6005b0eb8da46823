// Unsafe: the lock-free ring. What must never be broken:
//  - One thread at a time writes (`push`), one reads (`drain`); nobody else touches `storage`.
//  - `head` and `tail` only grow; both are byte positions, and position & mask is the place in `storage`.
//  - The writer stores a record's bytes first and `head` after (release); the reader loads `head` (acquire) and
//    then the bytes. The reader is done with the bytes before it stores `tail` (release); the writer loads `tail`
//    (acquire) before it overwrites them. These two pairs are the whole protocol.
//  - A record never wraps: what does not fit before the end is preceded by padding up to the end.

import Synchronization

/// A lock-free ring for one writing and one reading thread, holding records of variable length.
///
/// `@unchecked Sendable`: both threads share it by design; the protocol in this file's header keeps them apart.
/// The writing side may be handed from thread to thread when the hand-over itself synchronises (a lock).
@safe
public final class Ring: @unchecked Sendable {
  private let storage: UnsafeMutableRawBufferPointer
  private let mask: UInt64

  // The pads keep what one side writes off the line that the other writes; without them every push takes the line
  // away from the reader.
  private let head = Atomic<UInt64>(0)
  private var tailSeen: UInt64 = 0
  private let writerPad: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0, 0, 0, 0, 0, 0, 0, 0
  )
  private let tail = Atomic<UInt64>(0)
  private var headSeen: UInt64 = 0
  private let readerPad: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0, 0, 0, 0, 0, 0, 0, 0
  )

  /// - Parameter capacityBytes: rounded up to a power of two, at least two records of the greatest size.
  public init(capacityBytes: Int) {
    var size = 2 * RecordWriter.capacity
    while size < capacityBytes { size *= 2 }
    mask = UInt64(size - 1)
    unsafe storage = .allocate(byteCount: size, alignment: 64)
  }

  /// For tests: starts at a position other than 0, so that every wrap can be met.
  init(capacityBytes: Int, startingAt position: UInt64) {
    precondition(position % 8 == 0 && capacityBytes.nonzeroBitCount == 1)
    mask = UInt64(capacityBytes - 1)
    unsafe storage = .allocate(byteCount: capacityBytes, alignment: 64)
    head.store(position, ordering: .relaxed)
    tail.store(position, ordering: .relaxed)
    tailSeen = position
    headSeen = position
  }

  deinit { unsafe storage.deallocate() }

  /// Bytes of room in all.
  public var capacityBytes: Int { Int(mask) + 1 }

  /// Bytes waiting to be read; any thread may ask, the answer is old when it comes.
  public var waitingBytes: Int {
    // relaxed: a figure for people, nothing is read through it.
    // The tail first: it never passes a head that is read later.
    let read = tail.load(ordering: .acquiring)
    return Int(head.load(ordering: .relaxed) &- read)
  }

  /// Copies the writer's record into the ring. The writing thread only.
  /// - Returns: `false` when there is no room: the record is lost, and the caller counts it.
  public func push(_ record: borrowing RecordWriter) -> Bool {
    unsafe record.withRecord { bytes in unsafe push(bytes) }
  }

  private func push(_ record: UnsafeRawBufferPointer) -> Bool {
    // relaxed: only this thread stores `head`.
    let position = head.load(ordering: .relaxed)
    let offset = Int(position & mask)
    let untilEnd = capacityBytes - offset
    let recordSize = record.count
    let padding = recordSize <= untilEnd ? 0 : untilEnd
    let needed = UInt64(padding + recordSize)
    let size = mask + 1
    if size - (position - tailSeen) < needed {
      // acquire: pairs with the reader's release in `drain`; the bytes before `tail` are free to overwrite.
      tailSeen = tail.load(ordering: .acquiring)
      if size - (position - tailSeen) < needed { return false }
    }
    if padding > 0 {
      // SAFETY: positions are multiples of 8, so at least 8 bytes are left before the end.
      unsafe storage.storeBytes(
        of: UInt32(padding), toByteOffset: offset + RecordLayout.size, as: UInt32.self)
      unsafe storage.storeBytes(of: 0, toByteOffset: offset + RecordLayout.kind, as: UInt16.self)
    }
    let place = padding > 0 ? 0 : offset
    // SAFETY: the record fits between `place` and the end, and the reader has left these bytes.
    unsafe UnsafeMutableRawBufferPointer(rebasing: storage[place..<place + recordSize]).copyMemory(
      from: record)
    // release: pairs with the reader's acquire in `drain`; the bytes are there before the position is.
    head.store(position + needed, ordering: .releasing)
    return true
  }

  /// Lends waiting records in order until `body` returns `false` for one, which stays, or `limit` were taken.
  /// The reading thread only.
  /// - Returns: how many were taken.
  public func drain(limit: Int = .max, _ body: (borrowing RecordView) -> Bool) -> Int {
    // relaxed: only this thread stores `tail`.
    var position = tail.load(ordering: .relaxed)
    var taken = 0
    while taken < limit {
      if position == headSeen {
        // acquire: pairs with the writer's release in `push`; the bytes up to `head` are whole.
        headSeen = head.load(ordering: .acquiring)
        if position == headSeen { break }
      }
      let offset = Int(position & mask)
      // SAFETY: the writer stored a size that ends before the end of the storage.
      let size = unsafe Int(storage.load(fromByteOffset: offset + RecordLayout.size, as: UInt32.self))
      let kind = unsafe storage.load(fromByteOffset: offset + RecordLayout.kind, as: UInt16.self)
      if kind != RecordKind.padding.rawValue {
        let view = unsafe RecordView(bytes: UnsafeRawBufferPointer(rebasing: storage[offset..<offset + size]))
        guard body(view) else { break }
        taken += 1
      }
      position += UInt64(size)
      // release: pairs with the writer's acquire in `push`; the record is no longer read.
      tail.store(position, ordering: .releasing)
    }
    return taken
  }
}
