import Events
import System

/// What a sink's thread does: reads its cursor, encodes, delivers, tries again. Lives on that thread.
struct DeliveryLoop {
  enum End {
    case stopped, readerGone
    /// What this thread is confined to is out of date: another one must go on.
    case outdated
  }

  private var sink: any Sink
  private let format: any AlertFormat
  private let cursor: JournalCursor
  private let options: DeliveryOptions
  private let control: DeliveryControl
  /// When the sink was opened, and what was settled then.
  private var opened: (nanoseconds: UInt64, settled: UInt64) = (0, 0)
  /// How long an opening must last to count as a success when nothing is settled meanwhile.
  private static var provingNanoseconds: UInt64 { 5_000_000_000 }
  private var backoff: Backoff
  /// What this thread may open; `nil` when that is not limited.
  private let files: ConfinedFiles?
  private var generator = SystemRandomNumberGenerator()
  private var isOpen = false
  /// Whether this thread has tried to open the sink.
  private var hasOpened = false
  /// What the sink complained of when it was last asked.
  private var complaint: String?
  /// Alerts that were handed over and are not settled.
  private var unsettled: UnsettledAlerts
  /// This host's name, as the newest alert had it.
  private var hostname = ""
  /// What the sink's receiver has refused for good, and how much of that is settled.
  private var refused: (count: UInt64, settled: UInt64) = (0, 0)
  /// Up to where alerts are counted, so that none is counted twice.
  private var counted: CountedAlerts

  /// The sink's thread, as it is while it delivers.
  struct Place {
    let cursor: JournalCursor
    let control: DeliveryControl
    let files: ConfinedFiles?
  }

  init(sink: any Sink, format: any AlertFormat, options: DeliveryOptions, at place: Place) {
    self.sink = sink
    self.format = format
    self.options = options
    cursor = place.cursor
    control = place.control
    files = place.files
    let progress = place.control.progress
    (unsettled, counted) = (progress.unsettled, progress.counted)
    backoff = Backoff(
      initialMilliseconds: options.initialBackoffMilliseconds,
      maximumMilliseconds: options.maximumBackoffMilliseconds)
  }

  /// Delivers until it is told to stop or the reader is gone.
  mutating func run() -> End {
    var end = End.stopped
    while end == .stopped, mayGoOn() {
      do {
        try openIfNeeded()
        try lookIfAsked()
        try deliverNext()
      } catch .readerGone {
        control.update { $0.lastError = SinkError.readerGone.description }
        end = .readerGone
      } catch {
        if isOutdated, handOver() { return .outdated }
        fail(error)
      }
    }
    sink.close()
    control.end()
    return end
  }

  /// - Returns: whether another thread goes on.
  private mutating func handOver() -> Bool {
    disconnect()
    return control.handOver(DeliveryProgress(unsettled: unsettled, counted: counted))
  }

  /// Whether what failed may succeed on a thread that is confined anew: a certificate was renewed, a directory made
  /// again. At the end that is for the next run.
  private var isOutdated: Bool { control.stopDeadline == nil && files?.areReplaced ?? false }

  private static var outdated: SinkError { .unavailable("confined to files that were replaced") }

  private mutating func openIfNeeded() throws(SinkError) {
    guard !isOpen else { return }
    // Not the first time: files that change all the time must not keep it from ever being tried.
    if hasOpened, isOutdated { throw Self.outdated }
    _ = control.takeReopening()
    hasOpened = true
    try sink.open()
    isOpen = true
    opened = (Clock.monotonicNanoseconds, sink.settled)
    complaint = nil
    control.update { status in
      status.state = .open
      status.lastError = nil
    }
  }

  /// Looks at the files beneath a sink that stays open, and whose library reads them again all the same, as libcurl does
  /// /etc/hosts. Not before everything is settled: nothing is to be sent twice for this.
  private func lookIfAsked() throws(SinkError) {
    if unsettled.isEmpty, control.takeLook(), isOutdated { throw Self.outdated }
  }

  private mutating func deliverNext() throws(SinkError) {
    let batch = cursor.next(limit: options.batchLimit, waitMilliseconds: waitMilliseconds)
    // Asked for while this waited: what was read is read again after the opening.
    guard !control.takeReopening() else { return disconnect() }
    let alerts = encode(batch)
    // An idle sink is called only when it asked for that: a wake-up is not free.
    if !alerts.isEmpty || !unsettled.isEmpty || sink.idleMilliseconds >= 0 {
      defer { noteAttempts(alerts) }
      do { try sink.deliver(alerts[...]) } catch {
        settle()
        throw error
      }
      if hasProved { backoff.reset() }
      noteComplaint()
    }
    settle()
    if batch.isEmpty, let deadline = control.stopDeadline, !cursor.hasUnread {
      try finish(deadline: deadline)
    }
  }

