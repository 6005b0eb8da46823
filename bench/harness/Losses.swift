/// What the agent says that it lost, in the summary with which it ends: lines such as
/// `source connector: 120 records; lost: 3 vanished of executed, 1 sequence_gap; 5 messages of threads passed over`.
struct Losses {
  /// Counts by what was lost, such as `vanished of executed`.
  private(set) var counts: [String: Int] = [:]

  init(summary: String) {
    for line in summary.split(separator: "\n") {
      guard line.contains("source "), let mark = line.firstRange(of: "; lost: ") else { continue }
      for item in line[mark.upperBound...].prefix(while: { $0 != ";" }).split(separator: ", ") {
        let parts = item.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let count = Int(parts[0]) else { continue }
        counts[String(parts[1]), default: 0] += count
      }
    }
  }

  /// Execs of which nothing may be known at all.
  var unknownExecs: Int {
    sum { $0 == "ring_full of executed" || $0 == "sequence_gap" || $0 == "socket_overflow" }
  }

  /// Execs that are known, but not all that was to be read of them.
  var incompleteExecs: Int { sum { $0.hasSuffix(" of executed") && $0 != "ring_full of executed" } }

  /// The counts in words.
  var text: String {
    counts.isEmpty ? "nothing" : counts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")
  }

  private func sum(where predicate: (String) -> Bool) -> Int {
    counts.reduce(0) { $0 + (predicate($1.key) ? $1.value : 0) }
  }
}
