/// What stands for a container: how its oldest process was when it first ran the container's program.
///
/// A value, since that process may itself be the one that leaves its namespaces later.
public struct ContainerReference: Sendable {
  public let pid: Int32
  public let startTicks: UInt64
  public let namespaces: NamespaceSet
  public let capabilities: CapabilitySets?
  public let users: IDSet?
  /// The cgroup path that names the container.
  public let cgroup: [UInt8]?

  init(_ row: ProcessRow) {
    pid = row.pid
    startTicks = row.startTicks
    namespaces = row.namespaces
    capabilities = row.capabilities
    users = row.users
    cgroup = row.cgroup
  }
}

/// The containers that are known, each with what stands for it.
///
/// A container whose processes have all ended is forgotten.
struct Containers {
  private struct Entry {
    var reference: ContainerReference
    var processes: Int
  }

  private var entries: [[UInt8]: Entry] = [:]

  /// What stands for the container; `nil` before its first exec.
  func reference(_ id: [UInt8]) -> ContainerReference? { entries[id]?.reference }

  /// A process has come into the container.
  mutating func enter(_ id: [UInt8], _ row: ProcessRow) {
    guard var entry = entries[id] else {
      entries[id] = Entry(reference: ContainerReference(row), processes: 1)
      return
    }
    entry.processes += 1
    // The first pass meets processes in the order of their pids, not of their age.
    if row.startTicks < entry.reference.startTicks { entry.reference = ContainerReference(row) }
    entries[id] = entry
  }

  /// A process of the container has ended or gone elsewhere.
  mutating func leave(_ id: [UInt8]) {
    guard var entry = entries[id] else { return }
    entry.processes -= 1
    entries[id] = entry.processes > 0 ? entry : nil
  }
}
