import Alerts
import Events

/// The alert at the start that tells for how long no agent ran, and how the one before ended.
enum Absence {
  /// One that was killed, or crashed, or whose host went down: somebody may have wanted that.
  static let killedRule = AlertRule(
    name: "Monitor was down", priority: .warning, source: AlertRule.internal,
    tags: ["T1562.001", "mitre_defense_evasion"])
  static let endedRule = AlertRule(
    name: "Monitor was down", priority: .informational, source: AlertRule.internal)

  /// - Parameters:
  ///   - run: how the agent before this one ended.
  ///   - now: nanoseconds since 1970 UTC.
  ///   - ruleCount: how many rules there are.
  static func alert(after run: PreviousRun, now: UInt64, hostname: String, ruleCount: Int) -> Alert {
    let length =
      now >= run.lastSeenNanoseconds
      ? "for \(words(now - run.lastSeenNanoseconds))" : "for an unknown time, since the clock was set back,"
    let cause =
      run.endedInOrder
      ? "it was asked to end, or ended by itself"
      : "the one before was killed or crashed, or the host went down; the last sign of it may be up to a minute older than its end"
    let blind = ruleCount == 1 ? "the one rule was" : "all \(ruleCount) rules were"
    return Alert(
      rule: run.endedInOrder ? endedRule : killedRule, timeNanoseconds: now, hostname: hostname,
      message: Array("No agent ran \(length) and \(blind) blind: \(cause)".utf8),
      outputFields: [
        AlertField("evt.time", .unsigned(now)),
        AlertField("agent.down.from", .unsigned(run.lastSeenNanoseconds)),
        AlertField("agent.down.to", .unsigned(now)),
        AlertField("agent.down.in_order", .bool(run.endedInOrder)),
      ])
  }

  /// `1 d 2 h`, `5 min 3 s`, `0.4 s`
  private static func words(_ nanoseconds: UInt64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    return switch seconds {
    case 86_400...: "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
    case 3600...: "\(seconds / 3600) h \(seconds / 60 % 60) min"
    case 60...: "\(seconds / 60) min \(seconds % 60) s"
    default: "\(seconds).\(nanoseconds / 100_000_000 % 10) s"
    }
  }
}
