import Events
import Model
import Rules
import System

// Events of containers of which nobody knows yet what they are.
extension Engine where Handler: ~Copyable {
  /// How long the engine sleeps at most while events wait.
  static var parkingMilliseconds: Int32 { 50 }

  /// Keeps an event back whose container is not known yet, or that must not overtake one which waits.
  mutating func isParked(_ event: Event) -> Bool {
    if event.kind == .executed || event.kind == .firstSeen { noteRuntime(event) }
    guard let container = event.container else { return false }
    let isWaiting = parking.holds(container.id)
    guard isWaiting || !facts.model.isAnswered(container.id) else { return false }
    // Without a cgroup nobody could say whether the container is what it is called.
    let cgroup = event.process?.cgroup ?? facts.model.reference(of: container)?.cgroup
    guard isWaiting || cgroup != nil else { return false }
    let now = Clock.monotonicNanoseconds
    if parking.park(event, of: container.id, now: now) {
      feeds.containerRequests?.request(
        ContainerRequest(id: container.id, cgroup: cgroup ?? [], mustAnswer: true))
    }
    if let full = parking.overdue(now: now) { release(full, isTimedOut: true) }
    return true
  }

  /// Hands on what waited for answers that have come.
  mutating func releaseAnswered() {
    for id in parking.waiting where facts.model.isAnswered(id) { release(id, isTimedOut: false) }
  }

  /// Hands on what has waited too long.
  mutating func releaseOverdue(_ now: UInt64) {
    while let id = parking.overdue(now: now) { release(id, isTimedOut: true) }
  }

  /// Copies of rows that a record has changed are made anew.
  mutating func noteChange(_ record: borrowing RecordView) {
    switch record.kind {
    case .present: break
    case .listingEnded: parking.noteChanges()
    default: parking.noteChange(of: record.pid)
    }
  }

  private mutating func release(_ id: [UInt8], isTimedOut: Bool) {
    let events = parking.release(id)
    if isTimedOut {
      let losses = feeds.settling.first { $0.source == .containers }?.losses
      losses?.count(.metadataTimeout, by: UInt64(events.count))
      // What comes later is not kept back again; a late answer is taken over nevertheless.
      if !facts.model.isAnswered(id) { facts.model.learn(ContainerAnswer(id: id, metadata: nil, type: nil)) }
    }
    let isKnown = facts.model.metadata(ofContainer: id) != nil
    for event in events { handOn(isKnown ? event : event.incomplete) }
  }

  /// The arguments of a daemon or a shim say where it keeps its files: of one that root runs on the host itself.
  private func noteRuntime(_ event: Event) {
    guard let row = event.process, row.container == nil, let arguments = row.arguments, isRuntime(row.name),
      row.users?.effective == 0, row.users?.real == 0,
      !([.mnt, .pid, .user] as [NamespaceType]).contains(where: { facts.model.isHost($0, of: row) == false })
    else { return }
    feeds.containerRequests?.note(RuntimeProcess(pid: row.pid, arguments: arguments))
  }

  private func isRuntime(_ name: [UInt8]) -> Bool {
    name.starts(with: "containerd-shim".utf8) || name.elementsEqual("dockerd".utf8)
  }
}
