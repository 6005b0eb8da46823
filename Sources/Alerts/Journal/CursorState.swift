/// Where a cursor stands; guarded by the journal's lock.
struct CursorState {
  let name: String
  let bell: Bell
  /// The next number to read.
  private(set) var position: UInt64
  private(set) var acknowledged: UInt64
  var isWaiting = false
  /// Missed for good: passed over, and acknowledged as such.
  private var missed: UInt64 = 0
  /// What was passed over since the last rewind and is not acknowledged. A rewind forgets it, since then more may be
  /// gone: also what had been read.
  private var gaps: [ClosedRange<UInt64>] = []

  init(name: String, bell: Bell, start: UInt64) {
    self.name = name
    self.bell = bell
    position = start
    acknowledged = start - 1
  }

  mutating func advance(by count: Int) { position += UInt64(count) }

  /// Moves on to the oldest alert that is there.
  /// - Returns: the numbers that are passed over.
  mutating func skip(to first: UInt64) -> ClosedRange<UInt64>? {
    guard position < first else { return nil }
    let gap = position...first - 1
    gaps.append(gap)
    position = first
    return gap
  }

  mutating func acknowledge(through sequence: UInt64) {
    guard sequence > acknowledged else { return }
    acknowledged = sequence
    position = max(position, acknowledged + 1)
    var open: [ClosedRange<UInt64>] = []
    for gap in gaps {
      guard gap.upperBound > acknowledged else {
        missed += UInt64(gap.count)
        continue
      }
      let start = max(gap.lowerBound, acknowledged + 1)
      missed += start - gap.lowerBound
      open.append(start...gap.upperBound)
    }
    gaps = open
  }

  mutating func rewind() {
    position = acknowledged + 1
    gaps = []
  }

  /// This cursor in a journal that has the numbers from `oldest` to before `next`; what it has not yet noticed to be gone
  /// counts as missed already.
  func status(oldest: UInt64, next: UInt64) -> CursorStatus {
    let open = gaps.reduce(UInt64(0)) { $0 + UInt64($1.count) }
    let unnoticed = oldest > position ? oldest - position : 0
    return CursorStatus(
      name: name, acknowledged: acknowledged, lag: next - 1 - acknowledged,
      missed: missed + open + unnoticed)
  }
}
