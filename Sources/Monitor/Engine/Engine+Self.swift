import Events
import Model
import Rules
import System

// What is done to the agent itself.
extension Engine where Handler: ~Copyable {
  /// Tells of a pause that has just ended. Before anything else is judged: what comes next may have waited that long.
  mutating func noticePause() {
    let now = Clock.monotonicNanoseconds
    guard var pause = selfWatch.runs(at: now) else { return }
    // What happened meanwhile comes late for this reason.
    lagWatch.excuse(until: now)
    let clock = facts.model.clock
    (pause.from, pause.to) = (clock.wallTime(pause.from), clock.wallTime(pause.to))
    raise(.pause(pause), now)
  }

  /// Tells that what happened was judged late.
  mutating func noticeDelay(_ now: UInt64, isLast: Bool) {
    guard let lag = lagWatch.due(at: now, isLast: isLast) else { return }
    let clock = facts.model.clock
    raise(
      .delay(
        AgentDelay(
          from: clock.wallTime(lag.from), to: clock.wallTime(lag.to), longest: lag.longest,
          restraint: selfWatch.restraint(at: now))), now)
  }

  /// The agent's own events are not judged, but that somebody traces it is told at once.
  mutating func noticeTracer(_ event: Event) {
    guard case .tracer(let pid, _, _) = event.change, selfWatch.isNews(pid) else { return }
    raiseTracer(pid, event.stamp)
  }

  mutating func raiseTracer(_ pid: Int32, _ now: UInt64) {
    raise(.tracer(pid: pid, row: facts.model.table.row(pid), before: 0), now)
  }

  private mutating func raise(_ change: Event.Change, _ now: UInt64) {
    handOn(
      Event(
        kind: .tampered, time: facts.model.clock.wallTime(now), stamp: now, source: .agent, process: nil,
        change: change))
  }
}
