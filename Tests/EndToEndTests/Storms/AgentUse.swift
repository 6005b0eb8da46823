import SystemPackage
import Testing

/// What a process has used until a moment.
struct AgentUse {
  let when = ContinuousClock.now
  /// CPU time of the readers of the connector, user and system.
  let readers: Duration
  /// CPU time of all threads.
  let all: Duration
  /// Memory that no file backs, as it is resident.
  let anonymousKiB: Int

  init(of pid: Int32) throws {
    let tasks = Files.names(in: FilePath("/proc/\(pid)/task")).filter { $0.first != "." }
    let stats = tasks.map { Files.text(FilePath("/proc/\(pid)/task/\($0)/stat")) }
    readers = Self.time(of: stats.filter { $0.contains("(wh-connect/") })
    all = Self.time(of: stats)
    let line = try contents(of: FilePath("/proc/\(pid)/status")).split(separator: "\n")
      .first { $0.hasPrefix("RssAnon:") }
    anonymousKiB = try #require(Int((line ?? "").filter(\.isNumber)))
  }

  /// The sum of fields 14 and 15, in ticks of 10 ms; the name, field 2, ends with the last parenthesis.
  private static func time(of stats: [String]) -> Duration {
    let ticks = stats.flatMap { stat in
      (stat.split(separator: ")").last ?? "").split(separator: " ").dropFirst(11).prefix(2).compactMap {
        Int($0)
      }
    }
    return .milliseconds(10 * ticks.reduce(0, +))
  }

  /// The share of one core that went into something since then.
  func share(of part: KeyPath<AgentUse, Duration>, since earlier: AgentUse) -> Double {
    (self[keyPath: part] - earlier[keyPath: part]) / (when - earlier.when)
  }
}
