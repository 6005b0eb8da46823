import Events
import Glibc
import Model
import Rules
import Synchronization
import System

/// Drains the rings, keeps the model, and hands its events on. One thread runs it from `run` to the end.
///
/// The connector's ring is emptied first, and a record of any other source waits 15 ms, so that the fork and the exec
/// before it are in. Sources wake the engine; while they do so more often than once a millisecond it looks once a
/// millisecond instead.
struct Engine<Handler: EventHandler & ~Copyable>: ~Copyable {
  /// How long a record of another source than the connector waits: longer than the connector keeps a fork back.
  static var settlingMilliseconds: Int32 { ConnectorSource.windowMilliseconds + 5 }
  private static var settlingNanoseconds: UInt64 { UInt64(settlingMilliseconds) * 1_000_000 }
  /// Wake-ups that come faster than this are replaced by looks.
  private static var lookNanoseconds: UInt64 { 1_000_000 }
  private static var tickNanoseconds: UInt64 { 1_000_000_000 }
  private static var clockSlack: UInt64 { 2_000_000 }
  /// Records of one ring before the others are looked at again.
  private static var passLimit: Int { 4096 }
  /// The same in time: many times what so many records take.
  private static var passNanoseconds: UInt64 { 500_000_000 }

  let feeds: EngineFeeds
  /// What is known, and the event that the handler is to judge.
  var facts: LiveFacts
  private var handler: Handler
  private var events: [Event] = []
  private var eventCount: UInt64 = 0
  private var nextTick: UInt64 = 0
  private var lastWake: UInt64 = 0
  /// Whether sources ring so fast that the engine looks by itself, without their waking it.
  private var isLooking = false
  private var lossesSeen: [SourceID: [LossCounters.Key: UInt64]] = [:]
  private var lossSum: UInt64 = 0
  private var evictionsSeen: UInt64 = 0
  private var unfollowedSeen: UInt64 = 0
  private var introductions: Introductions?
  /// Events that wait for what their containers are.
  var parking = ParkingLot()
  var selfWatch = SelfWatch(now: Clock.monotonicNanoseconds)
  var lagWatch = LagWatch(now: Clock.monotonicNanoseconds)

  init(feeds: EngineFeeds, settings: Model.Settings, host: HostFacts, handler: consuming Handler) {
    self.feeds = feeds
    self.handler = handler
    introductions = feeds.witnesses.map(Introductions.init)
    facts = LiveFacts(model: Model(settings: settings, clock: ClockSampler.sample()), host: host)
  }

  /// Works until `control` says stop and every ring is empty.
  mutating func run(_ control: EngineControl) {
    while true {
      let isStopping = control.isStopping
      noticeClockStep()
      noticePause()
      let taken = pass(isStopping: isStopping)
      // Before the tick, which looks at how the agent fares.
      noticePause()
      let now = Clock.monotonicNanoseconds
      if !parking.isEmpty { releaseOverdue(isStopping && taken == 0 ? .max : now) }
      if now >= nextTick { tick(now, control) }
      if taken > 0, isLooking || isStopping {
        usleep(1000)
      } else if isStopping {
        break
      } else {
        rest(now, control)
        let woken = Clock.monotonicNanoseconds
        isLooking = woken < lastWake + Self.lookNanoseconds
        lastWake = woken
      }
    }
    tick(Clock.monotonicNanoseconds, control, isLast: true)
  }

  /// One look at every ring.
  /// - Returns: how many records were taken.
  private mutating func pass(isStopping: Bool) -> Int {
    var taken = 0
    for feed in feeds.prompt { taken += drain(feed, stampedBefore: .max, notesLag: true) }
    // The clock is read after the connector's ring was found empty: what has settled by now came before what it held.
    let settled = isStopping ? UInt64.max : Clock.monotonicNanoseconds &- Self.settlingNanoseconds
    for feed in feeds.settling { taken += drain(feed, stampedBefore: settled) }
    return taken
  }

  /// Takes what a ring holds, but for no longer than a while: where the agent hardly runs, that takes as long as it likes.
  /// - Parameter notesLag: whether the first record, the oldest, tells how far behind the engine is.
  private mutating func drain(
    _ feed: RecordFeed, stampedBefore limit: UInt64, notesLag: Bool = false
  ) -> Int {
    var end: UInt64?
    return feed.ring.drain(limit: Self.passLimit) { record in
      guard record.stamp <= limit else { return false }
      let now = Clock.monotonicNanoseconds
      guard now < end ?? .max else { return false }
      if end == nil {
        end = now + Self.passNanoseconds
        if notesLag { lagWatch.note(record.stamp, at: now) }
      }
      if record.kind == .notice {
        feeds.mail.deliver(record.mailbox, to: &facts.model)
        if !parking.isEmpty { releaseAnswered() }
        return true
      }
      facts.model.apply(record, into: &events)
      if !parking.isEmpty { noteChange(record) }
      emit()
      return true
    }
  }

  /// Numbers the events of one record and hands them on.
  private mutating func emit() {
    let ownPID = facts.model.settings.ownPID
    for index in events.indices {
      guard events[index].process.map({ $0.pid != ownPID }) ?? true else {
        noticeTracer(events[index])
        continue
      }
      introductions?.note(events[index])
      if feeds.containerRequests != nil, isParked(events[index]) { continue }
      handOn(events[index])
    }
    events.removeAll(keepingCapacity: true)
  }

