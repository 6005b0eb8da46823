import Alerts
import Events
import Model

/// The alert that names what was done to the agent itself: a process held a reader by its own memory lock, the agent did
/// not run for a while, or somebody traces it.
enum Tampering {
  static let rule = AlertRule(
    name: "Monitor tampering", priority: .critical, source: AlertRule.internal,
    tags: ["T1562.001", "mitre_defense_evasion"])

  /// The same rules were blind, but nobody need have meant it.
  static let delayRule = AlertRule(
    name: "Monitor delayed", priority: .warning, source: AlertRule.internal, tags: [])

  /// What a pause must be due to for the most part to be called so.
  private static let mostOfIt = 0.5

  static func alert(_ event: Event, hostname: String) -> Alert {
    let (message, fields) =
      switch event.change {
      case .pause(let pause): describe(pause)
      case .tracer(let pid, let row, _): describe(tracer: pid, row)
      default: describe(holder: event.process)
      }
    return Alert(
      rule: isDelay(event) ? delayRule : rule, timeNanoseconds: event.time, hostname: hostname,
      message: message,
      outputFields: [AlertField("evt.time", .unsigned(event.time))] + fields)
  }

  private static func describe(holder row: ProcessRow?) -> ([UInt8], [AlertField]) {
    let message =
      Array("A process held the agent's reader by its own memory, which is not read again (".utf8)
      + words(for: row?.pid ?? 0, row) + Array(")".utf8)
    return (
      message,
      [
        AlertField("proc.pid", .signed(Int64(row?.pid ?? 0))),
        AlertField("proc.name", row.map { .bytes($0.name) }),
        AlertField("proc.exepath", row?.exePath.map { .bytes($0) }),
      ]
    )
  }

  private static func describe(tracer pid: Int32, _ row: ProcessRow?) -> ([UInt8], [AlertField]) {
    let message =
      Array("A process traces the agent: it can read and change all that the agent knows and does (".utf8)
      + words(for: pid, row) + Array(")".utf8)
    return (
      message,
      [
        AlertField("proc.tracer.pid", .signed(Int64(pid))),
        AlertField("proc.tracer.name", row.map { .bytes($0.name) }),
        AlertField("proc.tracer.exepath", row?.exePath.map { .bytes($0) }),
      ]
    )
  }

  private static func describe(_ pause: AgentPause) -> ([UInt8], [AlertField]) {
    let length = pause.to - min(pause.from, pause.to)
    let isStarved = isStarved(pause)
    let tenths = (length + 50_000_000) / 100_000_000
    let cause =
      isStarved
      ? "it got no processor: the machine is overloaded, or its cgroup is throttled"
      : "it was stopped, or its cgroup frozen, or the machine itself held up"
    return (
      Array(
        "The agent did not run for \(tenths / 10).\(tenths % 10) s, and rules were blind: \(cause)".utf8),
      [
        AlertField("agent.pause.from", .unsigned(pause.from)),
        AlertField("agent.pause.to", .unsigned(pause.to)),
        AlertField("agent.pause.waited", pause.waited.map { .unsigned($0) }),
      ]
    )
  }

  private static func isDelay(_ event: Event) -> Bool {
    if case .pause(let pause) = event.change { isStarved(pause) } else { false }
  }

  /// Whether it waited for a processor for most of the time.
  private static func isStarved(_ pause: AgentPause) -> Bool {
    let length = pause.to - min(pause.from, pause.to)
    return pause.waited.map { Double($0) > mostOfIt * Double(length) } ?? false
  }

  private static func words(for pid: Int32, _ row: ProcessRow?) -> [UInt8] {
    Array("pid=\(pid) name=".utf8) + (row?.name ?? []) + Array(" exe=".utf8)
      + (row?.exePath ?? Array("<NA>".utf8))
  }
}
