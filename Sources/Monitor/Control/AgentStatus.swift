import Alerts
import Events
import Rules

/// What `windhover status` tells: the summary, how fast things come, and what each rule is worth.
struct AgentStatus {
  let version: String
  let hostname: String
  let pid: Int32
  let summary: AgentSummary
  let rates: AgentRates
  /// Sources that could not be had, or that no rule needs.
  let missing: [SourceStatus]
  let coverage: [NamedCoverage]
  /// Tails at the control socket, and those that were let go since they were too slow.
  let tails: (connected: Int, dropped: UInt64)

  /// Writes it as one object; docs/status.md describes it.
  func write(to json: inout JSONText) {
    json.object { json in
      json.member("version", version)
      json.member("hostname", hostname)
      json.member("pid", pid)
      json.member("uptime_seconds", summary.seconds)
      json.member("events", summary.engine.events)
      json.member("events_per_second", rates.events)
      json.member("processes", summary.engine.processes)
      json.key("sources")
      json.array(summary.sources.map { ($0.status, $0) } + missing.map { ($0, nil) }) {
        $0.source($1.0, $1.1)
      }
      json.key("engine")
      json.object { json in
        json.member("late_records", summary.engine.lateRecords)
        json.member("evicted_processes", summary.engine.evictions)
        json.member("clipped_processes", summary.engine.clippedRows)
        json.member("refused_system_calls", summary.refusedCalls)
        json.member("alerts_without_hash", summary.missedHashes)
      }
      json.key("rules")
      writeRules(to: &json)
      if let delivery = summary.delivery { json.delivery(delivery) }
      json.key("tails")
      json.object { json in
        json.member("connected", tails.connected)
        json.member("dropped", tails.dropped)
      }
    }
  }

  private func writeRules(to json: inout JSONText) {
    json.object { json in
      json.member("loaded", summary.rules.loaded)
      json.member("matches", summary.rules.matches)
      json.member("matches_per_second", rates.matches)
      json.member("alerts", summary.rules.alerts)
      json.member("alerts_per_second", rates.alerts)
      json.key("coverage")
      json.object { json in
        for verdict in RuleCoverage.Verdict.allCases {
          json.member(verdict.rawValue, coverage.count { $0.coverage.verdict == verdict })
        }
      }
      json.key("not_covered")
      json.array(coverage.filter { $0.coverage.verdict != .covered }) { json, rule in
        json.object { json in
          json.member("rule", rule.rule)
          json.member("verdict", rule.coverage.verdict.rawValue)
          json.key("reasons")
          json.array(rule.coverage.reasons) { $0.string($1.text) }
        }
      }
    }
  }
}

extension JSONText {
  fileprivate mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  fileprivate mutating func member(_ name: String, _ value: some BinaryInteger) {
    key(name)
    number(value)
  }

  /// A figure with three digits after the point.
  fileprivate mutating func member(_ name: String, _ value: Double) {
    key(name)
    number((value * 1000).rounded() / 1000)
  }

  fileprivate mutating func source(_ status: SourceStatus, _ part: AgentSummary.SourcePart?) {
    object { json in
      json.member("name", status.source.name)
      json.key("active")
      json.bool(status.isActive)
      json.key("details")
      json.array(status.details) { $0.string($1) }
      json.key("shortcomings")
      json.array(status.shortcomings) { $0.string($1) }
      guard let part else { return }
      json.member("records", part.records)
      json.key("lost")
      let losses = part.losses.map {
        (reason: $0.key.reason.name, kind: $0.key.kind.map { "\($0)" }, count: $0.value)
      }
      json.array(losses.sorted { ($0.reason, $0.kind ?? "") < ($1.reason, $1.kind ?? "") }) { json, loss in
        json.object { json in
          json.member("reason", loss.reason)
          if let kind = loss.kind { json.member("records", kind) }
          json.member("count", loss.count)
        }
      }
      json.key("passed_over")
      json.object { json in
        for (name, count) in part.passedOver.sorted(by: { $0.key < $1.key }) { json.member(name, count) }
      }
    }
  }

  fileprivate mutating func delivery(_ status: DeliveryStatus) {
    key("throttle")
    object { json in
      json.member("held", status.throttle.held)
      json.member("told", status.throttle.told)
      json.member("unremembered", status.throttle.unremembered)
    }
    key("journal")
    object { json in
      json.member("last_sequence", status.journal.lastSequence)
      json.member("entries_in_memory", status.journal.entries)
      json.member("dropped", status.journal.dropped)
      guard let storage = status.journal.storage else { return }
      json.member("never_stored", storage.neverStored)
      json.key("problem")
      if let problem = storage.problem { json.string(problem) } else { json.null() }
    }
    key("outputs")
    array(status.sinks) { $0.sink($1) }
  }

  private mutating func sink(_ status: SinkStatus) {
    object { json in
      json.member("name", status.name)
      json.member("state", "\(status.state)")
      json.member("delivered", status.delivered)
      json.member("waiting", status.lag)
      json.member("kept", status.kept)
      json.member("receipt", status.receipt.rawValue)
      json.member("missed", status.missed)
      json.member("refused", status.refused)
      json.member("failures", status.failures)
      json.member("filtered", status.filtered)
      json.member("sent_again", status.retried)
      json.member("shortened", status.shortened)
      json.key("last_error")
      if let error = status.lastError { json.string(error) } else { json.null() }
      json.key("last_refusal")
      if let refusal = status.lastRefusal { json.string(refusal) } else { json.null() }
      json.key("unconfined")
      if let reason = status.unconfined { json.string(reason) } else { json.null() }
      json.key("unfollowed_links")
      json.array(status.unfollowedLinks) { $0.string($1) }
    }
  }
}
