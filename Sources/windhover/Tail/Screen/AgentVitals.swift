import Synchronization
import System

/// What the agent says of itself now and then, asked on a thread of its own: an agent that hangs does not hold up the
/// alerts that it has sent. Any thread may read.
final class AgentVitals: Sendable {
  private let agent: AgentConnection
  private let latest: Mutex<Vitals?>
  private static let pauseMilliseconds: UInt32 = 3000

  /// Asks once, and then again every few seconds until the program ends.
  init(of agent: AgentConnection) {
    self.agent = agent
    latest = Mutex(Self.ask(agent))
    // Without a thread the first answer stays; it is detached, since the program's end is its own.
    _ = try? NamedThread("vitals") { [self] in
      SignalMask.blockAll()
      while true {
        Clock.sleep(milliseconds: Self.pauseMilliseconds)
        let vitals = Self.ask(agent)
        latest.withLock { $0 = vitals }
      }
    }
  }

  /// `nil` when it did not answer.
  var now: Vitals? { latest.withLock { $0 } }

  private static func ask(_ agent: AgentConnection) -> Vitals? {
    guard let answer = try? agent.ask("status") else { return nil }
    return StatusAnswer(line: answer).map(Vitals.init)
  }
}

/// The part of an agent's status that stands beside alerts.
struct Vitals: Equatable, Sendable {
  var version: String
  var hostname: String
  var uptimeSeconds: Double
  var rules: UInt64
  var eventsPerSecond: Double
  var alertsPerSecond: Double
  /// Records that sources lost.
  var lost: UInt64
  /// Alerts that the throttle held back.
  var held: UInt64
  /// Alerts that the journal had to drop.
  var dropped: UInt64
}

extension Vitals {
  init(_ status: StatusAnswer) {
    self.init(
      version: status.version, hostname: status.hostname, uptimeSeconds: status.uptimeSeconds,
      rules: status.rules.loaded, eventsPerSecond: status.eventsPerSecond,
      alertsPerSecond: status.rules.alertsPerSecond,
      lost: status.sources.flatMap { $0.lost ?? [] }.reduce(0) { $0 &+ $1.count },
      held: status.throttle?.held ?? 0,
      dropped: (status.journal?.dropped ?? 0) &+ (status.journal?.neverStored ?? 0))
  }

  /// `812.3/s events, 0.4/s alerts, lost nothing`
  var text: String {
    let losses = [(lost, "records lost"), (held, "alerts held back"), (dropped, "alerts dropped")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "\(StatusAnswer.rate(eventsPerSecond)) events, \(StatusAnswer.rate(alertsPerSecond)) alerts, "
      + (losses.isEmpty ? "nothing lost" : losses.joined(separator: ", "))
  }
}
