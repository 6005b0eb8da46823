/// Holds the kills that cgroups told of against those that the kernel counts for the whole machine, so that a kill in a
/// cgroup that was gone before it was read, or that is not followed, is counted. A value.
struct OOMWitness {
  private var first: UInt64?
  private var attributed: UInt64 = 0
  private var counted: UInt64 = 0
  private var missing: UInt64 = 0

  /// Cgroups told of more kills.
  mutating func attribute(_ kills: UInt64) { attributed += kills }

  /// Takes the machine's count over.
  /// - Returns: kills that nobody told of, once: those that were missing the time before too, since a cgroup may be read
  ///   later than the machine.
  mutating func compare(_ total: UInt64) -> UInt64 {
    guard let first, total >= first else {
      self.first = total
      return 0
    }
    let known = attributed + counted
    let now = total - first > known ? total - first - known : 0
    let lost = min(now, missing)
    counted += lost
    missing = now - lost
    return lost
  }
}
