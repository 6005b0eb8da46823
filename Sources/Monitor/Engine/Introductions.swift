import Events
import Model

/// Names one process of each container to a source that looks into containers: when the container's first program runs,
/// and another when that process has ended. The engine's thread only.
struct Introductions {
  /// Containers that are remembered; past these some are named again, which does no harm.
  private static let limit = 4096

  private let witnesses: Witnesses
  private var known: [[UInt8]: Int32] = [:]

  init(to witnesses: Witnesses) { self.witnesses = witnesses }

  mutating func note(_ event: borrowing Event) {
    guard let row = event.process, let container = row.container else { return }
    switch event.kind {
    case .executed, .firstSeen:
      guard known[container.id] == nil else { return }
      if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
      known[container.id] = row.pid
      witnesses.post(row.pid, of: container.id)
    case .exited: if known[container.id] == row.pid { known[container.id] = nil }
    default: break
    }
  }
}
