import Events
import Host
import System
import SystemPackage

/// States mounts that come and go in every mount namespace that it knows. One thread uses it.
///
/// It knows the namespaces of the processes that it is told of, and those that a look at all processes shows now and
/// then. Each is watched through one process, and let go at once when that has ended, since an open table keeps the
/// namespace alive; the table is remembered for a while, for another process of the same namespace.
struct MountWatch: ~Copyable {
  /// Namespaces watched at once, where the process may open files enough; each takes two descriptors. Anybody can make
  /// that many: one that the engine names, a container's, takes the place of the oldest that it did not name.
  static let namespaceLimit = 1000
  /// Descriptors that everything else is left.
  private static let otherDescriptors = 600
  /// Bytes of one table: some eight thousand mounts.
  static let tableLimit = 1 << 20
  /// Until the first look at all processes: the engine knows the containers by then.
  private static let firstLookNanoseconds: UInt64 = 3_000_000_000
  private static let lookNanoseconds: UInt64 = 60_000_000_000
  /// Until the next look when a namespace has lost the process through which it was seen.
  private static let hurriedNanoseconds: UInt64 = 5_000_000_000
  /// A namespace that changes all the time is left alone for so many times the CPU time of a read: 5 % of a core.
  private static let restFactor: UInt64 = 20
  private static let restNanoseconds: ClosedRange<UInt64> = 5_000_000...2_000_000_000

  /// One namespace.
  private struct Watched {
    /// `nil` once its process has ended.
    var file: MountNamespaceFile?
    var table = MountTable()
    /// When it was first met.
    let met = Clock.monotonicNanoseconds
    /// Not read again before this moment.
    var restEnd: UInt64 = 0
    /// When its process had ended, in clock ticks since boot.
    var orphanedTicks: UInt64 = 0
    /// Looks at all processes since its process ended that showed none other of it.
    var missedLooks = 0
    /// Its process is a new one: what was known may be of another namespace that had the same number.
    var isFresh = true
    /// Whether a table was read whose root directory is not the host's own.
    var hasOwnRoot = false
    /// Whether the engine named its process: it knows which container that is in.
    var isNamed = false
    /// The container that it was named for last.
    var container: [UInt8]?
    /// Whether what a container had better not have was told since.
    var isIntroduced = false
    /// So many bytes of its table are read, once one was cut: what comes to light later was not mounted then.
    var cut = Int.max

    /// Anybody can make such ones.
    var isStranger: Bool { !isNamed && !isIntroduced }
  }

  private let root: HostRoot
  private let limits: MountLimits
  private let hostNamespace: UInt64?
  private let feed: RecordFeed
  private let progress: MountProgress
  /// What is mounted on the host's own root directory, which a new namespace is a copy of.
  private var hostRoots: [Mount] = []
  private var watched: [UInt64: Watched] = [:]
  /// For which there was no room since the last look at all processes.
  private var unwatched: Set<UInt64> = []
  /// The namespaces in the order of `poll`.
  private var order: [UInt64] = []
  private var poll = MountPoll()
  private var directory: ProcessDirectory
  private var buffer = ReadBuffer()
  private var teller: MountTeller
  private var pace = MountPace()
  /// Namespaces whose tables are to be read when the pace allows it.
  private var waiting: [UInt64] = []
  private var nextLook = Clock.monotonicNanoseconds + firstLookNanoseconds

  /// How many namespaces can be watched at once. Asks the kernel for the files that the most of them take.
  static func possibleNamespaces() -> Int {
    let files = DescriptorLimit.raise(to: 2 * namespaceLimit + otherDescriptors)
    return min(namespaceLimit, max(1, (files - otherDescriptors) / 2))
  }

  init(
    root: HostRoot, hostNamespace: UInt64?, limits: MountLimits = MountLimits(), feed: RecordFeed,
    progress: MountProgress
  ) {
    self.root = root
    self.limits = limits
    self.hostNamespace = hostNamespace
    self.feed = feed
    self.progress = progress
    directory = ProcessDirectory(root: root)
    teller = MountTeller(root: root, feed: feed)
    // The places of all other mounts follow from the host's own. kthreadd is there for good.
    for pid in [2, 1] as [Int32] where namespace(of: pid) == hostNamespace { meet(pid) }
  }