  /// Counts those of the alerts that went out once before, and now again.
  private mutating func noteAttempts(_ alerts: [EncodedAlert]) {
    let again = alerts.filter { alert in
      alert.sequence > counted.resent && alert.sequence <= min(counted.attempted, sink.attempted)
    }
    counted.attempted = max(counted.attempted, sink.attempted)
    guard let last = again.last else { return }
    counted.resent = last.sequence
    var changes = SinkStatus()
    changes.retried = UInt64(again.count)
    control.add(changes)
  }

  private mutating func noteComplaint() {
    guard sink.complaint != complaint else { return }
    complaint = sink.complaint
    control.update { $0.lastError = sink.complaint }
  }

  /// Whether this opening was worth it. A receiver that accepts a connection, takes what comes and then drops it would
  /// otherwise be connected to and sent everything many times a second.
  private var hasProved: Bool {
    sink.settled > opened.settled || Clock.monotonicNanoseconds > opened.nanoseconds + Self.provingNanoseconds
  }

  /// Everything is read and sent: what remains is to see it settled.
  /// - Throws: when it is not, as when the connection broke meanwhile: as long as there is time it is sent again.
  private mutating func finish(deadline: UInt64) throws(SinkError) {
    guard !unsettled.isEmpty else { return }
    sink.finish(deadline: deadline)
    settle()
    guard unsettled.isEmpty else { throw .unavailable("not everything was acknowledged at the end") }
  }

  /// How long to wait for an alert. At the end for those alone that the journal has still to write.
  private var waitMilliseconds: Int32 {
    guard control.stopDeadline != nil else { return sink.idleMilliseconds }
    return cursor.hasUnread ? Self.writingMilliseconds : 0
  }

  private static var writingMilliseconds: Int32 { 20 }

  /// Whether there is time, and a reason, for another round.
  private func mayGoOn() -> Bool {
    guard let deadline = control.stopDeadline else { return true }
    return cursor.status.lag > 0 && Clock.monotonicNanoseconds < deadline
  }

  private mutating func encode(_ batch: JournalBatch) -> [EncodedAlert] {
    var alerts: [EncodedAlert] = []
    alerts.reserveCapacity(batch.entries.count + 1)
    if let missed = batch.missed {
      hostname = batch.entries.first?.alert.hostname ?? hostname
      let announcement = JournalEntry.announcement(of: missed, by: cursor.name, on: hostname)
      alerts.append(encode(announcement).alert)
      unsettled.handOver(announcementOf: missed)
    }
    var changes = SinkStatus()
    for entry in batch.entries {
      let isFirstTime = unsettled.read(entry.sequence)
      guard options.wants(entry.alert.rule) else {
        changes.filtered += isFirstTime ? 1 : 0
        continue
      }
      let (alert, isShortened) = encode(entry)
      if isShortened && entry.sequence > counted.shortened {
        changes.shortened += 1
        counted.shortened = entry.sequence
      }
      alerts.append(alert)
      unsettled.handOver(entry.sequence)
    }
    hostname = batch.entries.last?.alert.hostname ?? hostname
    control.add(changes)
    return alerts
  }

  private func encode(_ entry: JournalEntry) -> (alert: EncodedAlert, isShortened: Bool) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    let isShortened = format.encode(entry, limit: sink.messageLimit, into: &bytes)
    let alert = EncodedAlert(
      sequence: entry.sequence, priority: entry.alert.rule.priority,
      timeNanoseconds: entry.alert.timeNanoseconds, bytes: bytes)
    return (alert, isShortened)
  }

  /// Acknowledges what the sink has settled.
  private mutating func settle() {
    var changes = SinkStatus()
    let settled = unsettled.settle(through: sink.settled)
    let refusals = sink.refusals
    changes.refused = refusals.count - refused.count
    refused.count = refusals.count
    // An alert may be refused before those in front of it are settled.
    let isRefused = min(settled, refused.count - refused.settled)
    refused.settled += isRefused
    changes.delivered = settled - isRefused
    if changes.refused > 0 { control.update { $0.lastRefusal = refusals.lastReason } }
    cursor.acknowledge(through: unsettled.acknowledged)
    control.add(changes)
    control.update { status in
      status.sentThrough = sink.sent
      (status.kept, status.readAhead) = (unsettled.count, unsettled.unacknowledged)
    }
  }

  private mutating func fail(_ error: SinkError) {
    if error == .tooLarge {
      unsettled.forget()
      cursor.rewind()
      return
    }
    disconnect()
    control.update { status in
      status.failures += 1
      status.state = .waiting
      (status.lastError, status.lastFailure) = (error.description, error.description)
    }
    var pause = backoff.next(using: &generator)
    if let deadline = control.stopDeadline {
      let now = Clock.monotonicNanoseconds
      pause = min(pause, deadline > now ? Int32(clamping: (deadline - now) / 1_000_000) : 0)
    }
    cursor.pause(milliseconds: pause)
  }

  private mutating func disconnect() {
    sink.close()
    isOpen = false
    unsettled.forget()
    cursor.rewind()
    // Nothing that is not settled counts as sent any more.
    control.update { status in
      status.sentThrough = min(status.sentThrough, sink.settled)
      (status.kept, status.readAhead) = (0, 0)
    }
  }
}
