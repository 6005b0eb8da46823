import Alerts

/// Alerts as the lines that tails get. Tails that are at the same place share the work. The tails' thread only.
struct TailLines {
  /// An alert with fields of a hostile size is shortened to this.
  static let lineLimit = 512 << 10
  /// What is kept for other tails: two megabytes at most.
  private static let keptLines = 256
  private static let keptLineLimit = 8 << 10

  private let format: JSONFormat
  /// By the lowest bits of the number.
  private var kept: [(sequence: UInt64, line: [UInt8])] = []

  init() {
    var options = JSONOptions()
    options.includesUUID = true
    options.includesSequence = true
    options.includesContext = true
    format = JSONFormat(options: options)
  }

  /// Appends the alert's line with its end.
  mutating func append(_ entry: JournalEntry, to bytes: inout [UInt8]) {
    let slot = Int(entry.sequence % UInt64(Self.keptLines))
    if slot < kept.count, kept[slot].sequence == entry.sequence {
      bytes += kept[slot].line
      return
    }
    var line: [UInt8] = []
    line.reserveCapacity(2048)
    _ = format.encode(entry, limit: Self.lineLimit, into: &line)
    line.append(UInt8(ascii: "\n"))
    bytes += line
    guard line.count <= Self.keptLineLimit else { return }
    if kept.isEmpty { kept = Array(repeating: (0, []), count: Self.keptLines) }
    kept[slot] = (entry.sequence, line)
  }

  /// Gives the memory back.
  mutating func forget() { kept = [] }
}
