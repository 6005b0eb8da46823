import Events
import Host
import System

/// What is read of those that are there.
extension CgroupWork {
  mutating func readPending() {
    let plan = plan
    for (path, signs) in pending {
      guard let node = tree.node(path) else {
        // Freezing apart, which changes whenever the last process ends, something has happened in it.
        if signs != [.freezing] { feed.losses.count(.vanished, of: .cgroupState) }
        continue
      }
      readSigns(Array(signs), of: node) { plan.isNotified($0) }
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Counts the kills that no cgroup told of.
  mutating func compareKills() {
    guard let total = reader.machineOOMKills() else { return }
    feed.losses.count(.unattributed, of: .cgroupState, by: witness.compare(total))
  }

  /// Reads the signs that cannot be waited for.
  /// - Returns: nanoseconds until the next time.
  mutating func poll() -> UInt64 {
    let signs = plan.polled
    guard !signs.isEmpty else { return 1 << 62 }
    let began = Clock.threadCPUNanoseconds
    let plan = plan
    for node in tree.nodes.values where !control.isStopping {
      readSigns(signs, of: node) { !plan.isNotified($0) }
    }
    let interval = CgroupPace.pollInterval(afterCost: Clock.threadCPUNanoseconds - began)
    control.setPollInterval(interval)
    return interval
  }

  /// Reads the signs that the kernel notifies of, for one that it did not: what is counted is late then, and not lost.
  /// - Returns: nanoseconds until the next time.
  mutating func readSignsAgain() -> UInt64 {
    let began = Clock.threadCPUNanoseconds
    let plan = plan
    for node in tree.nodes.values where !control.isStopping {
      for index in plan.watched { watchSigns(of: node, in: index) }
      readSigns(CgroupSign.allCases, of: node) { plan.isNotified($0) }
    }
    return CgroupPace.interval(plan.intervalNanoseconds, afterCost: Clock.threadCPUNanoseconds - began)
  }

  /// Reads signs, in the trees that `isMeant` says, and states those that are not as they were.
  mutating func readSigns(_ signs: [CgroupSign], of node: CgroupNode, _ isMeant: (Int) -> Bool) {
    var figures: [UInt64] = []
    for sign in signs {
      var value: UInt64?
      for index in plan.trees(of: sign) where node.isIn(index) && isMeant(index) {
        let isPolled = !plan.isNotified(index)
        guard
          let read = isPolled
            ? reader.poll(sign, of: node, in: index) : reader.read(sign, of: node.path, in: index)
        else { continue }
        value = read
        if sign == .freezing {
          // Each version freezes for itself.
          let bit = UInt32(1) << UInt32(index)
          node.frozenTrees = read == 0 ? node.frozenTrees & ~bit : node.frozenTrees | bit
          value = node.frozenTrees == 0 ? 0 : 1
        }
      }
      guard let value, value != node.signs[sign.rawValue] else { continue }
      if sign == .oomKills, let before = node.signs[sign.rawValue], value > before {
        witness.attribute(value - before)
      }
      node.signs[sign.rawValue] = value
      figures += [sign.figure.rawValue, value]
    }
    if !figures.isEmpty { state(.cgroupState, node, figures) }
  }

  /// Reads the figures of every container and unit.
  /// - Returns: nanoseconds until the next time.
  mutating func readFigures() -> UInt64 {
    let began = Clock.monotonicNanoseconds
    let cpu = Clock.threadCPUNanoseconds
    var limits: [[UInt8]: CgroupFileReader.Limits] = [:]
    for node in tree.nodes.values where !control.isStopping {
      // A runtime's file that speaks for a cgroup may be written after the cgroup was made.
      if !node.isFollowed, node.metAt + 6 * plan.intervalNanoseconds > began {
        node.isFollowed = containers.isContainersOwn(node.path)
      }
      guard node.isFollowed else { continue }
      var figures = reader.figures(of: node, limits: least(around: node, &limits))
      for sign in CgroupSign.allCases where plan.places[sign]?.isEmpty == false {
        if let value = node.signs[sign.rawValue] { figures += [sign.figure.rawValue, value] }
      }
      if !figures.isEmpty { state(.cgroupState, node, figures) }
    }
    let interval = CgroupPace.interval(
      plan.intervalNanoseconds, afterCost: Clock.threadCPUNanoseconds - cpu)
    control.setFigureInterval(interval)
    return interval
  }

  /// The least limits of a cgroup and those above it, each of which is read once.
  private mutating func least(
    around node: CgroupNode, _ known: inout [[UInt8]: CgroupFileReader.Limits]
  ) -> CgroupFileReader.Limits {
    if let limits = known[node.path] { return limits }
    var path = node.path
    var chain: [CgroupNode] = []
    var limits = CgroupFileReader.Limits()
    while path.count > 1 {
      if let above = known[path] {
        limits = above
        break
      }
      if let node = tree.node(path) { chain.append(node) }
      path.removeSubrange((path.lastIndex(of: UInt8(ascii: "/")) ?? 0)...)
    }
    for node in chain.reversed() {
      limits = limits.reduced(by: reader.limits(of: node))
      known[node.path] = limits
    }
    return limits
  }
}