  /// Numbers an event and has it judged.
  mutating func handOn(_ event: Event) {
    eventCount += 1
    facts.event = event
    facts.event.number = eventCount
    handler.handle(facts)
  }

  private mutating func rest(_ now: UInt64, _ control: EngineControl) {
    // A record that settles must be looked at when its time is over, though nobody rings for it again.
    let isSettling = feeds.settling.contains { $0.ring.waitingBytes > 0 }
    let untilTick = Int32(clamping: (nextTick - min(nextTick, now)) / 1_000_000 + 1)
    let longest = parking.isEmpty ? untilTick : min(untilTick, Self.parkingMilliseconds)
    feeds.bell.sleep(milliseconds: isSettling ? min(longest, Self.settlingMilliseconds) : longest) {
      control.isStopping || feeds.prompt.contains { $0.ring.waitingBytes > 0 }
        || (!isSettling && feeds.settling.contains { $0.ring.waitingBytes > 0 })
    }
  }

  /// The machine slept, or somebody set the clock: stamps and start ticks would be wrong until the next tick.
  private mutating func noticeClockStep() {
    let monotonic = Clock.monotonicNanoseconds
    let boot = Int64(bitPattern: Clock.bootNanoseconds &- monotonic) - facts.model.clock.boot
    let realtime = Int64(bitPattern: Clock.realtimeNanoseconds &- monotonic) - facts.model.clock.realtime
    // A thread that is scheduled away between two readings sees a step too: sampling again does no harm.
    if boot.magnitude > Self.clockSlack || realtime.magnitude > Self.clockSlack {
      facts.model.clock = ClockSampler.sample()
    }
  }

  private mutating func tick(_ now: UInt64, _ control: EngineControl, isLast: Bool = false) {
    nextTick = now + Self.tickNanoseconds
    facts.model.clock = ClockSampler.sample()
    if let tracer = selfWatch.newTracer(now) { raiseTracer(tracer, now) }
    noticeDelay(now, isLast: isLast)
    reportLosses(now)
    handler.tick(time: facts.model.clock.wallTime(now), isLast: isLast)
    control.publish(
      EngineStatus(
        events: eventCount, processes: facts.model.table.count, evictions: facts.model.table.evictions,
        lateRecords: facts.model.lateRecords, clippedRows: facts.model.clippedRows))
  }

  /// Turns what the sources counted since the last tick into events of the agent itself.
  private mutating func reportLosses(_ now: UInt64) {
    if facts.model.table.evictions > evictionsSeen {
      let loss = Loss(
        source: .agent, reason: .tableEvicted, count: facts.model.table.evictions - evictionsSeen)
      evictionsSeen = facts.model.table.evictions
      events.append(
        Event(
          kind: .lost, time: facts.model.clock.wallTime(now), stamp: now, source: .agent, process: nil,
          change: .loss(loss)))
      emit()
    }
    let all = feeds.prompt + feeds.settling
    if facts.model.unfollowedCgroups > unfollowedSeen {
      // It is the source's that has more to tell than there is room for.
      all.first { $0.source == .cgroup }?.losses
        .count(.unwatched, of: .cgroupState, by: facts.model.unfollowedCgroups - unfollowedSeen)
      unfollowedSeen = facts.model.unfollowedCgroups
    }
    let sum = all.reduce(0) { $0 + $1.losses.sum }
    guard sum != lossSum else { return }
    lossSum = sum
    for feed in all {
      for (key, count) in feed.losses.all where key.reason.isBlinding {
        let known = lossesSeen[feed.source]?[key] ?? 0
        guard count > known else { continue }
        lossesSeen[feed.source, default: [:]][key] = count
        let loss = Loss(
          source: feed.source, reason: key.reason, count: count - known, kind: key.kind,
          since: feed.losses.takeBeginning(of: key).map { facts.model.clock.wallTime($0) })
        events.append(
          Event(
            kind: .lost, time: facts.model.clock.wallTime(now), stamp: now, source: feed.source, process: nil,
            change: .loss(loss)))
      }
    }
    let ordersSweep = events.contains { event in
      if case .loss(let loss) = event.change { loss.reason.ordersSweep } else { false }
    }
    if ordersSweep { feeds.sweepRequest?.request() }
    emit()
  }
}

/// The rings that an engine drains, and the bell that wakes it.
struct EngineFeeds: Sendable {
  /// Drained first and at once: the connector.
  var prompt: [RecordFeed]
  /// Their records wait until the connector's are in.
  var settling: [RecordFeed]
  let bell: EngineBell
  let mail: Mail
  /// Whom to ask for a look at everything after something was lost.
  let sweepRequest: SweepRequest?
  /// Whom to tell of a process in each container.
  var witnesses: Witnesses?
  /// Whom to ask what a container is; `nil` when no rule wants to know.
  var containerRequests: ContainerRequests?
}

/// What the engine counted, as of its last tick.
public struct EngineStatus: Sendable, Equatable {
  public var events: UInt64 = 0
  public var processes = 0
  public var evictions: UInt64 = 0
  public var lateRecords: UInt64 = 0
  public var clippedRows: UInt64 = 0
}

/// The engine's stop switch and its last figures. Any thread may use it.
final class EngineControl: Sendable {
  private let stopping = Atomic<Bool>(false)
  private let current = Mutex(EngineStatus())

  var isStopping: Bool { stopping.load(ordering: .acquiring) }
  var status: EngineStatus { current.withLock { $0 } }

  func stop() { stopping.store(true, ordering: .releasing) }
  func publish(_ status: EngineStatus) { current.withLock { $0 = status } }
}
