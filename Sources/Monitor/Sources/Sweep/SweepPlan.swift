import Host

/// What the sweep does next: a pass is a listing of `/proc`, a glance at each process, then a full read of those that
/// look new or changed and, in turn, of some that do not.
///
/// It remembers how each process looked, only to save reads: what changed is the model's to say. A value; the sweep's
/// readers share it under a lock, so that one goes on where another was held.
struct SweepPlan {
  enum Step: Equatable {
    /// List the processes.
    case list
    /// Read the stat line of this process.
    case glance(Int32)
    /// State that the listing of this number, begun at this stamp, is over.
    case endListing(Int32, began: UInt64)
    /// Read all that is needed of this process.
    case read(Int32)
    /// Nothing to do until the next pass.
    case rest
  }

  /// How a process looks at a glance.
  struct Look: Equatable {
    var startTicks: UInt64
    var parentPID: Int32
    var group: Int32
    var session: Int32
    var terminal: Int32
    var hasNotExecuted: Bool
    var nameHash: Int
  }

  private enum Phase { case listing, glancing, ending, reading, resting }

  private var phase = Phase.listing
  private var listing: Int32 = 0
  private var listingBegan: UInt64 = 0
  private var pids: [Int32] = []
  private var next = 0
  private var toRead: [Int32] = []
  private var looks: [Int32: Look] = [:]
  private var seen: [Int32: Look] = [:]
  private var rotation = 0
  /// Processes that look the same and are read in full nevertheless, in each pass.
  var rereadLimit: Int

  init(rereadLimit: Int) { self.rereadLimit = rereadLimit }

  /// The next step; the caller does it and tells the outcome.
  mutating func step() -> Step {
    switch phase {
    case .listing: return .list
    case .glancing:
      if next < pids.count {
        next += 1
        return .glance(pids[next - 1])
      }
      phase = .ending
      return step()
    case .ending:
      endGlances()
      return .endListing(listing, began: listingBegan)
    case .reading:
      if next < toRead.count {
        next += 1
        return .read(toRead[next - 1])
      }
      phase = .resting
      return .rest
    case .resting: return .rest
    }
  }

  /// The outcome of `.list`.
  mutating func listed(_ pids: [Int32], began: UInt64) {
    listing += 1
    listingBegan = began
    self.pids = pids
    next = 0
    seen.removeAll(keepingCapacity: true)
    toRead.removeAll(keepingCapacity: true)
    phase = .glancing
  }

  /// The outcome of `.list` when it failed: the pass is over, and nobody is taken for gone.
  mutating func listingFailed() { phase = .resting }

  /// The outcome of `.glance` for a process that was still there.
  /// - Returns: whether it looks new or changed.
  mutating func glanced(_ pid: Int32, _ look: Look) -> Bool {
    seen[pid] = look
    let isChanged = looks[pid] != look
    if isChanged { toRead.append(pid) }
    return isChanged
  }

  /// The number of the listing at work.
  var listingNumber: Int32 { listing }

  /// Begins a pass.
  mutating func begin() { phase = .listing }

  private mutating func endGlances() {
    swap(&looks, &seen)
    let changed = Set(toRead)
    var left = min(rereadLimit, pids.count)
    for offset in 0..<pids.count where left > 0 {
      let index = (rotation + offset) % pids.count
      let pid = pids[index]
      left -= 1
      if looks[pid] != nil, !changed.contains(pid) { toRead.append(pid) }
    }
    if !pids.isEmpty { rotation = (rotation + min(rereadLimit, pids.count)) % pids.count }
    next = 0
    phase = .reading
  }
}