  /// Waits until there is something to do, and does it.
  mutating func work(_ witnesses: Witnesses) {
    sleep(until: witnesses)
    for (place, namespace) in order.enumerated() {
      // A process that has ended holds its namespace through us: what it changed last is still there.
      if poll.hasChanged(place) { readSoon(namespace) }
      if poll.hasEnded(place) { orphan(namespace) }
    }
    for witness in witnesses.take() { meet(witness.pid, of: witness.container) }
    if Clock.monotonicNanoseconds >= nextLook { lookAround() }
    readWaiting()
  }

  private mutating func sleep(until witnesses: Witnesses) {
    let now = Clock.monotonicNanoseconds
    var wake = waiting.isEmpty ? nextLook : min(nextLook, pace.nextRead)
    poll.clear()
    order.removeAll(keepingCapacity: true)
    for (namespace, entry) in watched {
      guard let file = entry.file else { continue }
      let restEnd = max(entry.restEnd, pace.nextRead)
      let isResting = restEnd > now
      if isResting { wake = min(wake, restEnd) }
      order.append(namespace)
      poll.add(file, isResting: isResting)
    }
    poll.wait(
      or: witnesses.bell, milliseconds: wake > now ? Int32(clamping: (wake - now) / 1_000_000 + 1) : 0)
  }

  // MARK: - Namespaces

  /// Watches the namespace of a process, if it is not watched yet.
  /// - Parameter container: the one that the process is in, when the engine named it; a look at all processes knows none.
  private mutating func meet(_ pid: Int32, of container: [UInt8]? = nil) {
    guard let number = namespace(of: pid) else { return }
    let isNamed = container != nil
    if let container, let before = watched[number]?.container, before != container, number != hostNamespace {
      // The number came back at once, and of the mounts in it most have theirs back too: what differs did not change.
      watched[number] = nil
    } else if container == nil, let entry = watched[number], entry.file == nil, number != hostNamespace,
      isYounger(pid, than: entry.orphanedTicks)
    {
      // Whether it is the same one nobody can tell.
      watched[number] = nil
    }
    if watched[number]?.file != nil {
      if let container { introduce(number, by: pid, of: container) }
      return
    }
    guard hasRoom(for: number, isNamed: isNamed) else {
      // Once a look for each namespace, not for each of its processes.
      if unwatched.insert(number).inserted { feed.losses.count(.unwatched, of: .mount) }
      return
    }
    let file: MountNamespaceFile
    do throws(Errno) {
      file = try MountNamespaceFile(root: root, pid: pid)
    } catch {
      if error == .tooManyOpenFiles || error == .tooManyOpenFilesInSystem,
        unwatched.insert(number).inserted
      {
        feed.losses.count(.unwatched, of: .mount)
      }
      return
    }
    // One that ended meanwhile, or went elsewhere, is no witness.
    guard namespace(of: pid) == number else { return }
    var entry = watched[number] ?? Watched()
    entry.file = file
    entry.missedLooks = 0
    entry.isFresh = true
    entry.isNamed = isNamed
    if let container { entry.container = container }
    watched[number] = entry
    readSoon(number)
  }

  /// - Returns: whether one more may be watched. For one that the engine named another is given up if need be.
  private mutating func hasRoom(for number: UInt64, isNamed: Bool) -> Bool {
    guard watched[number] == nil, watched.count >= limits.namespaces else { return true }
    let strangers = watched.filter { other, entry in other != hostNamespace && entry.isStranger }
    guard isNamed, let oldest = strangers.min(by: { $0.value.met < $1.value.met }) else { return false }
    watched[oldest.key] = nil
    if unwatched.insert(oldest.key).inserted { feed.losses.count(.unwatched, of: .mount) }
    return true
  }

