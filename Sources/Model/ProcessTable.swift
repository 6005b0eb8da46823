/// The processes that live, and for a while those that ended.
///
/// Only the engine's thread uses it. A row that ended can be found for a moment longer, since records of other
/// sources come late, and lives on in its descendants' `ancestors`. The room is bounded; what is evicted is counted.
public struct ProcessTable {
  /// Rows of ended processes that can still be found by key, and for how long (nanoseconds).
  static let endedLimit = 4096
  static let endedRetention: UInt64 = 10_000_000_000
  /// Processes that have ended and are remembered as creators, by all living ones together; and after how many that have
  /// ended it is seen whether there are more.
  static let memoryLimit = 65_536
  private static let memoryCheck = 16_384

  private var live: [Int32: ProcessRow] = [:]
  private var ended: [ProcessKey: ProcessRow] = [:]
  private var endedLast: [Int32: ProcessRow] = [:]
  private var endedOrder = Queue<(key: ProcessKey, stamp: UInt64)>()
  private var birthOrder = Queue<(pid: Int32, serial: UInt64)>()
  private var serial: UInt64 = 0
  private let limit: Int
  /// Rows that became memories since these were counted.
  private var newMemories = 0
  /// Which count a memory was in last.
  private var pass: UInt32 = 0
  /// Rows of living processes, and memories of their creators, that were dropped for want of room.
  public private(set) var evictions: UInt64 = 0

  /// - Parameter limit: living processes at most.
  init(limit: Int) { self.limit = max(1, limit) }

  /// Births that are remembered, for the order in which rows go when there is no room.
  var rememberedBirths: Int { birthOrder.count }

  /// How many living processes are known.
  public var count: Int { live.count }

  /// The rows of living processes, in no order.
  public var rows: some Collection<ProcessRow> { live.values }

  /// The living process that has this pid now.
  public func row(_ pid: Int32) -> ProcessRow? { live[pid] }

  /// The process of this key, living or lately ended.
  public func row(_ key: ProcessKey) -> ProcessRow? {
    if let row = live[key.pid], row.startTicks == key.startTicks { return row }
    return ended[key]
  }

  /// The process that had this pid last and has ended, as long as it can be found.
  func lastEnded(_ pid: Int32) -> ProcessRow? { endedLast[pid] }

  /// Adds the row of a process that was just met, or lives after all; the pid must be free.
  /// - Returns: the rows that had to go for it, which their owner ends.
  mutating func insert(_ row: ProcessRow) -> [ProcessRow] {
    var victims: [ProcessRow] = []
    while live.count >= limit, let oldest = birthOrder.popFirst() {
      guard let victim = live[oldest.pid], victim.serial == oldest.serial else { continue }
      live[oldest.pid] = nil
      evictions += 1
      victims.append(victim)
    }
    serial += 1
    row.serial = serial
    live[row.pid] = row
    birthOrder.append((row.pid, serial))
    // Of those who have ended nothing must stay: half a million of them would be 8 MB that grow for an hour.
    if birthOrder.count > 2 * live.count + 1024 { compactBirths() }
    return victims
  }

  /// Moves a row to the ended ones.
  mutating func end(_ row: ProcessRow, stamp: UInt64) {
    guard live[row.pid] === row else { return }
    live[row.pid] = nil
    ended[row.key] = row
    endedLast[row.pid] = row
    endedOrder.append((row.key, stamp))
    forgetEnded(now: stamp)
  }

  /// Drops ended rows that nobody will ask for any more; their descendants keep them as ancestors.
  mutating func forgetEnded(now: UInt64) {
    while let first = endedOrder.first,
      endedOrder.count > Self.endedLimit || first.stamp &+ Self.endedRetention < now
    {
      _ = endedOrder.popFirst()
      guard let row = ended.removeValue(forKey: first.key), row.hasEnded else { continue }
      if endedLast[first.key.pid] === row { endedLast[first.key.pid] = nil }
      row.becomeMemory()
      newMemories += 1
    }
    guard newMemories >= Self.memoryCheck else { return }
    newMemories = 0
    boundMemories()
  }

  /// Forgets creators that have ended, the farthest of each process, where they are too many: who has each process made
  /// by a chain of others that end at once could have sixteen kept for each.
  private mutating func boundMemories() {
    guard live.count > Self.memoryLimit / ProcessRow.ancestorLimit else { return }
    let before = countMemories()
    guard before > Self.memoryLimit else { return }
    // At least one, or the reaper would pass for the creator.
    let share = max(1, Self.memoryLimit / 2 / live.count)
    for row in live.values { row.remember(endedAncestors: share) }
    evictions += UInt64(before - countMemories())
  }

  /// How many processes that have ended are remembered as creators.
  mutating func countMemories() -> Int {
    pass &+= 1
    var count = 0
    for row in live.values {
      for ancestor in row.ancestors where ancestor.hasEnded && ancestor.pass != pass {
        ancestor.pass = pass
        count += 1
      }
    }
    return count
  }

  private mutating func compactBirths() {
    var kept = Queue<(pid: Int32, serial: UInt64)>()
    while let birth = birthOrder.popFirst() {
      if live[birth.pid]?.serial == birth.serial { kept.append(birth) }
    }
    birthOrder = kept
  }
}

/// First in, first out, in one array.
struct Queue<Element> {
  private var elements: [Element] = []
  private var head = 0

  var count: Int { elements.count - head }
  var first: Element? { head < elements.count ? elements[head] : nil }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    head += 1
    if head > 1024, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }
}
