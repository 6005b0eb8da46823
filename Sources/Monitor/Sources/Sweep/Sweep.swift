import Events
import Host
import Model
import System

/// The reads and records of one pass over `/proc`. One thread uses it.
struct Sweep: ~Copyable {
  private let root: HostRoot
  private let feed: RecordFeed
  private let stuck: StuckProcesses
  private var details: DetailReader
  private var record = RecordWriter()
  /// (pid, start ticks) of the processes seen since the last record of presence.
  private var presence: [UInt64] = []
  private static let presenceLimit = 256

  init(root: HostRoot, needs: Needs, scope: DetailScope, feed: RecordFeed, stuck: StuckProcesses) {
    self.root = root
    self.feed = feed
    self.stuck = stuck
    details = DetailReader(root: root, needs: needs, scope: scope, stuck: stuck, losses: feed.losses)
  }

  /// Tells `requests` of every container that is met.
  mutating func report(containersTo requests: ContainerRequests) { details.report(containersTo: requests) }

  /// Says whose memory held the reader before, and reads the rest of what is needed of that process.
  mutating func reportStuck(_ held: StuckRead, _ lease: borrowing ReaderLease) {
    stuck.insert(held.pid)
    feed.losses.count(.readerStuck)
    read(held.pid, lease)
    record.begin(.tampering, from: .procfs, stamp: Clock.monotonicNanoseconds, pid: held.pid)
    push(.tampering, lease)
  }

  /// Sends a new value of users and groups.
  mutating func send(_ value: Accounts, through slot: MailSlot<Accounts>, _ lease: borrowing ReaderLease) {
    slot.put(value)
    record.begin(.notice, from: .procfs, stamp: Clock.monotonicNanoseconds, pid: 0)
    record.append(.mailbox, Mailbox.accounts.rawValue)
    push(.notice, lease)
  }

  /// The processes that `/proc` lists; `nil`, counted, when it could not be read to its end: a part of a listing says
  /// nothing about who is gone.
  mutating func list() -> [Int32]? {
    var pids: [Int32] = []
    do {
      var listing = try ProcessListing(root: root)
      while let pid = try listing.next() { pids.append(pid) }
    } catch {
      feed.losses.count(.unreadable)
      return nil
    }
    stuck.keep(only: pids)
    return pids
  }

  /// Reads the stat line and states it when it looks new.
  /// - Parameter note: takes the look; tells whether it is new, and the listing's number.
  mutating func glance(
    at pid: Int32, _ lease: borrowing ReaderLease, note: (SweepPlan.Look) -> (isNew: Bool, listing: Int32)
  ) {
    details.select(pid)
    record.begin(.state, from: .procfs, stamp: Clock.monotonicNanoseconds, pid: pid)
    guard let stat = details.appendStat(to: &record) else {
      // It is there, though it cannot be read.
      if !details.isGone { presence += [UInt64(UInt32(bitPattern: pid)), 0] }
      return
    }
    // Reaped between the opening and the read: it is gone.
    if stat.isReleased { return }
    let look = SweepPlan.Look(
      startTicks: stat.startTicks, parentPID: stat.parentPID, group: stat.processGroup, session: stat.session,
      terminal: stat.terminal, hasNotExecuted: stat.flags & 0x40 != 0, nameHash: details.lastNameHash)
    let noted = note(look)
    presence += [UInt64(UInt32(bitPattern: pid)), stat.startTicks]
    if noted.isNew { push(.state, lease) }
    if presence.count >= 2 * Self.presenceLimit { pushPresence(noted.listing, lease) }
  }

  /// States what was still to be said of the listing, and that it is over.
  mutating func endListing(_ number: Int32, began: UInt64, _ lease: borrowing ReaderLease) {
    pushPresence(number, lease)
    record.begin(.listingEnded, from: .procfs, stamp: began, pid: number)
    push(.listingEnded, lease)
  }

  /// Reads all that is needed of a process and states it.
  mutating func read(_ pid: Int32, _ lease: borrowing ReaderLease) {
    details.select(pid)
    record.begin(.state, from: .procfs, stamp: Clock.monotonicNanoseconds, pid: pid)
    guard let stat = details.appendStat(to: &record), !stat.isReleased else { return }
    if !stat.isKernelThread {
      // A kernel thread has neither memory nor program; every other process that lacks them has gone.
      guard details.appendLinks(to: &record) || stat.isZombie, appendMemory(of: pid, lease) else { return }
    }
    guard details.appendPlace(to: &record), details.appendCredentials(to: &record) else {
      return
    }
    guard stat.isKernelThread || appendLate(of: pid, lease) else { return }
    record.insert(.filled)
    push(.state, lease)
  }

  /// - Returns: whether the process was still there and the work is still ours.
  private mutating func appendMemory(of pid: Int32, _ lease: borrowing ReaderLease) -> Bool {
    guard details.needsArguments else { return true }
    guard lease.mayRisk else {
      feed.losses.count(.notRisked, of: .state)
      return true
    }
    let outcome = lease.reading(memoryOf: pid) { details.appendArguments(of: pid, to: &record) }
    return outcome.map { $0 != .missing } ?? false
  }

  /// What only some rules want to know of only some programs.
  /// - Returns: whether the work is still ours.
  private mutating func appendLate(of pid: Int32, _ lease: borrowing ReaderLease) -> Bool {
    let late = details.lateNeeds
    guard !late.isEmpty else { return true }
    details.appendLate(late, to: &record)
    guard !late.isDisjoint(with: DetailReader.heldNeeds) else { return true }
    guard !stuck.contains(pid), lease.mayRisk else {
      feed.losses.count(.notRisked, of: .state)
      return true
    }
    return lease.reading(memoryOf: pid) { details.appendHeld(late, to: &record) } != nil
  }

  private mutating func pushPresence(_ listing: Int32, _ lease: borrowing ReaderLease) {
    guard !presence.isEmpty else { return }
    record.begin(.present, from: .procfs, stamp: Clock.monotonicNanoseconds, pid: listing)
    record.append(.presence, presence)
    presence.removeAll(keepingCapacity: true)
    push(.present, lease)
  }

  /// Waits for room outside the lock, then pushes while the work is ours.
  private mutating func push(_ kind: RecordKind, _ lease: borrowing ReaderLease) {
    while lease.isCurrent {
      let pushed = lease.commit { feed.offer(record) }
      guard pushed == false else { return }
      Clock.sleep(milliseconds: 1)
    }
  }
}
