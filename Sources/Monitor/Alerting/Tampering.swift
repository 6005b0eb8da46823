import Alerts
import Events
import Model

/// The alert about a process that held a reader of the agent by its own memory lock.
enum Tampering {
  static let rule = AlertRule(
    name: "Monitor tampering", priority: .critical, source: AlertRule.internal,
    tags: ["T1562.001", "mitre_defense_evasion"])

  static func alert(_ event: Event, hostname: String) -> Alert {
    let row = event.process
    let message =
      Array(
        "A process held the agent's reader by its own memory, which is not read again (pid=\(row?.pid ?? 0) name="
          .utf8)
      + (row?.name ?? []) + Array(" exe=".utf8) + (row?.exePath ?? Array("<NA>".utf8)) + Array(")".utf8)
    return Alert(
      rule: rule, timeNanoseconds: event.time, hostname: hostname, message: message,
      outputFields: [
        AlertField("evt.time", .unsigned(event.time)), AlertField("proc.pid", .signed(Int64(row?.pid ?? 0))),
        AlertField("proc.name", row.map { .bytes($0.name) }),
        AlertField("proc.exepath", row?.exePath.map { .bytes($0) }),
      ])
  }
}