  /// The engine has named a process of a namespace that is watched already. It may have been met while the runtime made
  /// it, and then nobody knew whose it was.
  private mutating func introduce(_ number: UInt64, by pid: Int32, of container: [UInt8]) {
    if number == hostNamespace {
      // Not there yet: the runtime's own process, before it goes where the container's mounts are.
      nextLook = min(nextLook, Clock.monotonicNanoseconds + Self.hurriedNanoseconds)
    } else if watched[number]?.isIntroduced == false {
      watched[number]?.isNamed = true
      watched[number]?.container = container
      reopen(number, through: pid)
      readSoon(number)
    }
  }

  /// A table shows what lies below the root directory that the process had when the file was opened.
  private mutating func reopen(_ number: UInt64, through pid: Int32) {
    guard let file = try? MountNamespaceFile(root: root, pid: pid), namespace(of: pid) == number else {
      return
    }
    watched[number]?.file = file
  }

  /// The process through which a namespace was seen has ended.
  private mutating func orphan(_ number: UInt64) {
    if let place = waiting.firstIndex(of: number) {
      waiting.remove(at: place)
      feed.losses.count(.vanished, of: .mount)
    }
    watched[number]?.file = nil
    watched[number]?.isNamed = false
    watched[number]?.orphanedTicks = Clock.bootNanoseconds / (1_000_000_000 / Clock.ticksPerSecond)
    nextLook = min(nextLook, Clock.monotonicNanoseconds + Self.hurriedNanoseconds)
  }

  /// Looks at all processes for namespaces that nobody told of.
  private mutating func lookAround() {
    nextLook = Clock.monotonicNanoseconds + Self.lookNanoseconds
    unwatched.removeAll(keepingCapacity: true)
    do {
      var listing = try ProcessListing(root: root)
      while let pid = try listing.next() { meet(pid) }
    } catch {
      return feed.losses.count(.unreadable)
    }
    for (number, entry) in watched where entry.file == nil {
      watched[number]?.missedLooks += 1
      if entry.missedLooks > 0 { watched[number] = nil }
    }
    if watched.values.contains(where: { $0.file == nil }) {
      nextLook = min(nextLook, Clock.monotonicNanoseconds + Self.hurriedNanoseconds)
    }
  }

  /// Whether a process was started after that moment, or in the second before, in which its namespace may be younger.
  private mutating func isYounger(_ pid: Int32, than ticks: UInt64) -> Bool {
    directory.select(pid)
    guard directory.read(.stat, into: &buffer).isRead else { return true }
    let start = buffer.withBytes { ProcStat(parsing: $0)?.startTicks } ?? .max
    return start >= ticks - min(ticks, Clock.ticksPerSecond)
  }

  private mutating func namespace(of pid: Int32) -> UInt64? {
    directory.select(pid)
    guard directory.read(.namespace(.mnt), into: &buffer) == .complete else { return nil }
    return buffer.withBytes { NamespaceLink(parsing: $0)?.inode }
  }

  // MARK: - Tables

  /// Reads a table at once, or when the pace allows it; the host's own, from which the places of all others follow, does
  /// not wait.
  private mutating func readSoon(_ number: UInt64) {
    if number == hostNamespace || pace.mayRead(at: Clock.monotonicNanoseconds) { return read(number) }
    if !waiting.contains(number) { waiting.append(number) }
  }

  /// Reads tables that had to wait, those of containers first.
  private mutating func readWaiting() {
    while !waiting.isEmpty, pace.mayRead(at: Clock.monotonicNanoseconds) {
      read(waiting.remove(at: waiting.firstIndex { watched[$0]?.isStranger == false } ?? 0))
    }
  }

