public import Alerts
import Events

/// What the agent did and what it did not see, from its start to now: a plain value for the last lines of `run`.
public struct AgentSummary: Sendable {
  /// One source's part.
  public struct SourcePart: Sendable {
    public let status: SourceStatus
    public let records: UInt64
    public let losses: [LossCounters.Key: UInt64]
    /// Passed over on purpose, by name.
    public let passedOver: [String: UInt64]
  }

  public var seconds: Double = 0
  public var sources: [SourcePart] = []
  public var engine = EngineStatus()
  public var rules = RuleCounts()
  public var delivery: DeliveryStatus?
  /// System calls that the filter refused because it does not know them.
  public var refusedCalls: UInt64 = 0
  /// Alerts that print the hash of a program which was not to be had in time.
  public var missedHashes: UInt64 = 0

  public init() {}
}

/// How often rules matched.
public struct RuleCounts: Sendable, Equatable {
  /// Rules that are loaded and enabled.
  public var loaded = 0
  public var matches: UInt64 = 0
  /// Alerts that went into the journal, internal ones too.
  public var alerts: UInt64 = 0

  public init() {}
}

extension AgentSummary: CustomStringConvertible {
  /// A few lines: events, what was lost by source and reason, matches, and each sink.
  public var description: String {
    var lines = [
      "\(engine.events.of("event")) in \(seconds.rounded1) s, \(engine.processes.of("process", plural: "processes")) known",
      "\(rules.matches.of("match", plural: "matches")) of \(rules.loaded.of("rule")), \(rules.alerts.of("alert"))",
    ]
    for part in sources where part.status.isActive || part.records > 0 {
      let passed = part.passedOver.sorted { $0.key < $1.key }.map {
        "; \($0.value.of("message")) \($0.key) passed over"
      }
      lines.append(
        "source \(part.status.source.name): \(part.records.of("record")); lost: \(lossText(part.losses))"
          + passed.joined())
    }
    let unseen = [
      (engine.lateRecords, "\(engine.lateRecords) late"), (engine.evictions, "\(engine.evictions) evicted"),
      (engine.clippedRows, "\(engine.clippedRows) clipped"),
      (refusedCalls, refusedCalls.of("refused system call")),
      (missedHashes, "\(missedHashes.of("alert")) without the hash in the output"),
    ].filter { $0.0 > 0 }.map(\.1)
    if !unseen.isEmpty { lines.append(unseen.joined(separator: ", ")) }
    if let delivery { lines += delivery.shortcomings }
    for sink in delivery?.sinks ?? [] {
      let trouble =
        (sink.lastError.map { "; last error: \($0)" } ?? "")
        + (sink.lastRefusal.map { "; last refusal: \($0)" } ?? "")
        + (sink.unconfined.map { "; its thread is not confined: \($0)" } ?? "")
        + sink.unfollowedLinks.map { "; \($0)" }.joined()
      lines.append(
        "sink \(sink.name): \(sink.delivered) \(sink.receipt == .nothing ? "sent" : "delivered"), \(sink.failures.of("failure")), \(sink.missed) missed, "
          + "\(sink.lag) waiting\(sink.extras)\(trouble)")
    }
    return lines.joined(separator: "\n")
  }

  private func lossText(_ losses: [LossCounters.Key: UInt64]) -> String {
    guard !losses.isEmpty else { return "nothing" }
    return losses.map { key, count in "\(count) \(key.reason.name)\(key.kind.map { " of \($0)" } ?? "")" }
      .sorted().joined(separator: ", ")
  }
}

extension DeliveryStatus {
  /// What did not go straight through throttle and journal; nothing when all did.
  fileprivate var shortcomings: [String] {
    var lines: [String] = []
    if throttle.held > 0 {
      lines.append("throttle: \(throttle.held.of("alert")) held back, \(throttle.told) told in summaries")
    }
    if throttle.unremembered > 0 {
      lines.append("throttle: \(throttle.unremembered.of("alert")) past a full memory of keys")
    }
    if journal.dropped > 0 { lines.append("journal: \(journal.dropped.of("alert")) dropped to make room") }
    if let storage = journal.storage {
      if storage.neverStored > 0 {
        lines.append("journal: \(storage.neverStored.of("alert")) never reached the disk")
      }
      if let problem = storage.problem { lines.append("journal: nothing can be written: \(problem)") }
    }
    return lines
  }
}

extension SinkStatus {
  fileprivate var extras: String {
    [
      ("refused", refused), ("not for it", filtered), ("sent again", retried),
      ("shortened", shortened),
    ]
    .filter { $0.1 > 0 }.map { ", \($0.1) \($0.0)" }.joined()
  }
}

extension Double {
  fileprivate var rounded1: Double { (self * 10).rounded() / 10 }
}
