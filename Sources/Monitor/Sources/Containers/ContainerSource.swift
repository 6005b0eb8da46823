import Events
import Host
import Model
import Synchronization
import System

/// What the runtimes' own files tell of containers: name, image, labels, mounts and the like, with no socket and no
/// daemon asked.
///
/// A container is read when somebody meets it, again while its files are not there yet, and again when they changed. A
/// file on a disk that hangs can hold its reader, so it reads through a relay as the connector does.
final class ContainerSource: Source {
  static let id = SourceID.containers
  static let costOfAbsence = "name, image, labels and mounts of containers are not known"
  static func isNeeded(for needs: Needs) -> Bool { needs.contains(.containerMetadata) }

  /// How long reading the files of one container may take: some lie on disks.
  private static let deadlineNanoseconds: UInt64 = 2_000_000_000

  let feed: RecordFeed
  private let requests: ContainerRequests
  private let relay: ReaderRelay

  init(_ setting: SourceSetting) throws(SourceError) {
    guard !setting.others.isEmpty else {
      throw .unavailable(.containers, "no other source is there that meets containers")
    }
    feed = RecordFeed(source: .containers, capacityBytes: 16 << 10, bell: setting.surroundings.bell)
    requests = setting.surroundings.containerRequests
    let work = ContainerWork(
      root: setting.root, feed: feed, requests: requests, mail: setting.surroundings.mail)
    do {
      relay = try ReaderRelay(
        name: "wh-contain", threadCount: 2, deadlineNanoseconds: Self.deadlineNanoseconds
      ) { lease in work.run(lease) }
    } catch {
      throw .noThread(.containers, "\(error)")
    }
    requests.beginService(losses: feed.losses)
  }

  var status: SourceStatus {
    let held = relay.secondsHeld.map { seconds in
      "a file of a runtime has not come for \(seconds) s, and no other reader is left: containers that are new are not known "
        + "meanwhile"
    }
    return SourceStatus(
      source: .containers, isActive: true, shortcomings: held.map { [$0] } ?? [],
      details: ["files of the runtimes, when one is met"])
  }

  var passedOver: [String: UInt64] { [:] }

  func start() throws(SourceError) {
    do {
      try relay.start()
    } catch {
      throw .noThread(.containers, "\(error)")
    }
  }

  func stop(milliseconds: Int) {
    relay.beginStop()
    requests.wake()
    relay.stop(milliseconds: milliseconds)
  }
}

/// What one reader of container metadata does while it holds the lease.
private struct ContainerWork: Sendable {
  let root: HostRoot
  let feed: RecordFeed
  let requests: ContainerRequests
  let mail: Mail
  private let shared: SharedWork

  init(root: HostRoot, feed: RecordFeed, requests: ContainerRequests, mail: Mail) {
    self.root = root
    self.feed = feed
    self.requests = requests
    self.mail = mail
    shared = SharedWork()
  }

  func run(_ lease: borrowing ReaderLease) {
    if lease.predecessorStoodAt != nil { giveUp(lease) }
    if lease.commit({ shared.state.withLock { $0.hasRoots } }) == false {
      var roots = RuntimeRoots()
      roots.read(root)
      _ = lease.commit { take(over: roots) }
    }
    guard let roots = lease.commit({ shared.state.withLock { $0.roots } }) else { return }
    var files = ContainerMetadataFiles(root: root, roots: roots)
    while lease.isCurrent {
      takeRequests(&files, lease)
      let now = Clock.monotonicNanoseconds
      guard let step = lease.commit({ shared.state.withLock { $0.step(now) } }) else { return }
      switch step {
      case .read(let request): read(request, &files, lease)
      case .check(let request, let marks):
        guard let hasChanged = lease.reading(memoryOf: 0, { marks.contains { $0.hasChanged(below: root) } })
        else { return }
        if hasChanged { _ = lease.commit { shared.state.withLock { $0.plan.changed(request, now: now) } } }
      case .rest(let nanoseconds):
        lease.rest()
        requests.wait(milliseconds: Int32(clamping: nanoseconds / 1_000_000 + 1))
      }
    }
  }

  /// Whatever the reader before was at when a disk held it is not known, and not tried again at once.
  private func giveUp(_ lease: borrowing ReaderLease) {
    feed.losses.count(.readerStuck)
    let now = Clock.monotonicNanoseconds
    let left = lease.commit {
      shared.state.withLock { state -> ContainerRequest? in
        defer { state.atWork = nil }
        guard let request = state.atWork else { return nil }
        return state.plan.missed(request, isFinal: true, now: now) ? request : nil
      }
    }
    if let request = left ?? nil, let id = request.id {
      answer(ContainerAnswer(id: id, metadata: nil, type: nil), lease)
    }
  }

