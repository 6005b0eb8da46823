import Host

/// Which containers are read next, and when again: a file that is not there yet is looked for again soon, one that was
/// read is looked at now and then.
///
/// A value; the source's readers share it under a lock. Times are CLOCK_MONOTONIC nanoseconds.
struct ContainerPlan {
  enum Step: Equatable {
    /// Read what is known of this container.
    case read(ContainerRequest)
    /// See whether these files of a container have changed.
    case check(ContainerRequest, [FileMark])
    /// Nothing to do for so long.
    case rest(nanoseconds: UInt64)
  }

  /// A container's files appear while it is started: it is tried again after these pauses, in milliseconds.
  static let pauses: [UInt64] = [5, 10, 20, 40, 80, 160]
  /// Between two looks at the files of all containers.
  static let checkInterval: UInt64 = 10_000_000_000
  /// For so long an answer needs not be repeated: the model keeps it for longer.
  static let freshness: UInt64 = 5_000_000_000
  /// Containers that are remembered; the oldest goes first.
  static let limit = 4096
  /// So often a container that nobody knew is looked for again.
  static let laterAttempts = 6

  private struct Waiting {
    var request: ContainerRequest
    var attempt = 0
    var due: UInt64
  }

  private struct Known {
    var request: ContainerRequest
    /// None when nothing was found.
    var files: [FileMark]
    var answered: UInt64
    var misses = 0
  }

  private var waiting: [Waiting] = []
  private var known: [[UInt8]: Known] = [:]
  private var order: [[UInt8]] = []
  private var toCheck: [[UInt8]] = []
  private var nextCheck: UInt64

  init(now: UInt64) { nextCheck = now + Self.checkInterval }

  /// Takes a request in.
  mutating func want(_ request: ContainerRequest, now: UInt64) {
    if let known = request.id.flatMap({ known[$0] }),
      !request.mustAnswer || now < known.answered + Self.freshness
    {
      return
    }
    if let index = waiting.firstIndex(where: {
      $0.request.cgroup == request.cgroup && $0.request.id == request.id
    }) {
      waiting[index].request.mustAnswer = waiting[index].request.mustAnswer || request.mustAnswer
      return
    }
    guard waiting.count < Self.limit else { return }
    waiting.append(Waiting(request: request, due: now))
  }

  /// What to do now.
  mutating func step(now: UInt64) -> Step {
    if let index = waiting.firstIndex(where: { $0.due <= now }) { return .read(waiting[index].request) }
    if toCheck.isEmpty, now >= nextCheck {
      nextCheck = now + Self.checkInterval
      toCheck = order
    }
    while let id = toCheck.popLast() {
      guard let known = known[id] else { continue }
      return known.files.isEmpty ? .read(known.request) : .check(known.request, known.files)
    }
    let due = waiting.map(\.due).min() ?? nextCheck
    return .rest(nanoseconds: min(due, nextCheck) - min(now, min(due, nextCheck)))
  }

  /// A container was found.
  mutating func found(_ request: ContainerRequest, id: [UInt8], _ files: [FileMark], now: UInt64) {
    waiting.removeAll { $0.request.cgroup == request.cgroup && $0.request.id == request.id }
    var request = request
    request.id = id
    remember(id, Known(request: request, files: files, answered: now))
  }

  /// No runtime knows the container, or a runtime says that its cgroup is forged.
  /// - Parameter isFinal: whether trying again is no use.
  /// - Returns: whether it is to be answered that nothing is known.
  mutating func missed(_ request: ContainerRequest, isFinal: Bool, now: UInt64) -> Bool {
    guard
      let index = waiting.firstIndex(where: {
        $0.request.cgroup == request.cgroup && $0.request.id == request.id
      })
    else {
      missedAgain(request)
      return false
    }
    let attempt = waiting[index].attempt
    if !isFinal, attempt < Self.pauses.count {
      waiting[index].attempt += 1
      waiting[index].due = now + Self.pauses[attempt] * 1_000_000
      return false
    }
    let request = waiting.remove(at: index).request
    guard let id = request.id else { return false }
    remember(id, Known(request: request, files: [], answered: now))
    return true
  }

  /// The files of a container have changed: it is read again.
  mutating func changed(_ request: ContainerRequest, now: UInt64) {
    waiting.append(Waiting(request: request, attempt: Self.pauses.count, due: now))
  }

  /// A container that was known has gone; one that was not is looked for a few times more.
  private mutating func missedAgain(_ request: ContainerRequest) {
    guard let id = request.id, var entry = known[id] else { return }
    entry.misses += 1
    if entry.files.isEmpty, entry.misses < Self.laterAttempts { known[id] = entry } else { forget(id) }
  }

  private mutating func remember(_ id: [UInt8], _ entry: Known) {
    if known.updateValue(entry, forKey: id) == nil { order.append(id) }
    if order.count > Self.limit { forget(order[0]) }
  }

  private mutating func forget(_ id: [UInt8]) {
    known[id] = nil
    order.removeAll { $0 == id }
  }
}
