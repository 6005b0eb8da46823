import Events
import Host

/// Reads the files of cgroups, each in the tree where it lies. One thread uses it.
struct CgroupFileReader: ~Copyable {
  /// What is read of the limits of a cgroup and those above it: the least of each.
  struct Limits {
    var memory: UInt64?
    var pids: UInt64?
    var cpu: UInt64?

    func reduced(by inner: Limits) -> Limits {
      Limits(
        memory: Self.least(memory, inner.memory), pids: Self.least(pids, inner.pids),
        cpu: Self.least(cpu, inner.cpu))
    }

    private static func least(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
      guard let left, let right else { return left ?? right }
      return min(left, right)
    }
  }

  private let plan: CgroupPlan
  private let losses: LossCounters
  private var buffer = ReadBuffer()
  private var trees: Trees
  /// Whether the kernel has `memory.events.local` and `pids.events.local`, once that is known.
  private var hasLocalMemory: Bool?
  private var hasLocalPids: Bool?
  private var keptCount = 0
  /// Files that stay open at most: a third of what a process may have open where nobody raised that (1024).
  private static let keptLimit = 340
  /// Files that were read, for the summary.
  private(set) var readCount: UInt64 = 0

  init(_ plan: CgroupPlan, losses: LossCounters) {
    self.plan = plan
    self.losses = losses
    trees = Trees(plan)
  }

  /// The names right below a cgroup, and how the listing ended.
  mutating func list(_ path: [UInt8], in tree: Int, limit: Int) -> (names: [[UInt8]], outcome: ReadOutcome) {
    var names: [[UInt8]] = []
    let outcome = trees.with(tree, path) { $0.list(limit: limit, into: &names) }
    return (names, outcome)
  }

  /// The user who owns a cgroup's directory; `nil` when it has gone.
  mutating func owner(of path: [UInt8], in tree: Int) -> UInt32? {
    trees.with(tree, path) { $0.owner() }
  }

  /// A cgroup's directory as a C string.
  mutating func directory(of path: [UInt8], in tree: Int) -> [UInt8] {
    trees.with(tree, path) { $0.withPath(\.self) }
  }

  /// The path of a cgroup's file as a C string.
  mutating func file(_ name: CgroupFileName, of path: [UInt8], in tree: Int) -> [UInt8] {
    trees.with(tree, path) { $0.withPath(of: name, \.self) }
  }

  /// A sign's number in a tree; `nil` when the cgroup has gone, or does not have it.
  mutating func read(_ sign: CgroupSign, of path: [UInt8], in tree: Int) -> UInt64? {
    let isTwo = plan.mounts.hierarchies[tree].version == .two
    switch (sign, isTwo) {
    case (.oomKills, true):
      if hasLocalMemory != false,
        let events = parse(path, tree, .memoryEventsLocal, { MemoryEvents(parsing: $0) })
      {
        hasLocalMemory = true
        return events.oomKills
      }
      guard hasLocalMemory != true, let all = parse(path, tree, .memoryEvents, { MemoryEvents(parsing: $0) })
      else { return nil }
      hasLocalMemory = false
      return all.oomKills
    case (.oomKills, false):
      return parse(path, tree, .memoryOOMControl) { MemoryOOMControl(parsing: $0) }?.oomKills
    case (.pidsLimitHits, _):
      if isTwo, hasLocalPids != false,
        let events = parse(path, tree, .pidsEventsLocal, { PidsEvents(parsing: $0) })
      {
        hasLocalPids = true
        return events.limitHits
      }
      guard hasLocalPids != true, let events = parse(path, tree, .pidsEvents, { PidsEvents(parsing: $0) })
      else { return nil }
      hasLocalPids = isTwo ? false : hasLocalPids
      return events.limitHits
    case (.freezing, true):
      return parse(path, tree, .cgroupEvents) { CgroupEvents(parsing: $0) }.map { $0.isFrozen ? 1 : 0 }
    case (.freezing, false):
      return parse(path, tree, .freezerState) { FreezerState(parsing: $0) }.map { $0 == .frozen ? 1 : 0 }
    }
  }

