import Alerts
import Synchronization
import System
import SystemPackage

/// Serves the tails at the control socket, on one thread of its own: none of them can hold up another, the engine or an
/// output.
///
/// `start` and `stop` belong to the main thread, `take` to the control thread.
final class TailServer: Sendable {
  static let limit = 32
  /// The group's share: its members cannot keep root out.
  static let groupLimit = 24
  /// While alerts come one by one they are sent in blocks: a call for each would cost more than the alert.
  private static let pauseMilliseconds: UInt32 = 5
  /// The disk rings nobody while it stands still, and a tail that takes nothing has to be noticed.
  private static let wakeMilliseconds: Int32 = 1000

  let counts = TailCounts()
  private let terms: TailTerms
  private let watch: JournalWatch
  private let arrivals = Mutex<[(ControlConnection, TailRequest)]>([])
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<NamedThread?>(nil)

  init(_ terms: TailTerms) throws(JournalError) {
    self.terms = terms
    watch = try JournalWatch(terms.journal)
  }

  func start() throws(Errno) {
    try thread.withLock { slot throws(Errno) in
      slot = try NamedThread("wh-tail") {
        SignalMask.blockAll()
        self.run()
      }
    }
  }

  /// Sends what tails take of the last alerts, ends the thread and hangs up.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    watch.ring()
    if let thread = thread.withLock({ $0.take() }) { thread.join() }
  }

  /// Takes a tail over.
  /// - Returns: whether there is room for it.
  func take(_ connection: ControlConnection, _ request: TailRequest) -> Bool {
    // Only this thread adds, so that the limit holds.
    guard counts.connected.load(ordering: .relaxed) < (connection.isOwner ? Self.limit : Self.groupLimit)
    else { return false }
    counts.connected.add(1, ordering: .relaxed)
    arrivals.withLock { $0.append((connection, request)) }
    watch.ring()
    return true
  }

  private func run() {
    var sessions: [TailSession] = []
    var lines = TailLines()
    var set = PollSet()
    while !isStopping.load(ordering: .acquiring) {
      watch.quieten()
      welcome(&sessions)
      let now = Clock.monotonicNanoseconds
      let before = sessions.reduce(0) { $0 &+ $1.position }
      for session in sessions { session.serve(&lines, now: now) }
      let hasAdvanced = sessions.reduce(0) { $0 &+ $1.position } != before
      remove(&sessions) { $0.progress == .isOver }
      if sessions.isEmpty { lines.forget() }

      let isBusy = sessions.contains { $0.progress == .hasMore }
      if hasAdvanced && !isBusy { Clock.sleep(milliseconds: Self.pauseMilliseconds) }
      wait(for: sessions, isBusy: isBusy, &set)
      var position = 1
      remove(&sessions) { session in
        defer { position += 1 }
        return set.hasInput(position) && !session.hear()
      }
    }
    for session in sessions { session.serve(&lines, now: Clock.monotonicNanoseconds) }
  }

  private func welcome(_ sessions: inout [TailSession]) {
    let arrived = arrivals.withLock { arrivals in
      defer { arrivals = [] }
      return arrivals
    }
    sessions += arrived.map { TailSession($0, $1, terms) }
  }

  private func wait(for sessions: [TailSession], isBusy: Bool, _ set: inout PollSet) {
    set.removeAll()
    set.add(watch.descriptor, input: true, output: false)
    for session in sessions {
      set.add(session.connection.socket.descriptor, input: true, output: session.progress == .waits)
    }
    let next = sessions.filter { $0.progress == .isCaughtUp }.map(\.position).min()
    let hasNews = next.map { watch.hasNews(from: $0) } ?? false
    set.wait(milliseconds: isBusy || hasNews ? 0 : sessions.isEmpty ? -1 : Self.wakeMilliseconds)
  }

  private func remove(_ sessions: inout [TailSession], where isOver: (TailSession) -> Bool) {
    sessions.removeAll { session in
      guard isOver(session) else { return false }
      counts.connected.subtract(1, ordering: .relaxed)
      if session.wasDropped { counts.dropped.add(1, ordering: .relaxed) }
      return true
    }
  }
}

/// How many tails there are, and how many were let go since they were too slow. Any thread may read.
final class TailCounts: Sendable {
  let connected = Atomic<Int>(0)
  let dropped = Atomic<UInt64>(0)

  var now: (connected: Int, dropped: UInt64) {
    (connected.load(ordering: .relaxed), dropped.load(ordering: .relaxed))
  }
}
