import Alerts
import Events
import Model

/// The alert that names what was done to the agent itself: a process held a reader by its own memory lock, the agent did
/// not run for a while, or somebody traces it.
enum Tampering {
  static let rule = AlertRule(
    name: "Monitor tampering", priority: .critical, source: AlertRule.internal,
    tags: ["T1562.001", "mitre_defense_evasion"])

  /// Rules were blind as well, but nobody need have meant it.
  static let delayRule = AlertRule(
    name: "Monitor delayed", priority: .warning, source: AlertRule.internal, tags: [])

  /// So much of a pause must have gone by waiting for a processor for it to be a delay.
  private static let mostOfIt = 0.5

  static func alert(_ event: Event, hostname: String) -> Alert {
    let told =
      switch event.change {
      case .pause(let pause): describe(pause)
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

  private static func describe(_ pause: AgentPause) -> Told {
    let length = pause.to - min(pause.from, pause.to)
    let isDelay = pause.waited.map { Double($0) > mostOfIt * Double(length) } ?? false
    let tenths = (length + 50_000_000) / 100_000_000
    let cause =
      isDelay
      ? "it got no processor: the machine is overloaded, or its cgroup is throttled"
      : "it was stopped, or its cgroup frozen, or the machine itself held up"
    return Told(
      rule: isDelay ? delayRule : rule,
      message: Array(
        "The agent did not run for \(tenths / 10).\(tenths % 10) s, and rules were blind: \(cause)".utf8),
      fields: [
        AlertField("agent.pause.from", .unsigned(pause.from)),
        AlertField("agent.pause.to", .unsigned(pause.to)),
        AlertField("agent.pause.waited", pause.waited.map { .unsigned($0) }),
      ])
  }

  private static func words(for pid: Int32, _ row: ProcessRow?) -> [UInt8] {
    Array("pid=\(pid) name=".utf8) + (row?.name ?? []) + Array(" exe=".utf8)
      + (row?.exePath ?? Array("<NA>".utf8))
  }
}