  /// A sign's number in a tree of version 1, from a file that stays open while there are not too many.
  mutating func poll(_ sign: CgroupSign, of node: CgroupNode, in tree: Int) -> UInt64? {
    if node.kept[sign.rawValue] == nil, keptCount < Self.keptLimit {
      node.kept[sign.rawValue] = trees.with(tree, node.path) { $0.keep(sign.polledFile) }
      if node.kept[sign.rawValue] != nil { keptCount += 1 }
    }
    guard let file = node.kept[sign.rawValue] else { return read(sign, of: node.path, in: tree) }
    readCount &+= 1
    let outcome = file.read(into: &buffer)
    guard note(outcome) else {
      // The cgroup has gone; another may have the name by the next time.
      node.kept[sign.rawValue] = nil
      keptCount -= 1
      return nil
    }
    let value: UInt64? = buffer.withBytes { bytes in
      switch sign {
      case .oomKills: MemoryOOMControl(parsing: bytes)?.oomKills
      case .pidsLimitHits: PidsEvents(parsing: bytes)?.limitHits
      case .freezing: FreezerState(parsing: bytes).map { $0 == .frozen ? 1 : 0 }
      }
    }
    if value == nil { losses.count(.unreadable, of: .cgroupState) }
    return value
  }

  /// Closes what was kept open of a cgroup that has gone.
  mutating func forget(_ node: CgroupNode) {
    keptCount -= node.kept.count { $0 != nil }
    node.kept = node.kept.map { _ in nil }
  }

  /// Processes that the kernel has killed for want of memory on the whole machine; `nil` when it does not tell.
  mutating func machineOOMKills() -> UInt64? {
    guard plan.root.read(VMStat.path, limit: 64 << 10, into: &buffer).isRead else { return nil }
    return buffer.withBytes { VMStat(parsing: $0)?.oomKills }
  }

  /// The limits that stand at a cgroup itself.
  mutating func limits(of node: CgroupNode) -> Limits {
    var limits = Limits()
    if plan.needs.contains(.cgroupMemory), let tree = tree(.memory, node) {
      limits.memory = number(node.path, tree, isTwo(tree) ? .memoryMax : .memoryLimit)
    }
    if plan.needs.contains(.cgroupPids), let tree = tree(.pids, node) {
      limits.pids = number(node.path, tree, .pidsMax)
    }
    if plan.needs.contains(.cgroupCPU), let tree = tree(.cpu, node) {
      if isTwo(tree) {
        limits.cpu = parse(node.path, tree, .cpuMax) { CPUMax(parsing: $0) }?.milliCores
      } else if let quota = parse(node.path, tree, .cpuQuota, { CgroupNumber(parsing: $0) }),
        quota != .unlimited,
        let period = parse(node.path, tree, .cpuPeriod, { CgroupNumber(parsing: $0) })
      {
        limits.cpu = CPUMax(quota: quota, period: period)?.milliCores
      }
    }
    return limits
  }

