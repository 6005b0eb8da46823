import Events

/// Holds alerts back that are too many, and tells of them in summaries: when their limit lets one through again, and either
/// none was held back for a second or the first of them was 10 s ago; of each limit at most one in 10 s.
///
/// An alert must pass three gates: that it is no repeat, that its combination of values is not too busy, that its rule is
/// not. What the agent says of itself passes always. One thread at a time.
struct Throttle {
  /// Now, on both clocks.
  struct Moment {
    /// For the buckets.
    var monotonicNanoseconds: UInt64
    /// For the summaries: since 1970 UTC.
    var realtimeNanoseconds: UInt64
  }

  /// A gate and what it tells apart. Values are remembered by their hash, which is seeded anew in every process, so that
  /// nobody outside can make two of them alike.
  private struct GateID: Hashable {
    let rule: String
    let reason: HeldAlerts.Reason
    let values: Int
  }

  private struct Gate {
    var bucket: TokenBucket
    var held: HeldAlerts?
    /// When the first and the last of those were held back; monotonic, as is what follows.
    var heldNanoseconds: (first: UInt64, last: UInt64) = (0, 0)
    /// When a summary last told of them.
    var toldNanoseconds: UInt64?

    init(bucket: TokenBucket) { self.bucket = bucket }

    /// Whether there is something to tell and this is the time for it.
    mutating func isDue(_ now: UInt64) -> Bool {
      guard held != nil, bucket.isOpen(nowNanoseconds: now) else { return false }
      if let toldNanoseconds, now < toldNanoseconds + Throttle.summaryNanoseconds { return false }
      return now >= heldNanoseconds.last + Throttle.calmNanoseconds
        || now >= heldNanoseconds.first + Throttle.summaryNanoseconds
    }
  }

  /// Between two summaries of one limit, and the longest that a flood goes on untold.
  private static let summaryNanoseconds: UInt64 = 10_000_000_000
  /// A flood has ended when nothing was held back for so long.
  private static let calmNanoseconds: UInt64 = 1_000_000_000

  private let options: ThrottleOptions
  private var gates: [GateID: Gate] = [:]
  /// Those that hold alerts back.
  private var holding: Set<GateID> = []
  private var prunedNanoseconds: UInt64 = 0
  private(set) var status = ThrottleStatus()

  init(_ options: ThrottleOptions) { self.options = options }

  /// What goes on its way now: the alert, unless it is held back, and before it what a limit that opens has to tell.
  mutating func admit(_ alert: Alert, at moment: Moment) -> [Alert] {
    guard alert.rule.source != AlertRule.internal else { return [alert] }
    let ids = gates(of: alert, moment.monotonicNanoseconds)
    for id in ids where gates[id]?.bucket.isOpen(nowNanoseconds: moment.monotonicNanoseconds) == false {
      hold(alert, at: id, moment.monotonicNanoseconds)
      return []
    }
    var admitted: [Alert] = []
    for id in ids {
      if gates[id]?.isDue(moment.monotonicNanoseconds) == true { admitted += summary(of: id, moment) }
      gates[id]?.bucket.take()
    }
    return admitted + [alert]
  }

  /// Summaries that are due, also where no alert came since.
  /// - Parameter isLast: the agent ends: what was not told is told now.
  mutating func due(at moment: Moment, isLast: Bool = false) -> [Alert] {
    let due = holding.filter { isLast || gates[$0]?.isDue(moment.monotonicNanoseconds) == true }
    return due.flatMap { summary(of: $0, moment) }
  }

  private mutating func hold(_ alert: Alert, at id: GateID, _ now: UInt64) {
    status.held += 1
    gates[id]?.heldNanoseconds.last = now
    guard gates[id]?.held == nil else {
      gates[id]?.held?.add(alert)
      return
    }
    let held = HeldAlerts(alert, reason: id.reason, key: id.reason == .key ? key(of: alert) : [])
    gates[id]?.held = held
    gates[id]?.heldNanoseconds.first = now
    holding.insert(id)
  }

  private mutating func summary(of id: GateID, _ moment: Moment) -> [Alert] {
    guard let held = gates[id]?.held else { return [] }
    gates[id]?.held = nil
    gates[id]?.toldNanoseconds = moment.monotonicNanoseconds
    holding.remove(id)
    status.told += held.count
    return [held.summary(timeNanoseconds: moment.realtimeNanoseconds)]
  }

  /// The gates that the alert must pass; each is there afterwards.
  private mutating func gates(of alert: Alert, _ now: UInt64) -> [GateID] {
    let name = alert.rule.name
    let own = options.rules[name]
    // The rule is named, and has no limit: nothing holds it.
    if case .some(.none) = own { return [] }
    var ids: [GateID] = []
    if options.foldSeconds > 0 {
      let limit = ThrottleLimit(perSecond: 1 / Double(options.foldSeconds), burst: 1)
      ids += remember(GateID(rule: name, reason: .fold, values: alert.message.hashValue), limit, now)
    }
    if let key = options.key {
      var hasher = Hasher()
      for field in self.key(of: alert) { hasher.combine(field.value.map { "\($0)" }) }
      ids += remember(GateID(rule: name, reason: .key, values: hasher.finalize()), key.limit, now)
    }
    if let limit = own ?? options.rule {
      let id = GateID(rule: name, reason: .rule, values: 0)
      // There are no more of these than rules.
      if gates[id] == nil { gates[id] = Gate(bucket: TokenBucket(limit, nowNanoseconds: now)) }
      ids.append(id)
    }
    return ids
  }

  /// The gate, if it is there or there is room for it.
  private mutating func remember(_ id: GateID, _ limit: ThrottleLimit, _ now: UInt64) -> [GateID] {
    guard gates[id] == nil else { return [id] }
    if gates.count >= options.maximumKeys { prune(now) }
    guard gates.count < options.maximumKeys else {
      status.unremembered += 1
      return []
    }
    gates[id] = Gate(bucket: TokenBucket(limit, nowNanoseconds: now))
    return [id]
  }

  /// Forgets gates that are as good as new; at most once a second, since it looks at all of them.
  private mutating func prune(_ now: UInt64) {
    guard now >= prunedNanoseconds + 1_000_000_000 || prunedNanoseconds == 0 else { return }
    prunedNanoseconds = now
    gates = gates.filter { _, gate in
      var bucket = gate.bucket
      return gate.held != nil || !bucket.isFull(nowNanoseconds: now)
    }
  }

  private func key(of alert: Alert) -> [AlertField] {
    options.key?.fields.map { name in
      alert.outputFields.first { $0.name == name } ?? alert.context.first { $0.name == name }
        ?? AlertField(name, nil)
    } ?? []
  }
}
