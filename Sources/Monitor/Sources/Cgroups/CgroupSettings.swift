import Model

/// `cgroup`: how often the figures of cgroups are read, and what makes events of them.
public struct CgroupSettings: Equatable, Sendable {
  /// `cgroup.interval`
  var interval = TimeSpan(seconds: 10)
  /// `cgroup.…_percent`
  var throttling = Percentage(50)
  var cpuPressure = Percentage(60)
  var memoryPressure = Percentage(20)
  var ioPressure = Percentage(60)
  var memoryUse = Percentage(90)

  public init() {}

  var thresholds: CgroupThresholds {
    var thresholds = CgroupThresholds()
    thresholds.throttling = throttling.value
    thresholds.cpuPressure = cpuPressure.value
    thresholds.memoryPressure = memoryPressure.value
    thresholds.ioPressure = ioPressure.value
    thresholds.memoryUse = memoryUse.value
    return thresholds
  }

  var contradictions: [(key: String, why: String)] {
    (1...3600).contains(interval.seconds) ? [] : [("cgroup.interval", "it must be from 1s to 1h")]
  }
}
