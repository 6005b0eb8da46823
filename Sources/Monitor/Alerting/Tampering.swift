import Alerts
import Events
import Model

/// The alert that names what was done to the agent itself: a process held a reader by its own memory lock, the agent did
/// not run for a while or was far behind, or somebody traces it.
enum Tampering {
  static let rule = AlertRule(
    name: "Monitor tampering", priority: .critical, source: AlertRule.internal,
    tags: ["T1562.001", "mitre_defense_evasion"])

  /// Rules were blind as well, but nobody need have meant it.
  static let delayRule = AlertRule(
    name: "Monitor delayed", priority: .warning, source: AlertRule.internal, tags: [])

  /// So much of a pause must have gone by waiting for a processor for it to be a delay.
  private static let mostOfIt = 0.5

  /// - Parameter ruleCount: how many rules there are.
  static func alert(_ event: Event, hostname: String, ruleCount: Int) -> Alert {
    let told =
      switch event.change {
      case .pause(let pause): describe(pause, ruleCount)
      case .delay(let delay): describe(delay)
      case .tracer(let pid, let row, _): describe(tracer: pid, row)
      default: describe(holder: event.process)
      }
    return Alert(
      rule: told.rule, timeNanoseconds: event.time, hostname: hostname, message: told.message,
      outputFields: [AlertField("evt.time", .unsigned(event.time))] + told.fields)
  }

  /// What an alert says besides when and where.
  private struct Told {
    var rule = Tampering.rule
    let message: [UInt8]
    let fields: [AlertField]
  }

  private static func describe(holder row: ProcessRow?) -> Told {
    Told(
      message: Array("A process held the agent's reader by its own memory, which is not read again (".utf8)
        + words(for: row?.pid ?? 0, row) + Array(")".utf8),
      fields: [
        AlertField("proc.pid", .signed(Int64(row?.pid ?? 0))),
        AlertField("proc.name", row.map { .bytes($0.name) }),
        AlertField("proc.exepath", row?.exePath.map { .bytes($0) }),
      ])
  }

  private static func describe(tracer pid: Int32, _ row: ProcessRow?) -> Told {
    Told(
      message: Array(
        "A process traces the agent: it can read and change all that the agent knows and does (".utf8)
        + words(for: pid, row) + Array(")".utf8),
      fields: [
        AlertField("proc.tracer.pid", .signed(Int64(pid))),
        AlertField("proc.tracer.name", row.map { .bytes($0.name) }),
        AlertField("proc.tracer.exepath", row?.exePath.map { .bytes($0) }),
      ])
  }

  private static func describe(_ pause: AgentPause, _ ruleCount: Int) -> Told {
    let length = pause.to - min(pause.from, pause.to)
    let isStarved = pause.waited.map { Double($0) > mostOfIt * Double(length) } ?? false
    let isDelay = pause.restraint == .throttled || (pause.restraint == nil && isStarved)
    let cause =
      switch pause.restraint {
      case .frozen: "its cgroup was frozen"
      case .throttled: "its cgroup is throttled, having used up its CPU quota"
      case nil:
        isDelay
          ? "it got no processor: the machine is overloaded, or its cgroup is throttled"
          : "it was stopped, or its cgroup frozen, or the machine itself held up"
      }
    let blind = ruleCount == 1 ? "the one rule was" : "all \(ruleCount) rules were"
    return Told(
      rule: isDelay ? delayRule : rule,
      message: Array("The agent did not run for \(seconds(length)), and \(blind) blind: \(cause)".utf8),
      fields: [
        AlertField("agent.pause.from", .unsigned(pause.from)),
        AlertField("agent.pause.to", .unsigned(pause.to)),
        AlertField("agent.pause.waited", pause.waited.map { .unsigned($0) }),
      ])
  }

  private static func describe(_ delay: AgentDelay) -> Told {
    let cause =
      delay.restraint == .throttled
      ? "its cgroup is throttled, having used up its CPU quota"
      : "the machine is overloaded, or more happens than the agent can judge"
    return Told(
      rule: delayRule,
      message: Array(
        ("The agent judges what happens up to \(seconds(delay.longest)) late, and of processes that ended sooner rules see "
          + "little: \(cause)").utf8),
      fields: [
        AlertField("agent.delay.from", .unsigned(delay.from)),
        AlertField("agent.delay.to", .unsigned(delay.to)),
        AlertField("agent.delay.longest", .unsigned(delay.longest)),
      ])
  }

  /// `5.3 s`
  private static func seconds(_ nanoseconds: UInt64) -> String {
    let tenths = (nanoseconds + 50_000_000) / 100_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }

  private static func words(for pid: Int32, _ row: ProcessRow?) -> [UInt8] {
    Array("pid=\(pid) name=".utf8) + (row?.name ?? []) + Array(" exe=".utf8)
      + (row?.exePath ?? Array("<NA>".utf8))
  }
}
