/// How far a tail has come, so that it can go on behind that on another connection without an alert twice.
struct TailPlace {
  /// The last alert's line.
  private var last: [UInt8] = []
  /// Of the newest alerts, in two generations: the older one goes when the newer one is full.
  private var recent: Set<[UInt8]> = []
  private var older: Set<[UInt8]> = []
  /// Whether alerts that came before may come again.
  private var mayRepeat = false

  private static let generation = 8192
  private static let uuidBytes = 36
  /// How far back one looks when the last alert is not known any more: alerts are not in the order of their times.
  private static let overlapNanoseconds: UInt64 = 10_000_000_000

  /// The number of the last alert.
  var sequence: UInt64? { TailedAlert(last)?.sequence }

  /// What an agent is asked, to go on; `nil` before the first alert.
  var resumption: String? {
    guard let alert = TailedAlert(last), let sequence = alert.sequence, let uuid = alert.uuid else {
      return nil
    }
    let time = alert.timeNanoseconds ?? 0
    return " after=\(sequence)/\(uuid) since=\(time - min(time, Self.overlapNanoseconds))"
  }

  /// A connection begins.
  /// - Parameter isResumed: whether it begins behind the last alert.
  mutating func begin(isResumed: Bool) { mayRepeat = !isResumed && !last.isEmpty }

  /// Takes an alert's line.
  /// - Returns: whether it has not come before.
  mutating func isNew(_ line: [UInt8]) -> Bool {
    let uuid = Array(line.suffix(Self.uuidBytes + 2).prefix(Self.uuidBytes))
    if mayRepeat, recent.contains(uuid) || older.contains(uuid) { return false }
    if recent.count >= Self.generation {
      older = recent
      recent = []
    }
    recent.insert(uuid)
    last = line
    return true
  }
}
