import Events
import Rules

extension StatusAnswer {
  /// What a person wants to know of an agent: whether it sees, what it lost, whether alerts arrive. Lines of text.
  var text: [String] {
    [
      "windhover \(version) on \(hostname), process \(pid), up \(Self.duration(uptimeSeconds))",
      "events    \(events), \(Self.rate(eventsPerSecond)); \(processes.of("process", plural: "processes")) known",
      "rules     \(rules.loaded) loaded; \(rules.matches.of("match", plural: "matches")), \(rules.alerts.of("alert")), "
        + Self.rate(rules.alertsPerSecond),
    ] + sourceLines + lossLines + coverageLines + outputLines
  }

  private var sourceLines: [String] {
    let width = sources.map(\.name.count).max() ?? 0
    return sources.enumerated().map { index, source in
      let name = source.name + String(repeating: " ", count: width - source.name.count)
      let state = source.active ? "on " : "off"
      let records = source.records.map { [$0.of("record")] } ?? []
      let rest = (source.details + records + source.shortcomings).joined(separator: "; ")
      return "\(index == 0 ? "sources   " : "          ")\(name)  \(state)  \(rest)"
    }
  }

  private var lossLines: [String] {
    var lost = sources.flatMap { source in
      (source.lost ?? []).map { loss in
        "\(source.name): \(loss.count) \(loss.reason)\(loss.records.map { " of \($0)" } ?? "")"
      }
    }
    let (evicted, clipped, tails) = (engine.evictedProcesses, engine.clippedProcesses, tails?.dropped ?? 0)
    lost += [
      (engine.lateRecords, engine.lateRecords.of("late record")),
      (evicted, "\(evicted.of("process", plural: "processes")) forgotten for want of room"),
      (clipped, "\(clipped.of("process", plural: "processes")) with text that was cut"),
      (engine.refusedSystemCalls, engine.refusedSystemCalls.of("refused system call")),
      (engine.alertsWithoutHash, "\(engine.alertsWithoutHash.of("alert")) without the hash in the output"),
      (throttle?.held ?? 0, "\((throttle?.held ?? 0).of("alert")) held back by the throttle"),
      (journal?.dropped ?? 0, "\((journal?.dropped ?? 0).of("alert")) dropped by the journal"),
      (journal?.neverStored ?? 0, "\((journal?.neverStored ?? 0).of("alert")) never stored"),
      (tails, "\(tails.of("tail")) dropped for being too slow"),
    ].filter { $0.0 > 0 }.map(\.1)
    if let problem = journal?.problem { lost.append("the journal cannot be written: \(problem)") }
    guard !lost.isEmpty else { return ["lost      nothing"] }
    return lost.enumerated().map { ($0 == 0 ? "lost      " : "          ") + $1 }
  }

  /// Rules that cannot match, or match too much, are told one by one; those that may miss something, by the reason.
  private var coverageLines: [String] {
    guard !rules.notCovered.isEmpty else { return ["coverage  every rule is covered"] }
    let mayMiss = RuleCoverage.Verdict.mayMiss.rawValue
    let named = rules.notCovered.filter { $0.verdict != mayMiss }.map { rule in
      "\(rule.rule): \(rule.verdict)"
        + (rule.reasons.isEmpty ? "" : ": " + rule.reasons.joined(separator: "; "))
    }
    var names: [[String]: [String]] = [:]
    for rule in rules.notCovered where rule.verdict == mayMiss {
      names[rule.reasons, default: []].append(rule.rule)
    }
    let grouped = names.sorted { ($1.value.count, $0.value[0]) < ($0.value.count, $1.value[0]) }.map {
      reasons, rules in
      "\(rules.count.of("rule")) \(mayMiss): \(reasons.joined(separator: "; ")): "
        + rules.joined(separator: ", ")
    }
    let covered =
      "\(Int(clamping: rules.loaded) - rules.notCovered.count) of \(rules.loaded.of("rule")) covered"
    return ([covered] + named + grouped).enumerated().map { ($0 == 0 ? "coverage  " : "          ") + $1 }
  }

  private var outputLines: [String] {
    (outputs ?? []).enumerated().map { index, output in
      let extras = [
        ("missed", output.missed), ("refused", output.refused ?? 0), ("failures", output.failures),
      ].filter { $0.1 > 0 }
        .map { ", \($0.1) \($0.0)" }.joined()
      let error =
        (output.lastError.map { "; \($0)" } ?? "") + (output.lastRefusal.map { "; refused: \($0)" } ?? "")
        + (output.unconfined.map { "; not confined to its own files: \($0)" } ?? "")
        + (output.unfollowedLinks ?? []).map { "; \($0)" }.joined()
      return
        "\(index == 0 ? "outputs   " : "          ")\(output.name)  \(output.state): \(Self.counts(output))"
        + "\(extras)\(error)"
    }
  }

  /// What came of an output's alerts, in words that promise no more than its protocol.
  private static func counts(_ output: Output) -> String {
    let kept = min(output.kept ?? 0, output.waiting)
    let waiting = "\(output.waiting - kept) waiting"
    switch output.receipt {
    case "nothing": return "\(output.delivered) sent, which UDP does not confirm, \(waiting)"
    case "connection" where kept > 0:
      return
        "\(output.delivered) delivered, \(kept) sent and kept for resend_window in case the connection breaks, "
        + waiting
    case _ where kept > 0:
      return "\(output.delivered) delivered, \(kept) sent and not acknowledged, \(waiting)"
    default: return "\(output.delivered) delivered, \(waiting)"
    }
  }

  /// `3 d 4 h`, `4 h 12 min`, `12 min 3 s`, `3 s`.
  static func duration(_ seconds: Double) -> String {
    let whole = UInt64(max(0, min(seconds, 1e15)))
    let parts = [
      (whole / 86_400, "d"), (whole / 3600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s"),
    ]
    let shown = parts.drop { $0.0 == 0 }.prefix(2).map { "\($0.0) \($0.1)" }
    return shown.isEmpty ? "0 s" : shown.joined(separator: " ")
  }

  /// `12.3/s`
  static func rate(_ perSecond: Double) -> String { "\((perSecond * 10).rounded() / 10)/s" }
}
