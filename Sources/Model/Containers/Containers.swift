import Events

/// What stands for a container: how its oldest process was when it first ran the container's program.
///
/// A value, since that process may itself be the one that leaves its namespaces later.
public struct ContainerReference: Sendable {
  public let pid: Int32
  public let startTicks: UInt64
  public var namespaces: NamespaceSet
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

  var key: ProcessKey { ProcessKey(pid: pid, startTicks: startTicks) }
}

/// The containers that are known, each with what stands for it and what its runtime tells of it.
///
/// A container whose processes have all ended is forgotten; what its runtime told of it stays for a while longer, since
/// events of its end are still to be judged. The room is bounded: the oldest answer goes first.
struct Containers {
  /// Containers of which something is kept.
  static let answerLimit = 4096
  /// How long after a container's end its metadata is kept (nanoseconds).
  static let retention: UInt64 = 10_000_000_000

  /// That a container has come or gone.
  enum News {
    /// With the process that was met first.
    case started(Container, ProcessRow)
    case stopped(Container, ContainerReference)
  }

  private struct Entry {
    let container: Container
    var reference: ContainerReference
    var processes: Int
  }

  private var entries: [[UInt8]: Entry] = [:]
  /// What stood for containers that ended a moment ago.
  private var past: [[UInt8]: ContainerReference] = [:]
  /// What the source found out; a container that nobody knows has an answer without metadata.
  private var answers: [[UInt8]: ContainerMetadata?] = [:]
  private var answerOrder = Queue<[UInt8]>()
  private var ended = Queue<(id: [UInt8], stamp: UInt64)>()
  private var news: [News] = []

  /// What stands for the container; `nil` before its first exec. The namespaces that a pod's containers share are those
  /// of its sandbox.
  func reference(_ id: [UInt8]) -> ContainerReference? {
    guard var reference = entries[id]?.reference ?? past[id] else { return nil }
    guard let sandboxID = metadata(id)?.details.sandboxID, let sandbox = entries[sandboxID]?.reference else {
      return reference
    }
    for type in [NamespaceType.net, .ipc, .uts] where sandbox.namespaces[type] != 0 {
      reference.namespaces[type] = sandbox.namespaces[type]
    }
    return reference
  }

  /// A process has come into the container.
  mutating func enter(_ container: Container, _ row: ProcessRow) {
    guard var entry = entries[container.id] else {
      entries[container.id] = Entry(container: container, reference: ContainerReference(row), processes: 1)
      news.append(.started(container, row))
      return
    }
    entry.processes += 1
    // The first pass meets processes in the order of their pids, not of their age.
    if row.startTicks < entry.reference.startTicks { entry.reference = ContainerReference(row) }
    entries[container.id] = entry
  }

  /// Adds what could not be read when the container's first program was executed, and was now.
  mutating func complete(_ id: [UInt8], from row: ProcessRow) {
    guard let reference = entries[id]?.reference, reference.key == row.key, reference.capabilities == nil,
      row.capabilities != nil
    else { return }
    entries[id]?.reference = ContainerReference(row)
  }

  /// A process of the container has ended or gone elsewhere.
  mutating func leave(_ id: [UInt8]) {
    guard var entry = entries[id] else { return }
    entry.processes -= 1
    guard entry.processes <= 0 else { return entries[id] = entry }
    entries[id] = nil
    past[id] = entry.reference
    news.append(.stopped(entry.container, entry.reference))
  }

  /// What has come and gone since the last call, in order; it happened at `stamp`.
  mutating func takeNews(_ stamp: UInt64) -> [News] {
    guard !news.isEmpty else { return [] }
    defer { news = [] }
    for case .stopped(let container, _) in news { ended.append((container.id, stamp)) }
    forgetEnded(now: stamp)
    return news
  }

  // MARK: - What the runtimes tell

  /// Whether it was asked what the container is, and the answer is here.
  func isAnswered(_ id: [UInt8]) -> Bool { answers[id] != nil }

  func metadata(_ id: [UInt8]) -> ContainerMetadata? { answers[id] ?? nil }

  mutating func learn(_ answer: ContainerAnswer) {
    // Who finds nothing later was too late, or is told of the container's end.
    if answer.metadata == nil, metadata(answer.id) != nil { return }
    if answers.updateValue(answer.metadata, forKey: answer.id) == nil { answerOrder.append(answer.id) }
    while answers.count > Self.answerLimit, let oldest = answerOrder.popFirst() { answers[oldest] = nil }
  }

  /// Drops what was told of containers that ended a while ago and did not come back.
  mutating func forgetEnded(now: UInt64) {
    while let first = ended.first, first.stamp &+ Self.retention < now || ended.count > Self.answerLimit {
      _ = ended.popFirst()
      past[first.id] = nil
      if entries[first.id] == nil { answers[first.id] = nil }
    }
  }
}
