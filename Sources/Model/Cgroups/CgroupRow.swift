public import Events

/// What is known of one cgroup now, or was when it was removed.
///
/// Only the engine's thread reads or writes rows.
public final class CgroupRow {
  /// The path from the root of its tree, as `/proc/PID/cgroup` has it.
  public let path: [UInt8]
  /// The container that the path claims.
  public internal(set) var claim: Container?
  /// The claim, once it counts; `nil` for a cgroup of the host.
  public internal(set) var container: Container?
  /// The figures as they were read last.
  public internal(set) var figures = CgroupFigures()
  /// What follows from the last two readings.
  public internal(set) var rates = CgroupRates()
  /// Whether it was seen to be made, so that its counters began at 0.
  let wasSeenMade: Bool
  /// Whether any of its files was read.
  var wasRead = false
  /// The thresholds that it is above.
  var exceeded: Set<CgroupThreshold> = []

  init(path: [UInt8], wasSeenMade: Bool) {
    self.path = path
    self.wasSeenMade = wasSeenMade
  }

  /// Memory in use, in per cent of the limit; `nil` without a limit.
  public var memoryPercent: Double? {
    guard let usage = figures[.memoryUsage], let limit = figures[.memoryLimit], limit > 0 else { return nil }
    return Double(usage) * 100 / Double(limit)
  }
}

/// The figures of a cgroup that are known.
public struct CgroupFigures: Equatable, Sendable {
  /// Of most cgroups nothing is read: they share these.
  private static let nothing = [UInt64](repeating: CgroupFigure.none, count: CgroupFigure.allCases.count)

  private var values = Self.nothing

  /// The number; `nil` when it was not read, or there is none, as of a limit that is not set.
  public subscript(figure: CgroupFigure) -> UInt64? {
    get {
      let value = values[Int(figure.rawValue)]
      return value == CgroupFigure.none ? nil : value
    }
    set { values[Int(figure.rawValue)] = newValue ?? CgroupFigure.none }
  }
}

/// What a cgroup did between its last two readings.
public struct CgroupRates: Equatable, Sendable {
  /// CPUs in use, on average.
  public internal(set) var cores: Double?
  /// Periods in which the quota was used up, in per cent of those in which something ran.
  public internal(set) var throttledPercent: Double?
  /// Bytes a second.
  public internal(set) var readPerSecond: Double?
  /// Bytes a second.
  public internal(set) var writtenPerSecond: Double?

  /// The counters that these follow from, as they were at `stamp`.
  private var counters = CgroupFigures()
  private var stamp: UInt64 = 0

  private static let counted: [CgroupFigure] = [
    .cpuUsage, .cpuPeriods, .cpuThrottledPeriods, .bytesRead, .bytesWritten,
  ]

  public init() {}

  /// Takes a reading over, begun at `now` on the monotonic clock, that holds one of the counters.
  mutating func update(_ figures: CgroupFigures, now: UInt64) {
    let seconds = stamp == 0 || now <= stamp ? 0 : Double(now - stamp) / 1e9
    func growth(_ figure: CgroupFigure) -> Double? {
      // A smaller number is that of another cgroup which has the name now.
      guard seconds > 0, let before = counters[figure], let after = figures[figure], after >= before else {
        return nil
      }
      return Double(after - before)
    }
    cores = growth(.cpuUsage).map { $0 / 1e9 / seconds }
    throttledPercent = growth(.cpuThrottledPeriods).flatMap { throttled in
      growth(.cpuPeriods).map { $0 > 0 ? min(100, throttled * 100 / $0) : 0 }
    }
    readPerSecond = growth(.bytesRead).map { $0 / seconds }
    writtenPerSecond = growth(.bytesWritten).map { $0 / seconds }
    for figure in Self.counted { counters[figure] = figures[figure] }
    stamp = now
  }

  /// Whether a reading holds a counter that rates follow from.
  static func areTold(by figure: CgroupFigure) -> Bool { counted.contains(figure) }
}
