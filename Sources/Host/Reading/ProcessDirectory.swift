/// The directory `/proc/PID` of one process after the other.
///
/// Paths are formed in place: choosing a process and reading its files allocates nothing. One thread at a time.
/// A pid may come back between two reads: compare the start time of `ProcStat` where that matters.
public struct ProcessDirectory: ~Copyable, Sendable {
  private var path: [UInt8]
  private let pidOffset: Int
  private var nameOffset: Int
  /// How the reads through this value ended.
  public private(set) var counts = ReadCounts()

  public init(root: HostRoot) {
    path = Array(root.path("/proc/").utf8)
    pidOffset = path.count
    nameOffset = path.count
    path.reserveCapacity(path.count + 64)
  }

  /// Chooses the process whose files are read next.
  public mutating func select(_ pid: Int32) {
    path.removeSubrange(pidOffset...)
    let number = UInt32(bitPattern: max(0, pid))
    var divisor: UInt32 = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      path.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
    path.append(UInt8(ascii: "/"))
    nameOffset = path.count
  }

  /// Reads one file of the chosen process.
  public mutating func read(_ file: ProcessFile, into buffer: inout ReadBuffer) -> ReadOutcome {
    setName(file.name)
    let outcome = buffer.readFile(path, limit: file.limit, endsAtShortRead: file.isOnePiece)
    counts.count(outcome)
    return outcome
  }

  /// Reads the target of one link of the chosen process.
  public mutating func read(_ link: ProcessLink, into buffer: inout ReadBuffer) -> ReadOutcome {
    setName(link.name)
    let outcome = buffer.readLink(path)
    counts.count(outcome)
    return outcome
  }

  /// The path of a link of the chosen process, ended by NUL.
  mutating func path(of link: ProcessLink) -> [UInt8] {
    setName(link.name)
    return path
  }

  private mutating func setName(_ name: String) {
    path.removeSubrange(nameOffset...)
    path.append(contentsOf: name.utf8)
    path.append(0)
  }
}