  /// The figures that are read on the clock, as pairs of `CgroupFigure` and number.
  /// - Parameter limits: the least of the cgroup and those above it.
  mutating func figures(of node: CgroupNode, limits: Limits) -> [UInt64] {
    var pairs: [UInt64] = []
    func add(_ figure: CgroupFigure, _ value: UInt64?) {
      pairs += [figure.rawValue, value ?? CgroupFigure.none]
    }
    if plan.needs.contains(.cgroupMemory), let tree = tree(.memory, node) {
      add(.memoryUsage, number(node.path, tree, isTwo(tree) ? .memoryCurrent : .memoryUsage))
      add(.memoryLimit, limits.memory)
    }
    if plan.needs.contains(.cgroupPids), let tree = tree(.pids, node) {
      add(.pidsCount, number(node.path, tree, .pidsCurrent))
      add(.pidsLimit, limits.pids)
    }
    if plan.needs.contains(.cgroupCPU) {
      let stat = tree(.cpu, node).flatMap { parse(node.path, $0, .cpuStat) { CPUStat(parsing: $0) } }
      var usage = stat?.usageNanoseconds
      if usage == nil, let tree = tree(.cpuacct, node) {
        usage =
          isTwo(tree)
          ? parse(node.path, tree, .cpuStat) { CPUStat(parsing: $0) }?.usageNanoseconds
          : number(node.path, tree, .cpuacctUsage)
      }
      add(.cpuUsage, usage)
      add(.cpuPeriods, stat?.periods)
      add(.cpuThrottledPeriods, stat?.throttledPeriods)
      add(.cpuQuota, limits.cpu)
    }
    if plan.needs.contains(.cgroupIO), let tree = tree(.io, node) {
      let stat =
        isTwo(tree)
        ? parse(node.path, tree, .ioStat) { IOStat(parsing: $0) }
        : parse(node.path, tree, .blkioBytes) { IOStat(parsingServiceBytes: $0) }
      add(.bytesRead, stat?.bytesRead)
      add(.bytesWritten, stat?.bytesWritten)
    }
    if plan.needs.contains(.cgroupPressure), let tree = plan.mounts.unified, node.isIn(tree) {
      for (figure, name) in [
        (CgroupFigure.cpuPressure, CgroupFileName.cpuPressure), (.memoryPressure, .memoryPressure),
        (.ioPressure, .ioPressure),
      ] {
        add(
          figure,
          parse(node.path, tree, name) { Pressure(parsing: $0) }.map { UInt64($0.some.tenSeconds) })
      }
    }
    return pairs
  }

  private func isTwo(_ tree: Int) -> Bool { plan.mounts.hierarchies[tree].version == .two }

  /// The tree of a controller, if the cgroup is in it.
  private func tree(_ controller: CgroupController, _ node: CgroupNode) -> Int? {
    plan.mounts.index(of: controller).flatMap { node.isIn($0) ? $0 : nil }
  }

  private mutating func number(_ path: [UInt8], _ tree: Int, _ name: CgroupFileName) -> UInt64? {
    parse(path, tree, name) { CgroupNumber(parsing: $0) }?.value
  }

  private mutating func parse<Parsed>(
    _ path: [UInt8], _ tree: Int, _ name: CgroupFileName, _ parse: (Span<UInt8>) -> Parsed?
  ) -> Parsed? {
    readCount &+= 1
    let outcome = trees.read(name, tree, path, into: &buffer)
    guard note(outcome) else { return nil }
    let parsed = buffer.withBytes(parse)
    if parsed == nil { losses.count(.unreadable, of: .cgroupState) }
    return parsed
  }

  /// Counts what a read did not bring.
  /// - Returns: whether it brought the whole file.
  private func note(_ outcome: ReadOutcome) -> Bool {
    switch outcome {
    case .complete: return true
    // Pressure is not accounted (EOPNOTSUPP), or the cgroup went between opening and reading (ENODEV).
    case .absent, .failed: break
    case .denied: losses.count(.denied, of: .cgroupState)
    case .truncated: losses.count(.unreadable, of: .cgroupState)
    }
    return false
  }
}

/// The directories of the trees, one cgroup chosen at a time.
private struct Trees: ~Copyable {
  private let plan: CgroupPlan
  private var current: (tree: Int, path: [UInt8]) = (-1, [])
  private var directory: CgroupDirectory?

  init(_ plan: CgroupPlan) { self.plan = plan }

  mutating func read(
    _ name: CgroupFileName, _ tree: Int, _ path: [UInt8], into buffer: inout ReadBuffer
  ) -> ReadOutcome {
    with(tree, path) { $0.read(name, into: &buffer) }
  }

  mutating func with<Result>(_ tree: Int, _ path: [UInt8], _ body: (inout CgroupDirectory) -> Result)
    -> Result
  {
    var chosen: CgroupDirectory
    if let known = directory.take(), current.tree == tree {
      chosen = known
      if current.path != path { chosen.select(path) }
    } else {
      chosen = CgroupDirectory(root: plan.root, plan.mounts.hierarchies[tree])
      chosen.select(path)
    }
    current = (tree, path)
    let result = body(&chosen)
    directory = consume chosen
    return result
  }
}