  private mutating func read(_ number: UInt64) {
    guard let pid = watched[number]?.file?.pid else { return }
    let began = Clock.monotonicNanoseconds
    // Waiting for the kernel's lock, or for room in the ring, is no use of the processor.
    let used = Clock.threadCPUNanoseconds
    progress.begin(began)
    var (outcome, reading) = table(of: number)
    if outcome.isRead, !reading.mounts.contains(where: \.isAtRoot) {
      // The root directory of then is gone, as after pivot_root(2), or it was never a mount.
      reopen(number, through: pid)
      (outcome, reading) = table(of: number)
    }
    // What the host has at a mount's place is looked at too: the whole may be held up.
    defer { progress.end() }
    guard outcome.isRead else {
      if outcome != .absent { feed.losses.count(.unreadable, of: .mount) }
      return
    }
    if outcome == .truncated {
      if watched[number]?.table.isWhole != false { feed.losses.count(.unwatched, of: .mount) }
      watched[number]?.cut = buffer.count
    }
    let place = MountTeller.Place(namespace: number, pid: pid, stamp: began)
    teller.begin()
    tell(reading, of: number, at: place)
    let (now, cost) = (Clock.monotonicNanoseconds, Clock.threadCPUNanoseconds - used)
    pace.spend(cost, at: now)
    watched[number]?.restEnd =
      now
      + min(max(cost * Self.restFactor, Self.restNanoseconds.lowerBound), Self.restNanoseconds.upperBound)
  }

  private mutating func table(of number: UInt64) -> (ReadOutcome, MountTable.Reading) {
    buffer.clear()
    let outcome = watched[number]?.file?.read(limit: room(for: number), into: &buffer) ?? .absent
    return (outcome, MountTable.Reading(buffer, isWhole: outcome == .complete))
  }

  /// How many bytes of a table are read, so that what is kept of all of them stays within its bounds.
  private func room(for number: UInt64) -> Int {
    guard number != hostNamespace, let own = watched[number] else { return Self.tableLimit }
    var memory = MountMemory(limits)
    for (other, entry) in watched where other != number {
      memory.add(entry.table.keptBytes, ofStranger: entry.isStranger && other != hostNamespace)
    }
    return min(memory.room(forStranger: own.isStranger), own.cut, Self.tableLimit)
  }

  /// States what a reading shows that was not known, and of a container's first table what it had better not have.
  private mutating func tell(_ reading: MountTable.Reading, of number: UInt64, at place: MountTeller.Place) {
    guard var entry = watched[number] else { return }
    let changes = entry.table.replace(with: reading)
    if changes == nil, entry.isFresh { (entry.hasOwnRoot, entry.isIntroduced) = (false, false) }
    entry.isFresh = false
    defer { watched[number] = entry }
    if number == hostNamespace {
      teller.places = HostPlaces(reading.mounts)
      hostRoots = reading.mounts.filter(\.isAtRoot)
      for change in changes ?? [] { teller.tell(change, at: place) }
      return
    }
    let hadOwnRoot = entry.hasOwnRoot
    // Once it has a root of its own, the host's may be mounted over it: that is to be told.
    entry.hasOwnRoot = hadOwnRoot || !isCopyOfHost(reading)
    guard entry.hasOwnRoot else {
      for change in changes ?? [] { teller.tell(change, .beforeRoot, at: place) }
      return
    }
    var told: Set<Int32> = []
    // The first table after the change of the root is the first one.
    let isFirst = changes == nil || !hadOwnRoot
    if isFirst || entry.isNamed && !entry.isIntroduced {
      var shown = ShownTrees()
      for mount in reading.mounts where teller.tellIfSensitive(mount, among: &shown, at: place) {
        told.insert(mount.id)
      }
      entry.isIntroduced = entry.isNamed
    }
    guard !isFirst, let changes else { return }
    for change in changes {
      if case .added(let mount) = change, told.contains(mount.id) { continue }
      teller.tell(change, at: place)
    }
  }

  /// Whether the namespace's root directory is the host's own, as it is until its maker has changed it.
  private func isCopyOfHost(_ reading: MountTable.Reading) -> Bool {
    reading.mounts.contains { mount in
      mount.isAtRoot && hostRoots.contains { $0.device == mount.device && $0.root == mount.root }
    }
  }
}

extension Mount {
  fileprivate var isAtRoot: Bool { point == [UInt8(ascii: "/")] }
}
