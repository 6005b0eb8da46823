import Synchronization

/// The processes whose memory held a reader: it is not read again while they live. Any thread may ask.
///
/// Known by pid alone, since whoever was held could not read the start time either; a pid that comes back is read
/// again after `forget`, which the connector's exit record calls.
final class StuckProcesses: Sendable {
  /// More than this at once is an attack on the agent: the oldest is then read again and, if need be, caught again.
  static let limit = 256

  private let count = Atomic<Int>(0)
  private let pids = Mutex<[Int32]>([])

  /// Whether there is none.
  var isEmpty: Bool { count.load(ordering: .relaxed) == 0 }

  func contains(_ pid: Int32) -> Bool {
    // relaxed: nearly always 0; a reader that comes a moment too early is caught by the deadline.
    count.load(ordering: .relaxed) > 0 && pids.withLock { $0.contains(pid) }
  }

  func insert(_ pid: Int32) {
    pids.withLock { pids in
      guard !pids.contains(pid) else { return }
      if pids.count == Self.limit { pids.removeFirst() }
      pids.append(pid)
      count.store(pids.count, ordering: .relaxed)
    }
  }

  /// Forgets those that are not among the processes that live, given in ascending order or any other.
  func keep(only living: [Int32]) {
    guard count.load(ordering: .relaxed) > 0 else { return }
    let living = Set(living)
    pids.withLock { pids in
      pids.removeAll { !living.contains($0) }
      count.store(pids.count, ordering: .relaxed)
    }
  }

  func forget(_ pid: Int32) {
    guard count.load(ordering: .relaxed) > 0 else { return }
    pids.withLock { pids in
      pids.removeAll { $0 == pid }
      count.store(pids.count, ordering: .relaxed)
    }
  }
}
