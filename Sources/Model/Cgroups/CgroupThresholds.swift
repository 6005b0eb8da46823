import Events

/// What a cgroup may be above, so that an event says so.
public enum CgroupThreshold: UInt8, CaseIterable, Sendable {
  case throttling, cpuPressure, memoryPressure, ioPressure, memoryUse

  /// The word for what is short.
  public var resource: String {
    switch self {
    case .throttling, .cpuPressure: "cpu"
    case .memoryPressure, .memoryUse: "memory"
    case .ioPressure: "io"
    }
  }
}

/// From where on events tell that a cgroup is short of something, in per cent.
///
/// An event comes when a reading reaches the threshold; the next not before one was below four fifths of it.
public struct CgroupThresholds: Equatable, Sendable {
  /// Periods in which the CPU quota was used up.
  public var throttling = 50.0
  /// The share of ten seconds in which some process waited for a CPU.
  public var cpuPressure = 60.0
  /// The share in which some process waited for memory.
  public var memoryPressure = 20.0
  /// The share in which some process waited for a block device.
  public var ioPressure = 60.0
  /// Memory in use, of the limit.
  public var memoryUse = 90.0

  public init() {}

  subscript(threshold: CgroupThreshold) -> Double {
    switch threshold {
    case .throttling: throttling
    case .cpuPressure: cpuPressure
    case .memoryPressure: memoryPressure
    case .ioPressure: ioPressure
    case .memoryUse: memoryUse
    }
  }

  /// Below this share of a threshold the next crossing is an event again.
  static let rearming = 0.8
}

/// A cgroup has reached a threshold.
public struct ThresholdCrossing: Equatable, Sendable {
  public let threshold: CgroupThreshold
  /// Per cent at the reading before; `nil` when there was none.
  public let before: Double?
  /// Per cent now.
  public let after: Double
  /// Per cent from which on it is an event.
  public let limit: Double

  public init(threshold: CgroupThreshold, before: Double?, after: Double, limit: Double) {
    self.threshold = threshold
    self.before = before
    self.after = after
    self.limit = limit
  }
}

extension CgroupRow {
  /// What is held against a threshold, in per cent; `nil` when it is not known.
  func percent(_ threshold: CgroupThreshold) -> Double? {
    switch threshold {
    case .throttling: rates.throttledPercent
    case .cpuPressure: figures[.cpuPressure].map { Double($0) / 100 }
    case .memoryPressure: figures[.memoryPressure].map { Double($0) / 100 }
    case .ioPressure: figures[.ioPressure].map { Double($0) / 100 }
    case .memoryUse: memoryPercent
    }
  }

  /// Notes which thresholds the last reading is above, and tells those that it has reached.
  func crossings(_ thresholds: CgroupThresholds, before: [Double?]) -> [ThresholdCrossing] {
    var found: [ThresholdCrossing] = []
    for threshold in CgroupThreshold.allCases {
      guard let percent = percent(threshold) else { continue }
      let limit = thresholds[threshold]
      if percent < limit * CgroupThresholds.rearming { exceeded.remove(threshold) }
      guard percent >= limit, exceeded.insert(threshold).inserted else { continue }
      found.append(
        ThresholdCrossing(
          threshold: threshold, before: before[Int(threshold.rawValue)], after: percent, limit: limit))
    }
    return found
  }
}