  /// Takes in what was asked for, and where else files may lie.
  private func takeRequests(_ files: inout ContainerMetadataFiles, _ lease: borrowing ReaderLease) {
    let taken = requests.take()
    var roots = files.roots
    for process in taken.processes {
      roots.note(arguments: process.arguments.span)
      if let directory = workingDirectory(of: process.pid) { roots.note(shimDirectory: directory) }
    }
    if roots != files.roots {
      files.roots = roots
      _ = lease.commit { take(over: roots) }
    }
    guard !taken.requests.isEmpty else { return }
    let now = Clock.monotonicNanoseconds
    _ = lease.commit {
      shared.state.withLock { state in
        for request in taken.requests { state.plan.want(request, now: now) }
      }
    }
  }

  private func take(over roots: RuntimeRoots) {
    shared.state.withLock { state in
      state.roots = roots
      state.hasRoots = true
    }
    requests.publish(roots.places)
  }

  private func workingDirectory(of pid: Int32) -> String? {
    var directory = ProcessDirectory(root: root)
    var buffer = ReadBuffer()
    directory.select(pid)
    guard directory.read(.cwd, into: &buffer).isRead else { return nil }
    return buffer.withBytes { bytes in
      String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
  }

  private func read(
    _ request: ContainerRequest, _ files: inout ContainerMetadataFiles, _ lease: borrowing ReaderLease
  ) {
    let known = files.roots
    guard let outcome = lease.reading(memoryOf: 0, { files.outcome(of: request) }) else { return }
    if files.roots != known {
      let roots = files.roots
      _ = lease.commit { take(over: roots) }
    }
    let now = Clock.monotonicNanoseconds
    switch outcome {
    case .found(let id, let finding):
      _ = lease.commit {
        shared.state.withLock { $0.plan.found(request, id: id, finding.files, now: now) }
      }
      answer(
        ContainerAnswer(
          id: id, metadata: ContainerMetadata(finding.description), type: ContainerType(finding.runtime)),
        lease)
    case .unknown(let isFinal):
      let isDue = lease.commit {
        shared.state.withLock { $0.plan.missed(request, isFinal: isFinal, now: now) }
      }
      if isDue == true, let id = request.id {
        answer(ContainerAnswer(id: id, metadata: nil, type: nil), lease)
      }
    }
  }

  /// Puts an answer into the mail, and the notice of it into the ring.
  private func answer(_ answer: ContainerAnswer, _ lease: borrowing ReaderLease) {
    var record = RecordWriter()
    // Stamped as old as can be: an answer need not settle, and somebody waits for it.
    record.begin(.notice, from: .containers, stamp: 0, pid: 0)
    record.append(.mailbox, Mailbox.containers.rawValue)
    mail.containers.withLock { $0.append(answer) }
    while lease.isCurrent {
      guard lease.commit({ feed.offer(record) }) == false else { return }
      Clock.sleep(milliseconds: 1)
    }
  }
}

/// What the readers of container metadata share.
private final class SharedWork: Sendable {
  struct State {
    var plan = ContainerPlan(now: Clock.monotonicNanoseconds)
    var roots = RuntimeRoots()
    var hasRoots = false
    /// What the reader at work reads.
    var atWork: ContainerRequest?

    mutating func step(_ now: UInt64) -> ContainerPlan.Step {
      let step = plan.step(now: now)
      if case .read(let request) = step { atWork = request } else { atWork = nil }
      return step
    }
  }

  let state = Mutex(State())
}

/// What came of a request.
private enum RequestOutcome {
  case found(id: [UInt8], ContainerMetadataFiles.Finding)
  case unknown(isFinal: Bool)
}

extension ContainerMetadataFiles {
  /// Reads what is known of the container that a request names by its cgroup: the innermost of this id, or of any.
  fileprivate mutating func outcome(of request: ContainerRequest) -> RequestOutcome {
    let cgroup = Array("0::".utf8) + request.cgroup + [UInt8(ascii: "\n")]
    var isFinal: Bool?
    var next = ContainerClaim(parsing: cgroup.span) ?? ContainerClaim(candidateIn: cgroup.span)
    while let claim = next {
      var id: [UInt8] = []
      claim.appendID(from: cgroup.span, to: &id)
      if request.id == nil || request.id == id {
        switch read(claim, in: cgroup.span) {
        case .found(let finding): return .found(id: id, finding)
        case .contradicted: isFinal = isFinal ?? true
        case .unknown: isFinal = false
        }
      }
      next = claim.enclosing(in: cgroup.span)
    }
    return .unknown(isFinal: isFinal ?? true)
  }
}
