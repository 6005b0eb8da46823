public import Events
import Glibc
import Host
import Model
import Rules
import Synchronization
import System

/// The sources and the engine of one run: opened with privilege, run without.
///
/// Everything here is called from the main thread: made while the privileges are there, `protect`, `start`, `stop`.
/// What happens is handed to an event handler on the engine's own thread.
public final class Watch {
  /// How long the sources and the engine may take to end.
  private static let endMilliseconds = 2000
  private static let auditAttempts = 50

  /// The sources as they are, those that could not be had too.
  public var statuses: [SourceStatus] { sources.map(\.status) + missing }
  public let hostname: String

  private let root: HostRoot
  private let sources: [any Source]
  private let missing: [SourceStatus]
  private let feeds: EngineFeeds
  private let settings: Model.Settings
  private let control = EngineControl()
  private var engine: Joinable?
  private var audit: ThreadAudit?
  private let began = Clock.monotonicNanoseconds

  /// Opens the sources.
  /// - Throws: when a source that was asked for by name cannot be had, or none at all.
  public init(_ options: WatchOptions) throws(AgentError) {
    root = HostRoot(options.hostRoot)
    let surroundings: Surroundings
    do {
      surroundings = Surroundings(
        bell: try EngineBell(), stuck: StuckProcesses(), sweepRequest: try SweepRequest(),
        accounts: MailSlot())
    } catch {
      throw .system("no eventfd", error)
    }
    let startStamp = Clock.monotonicNanoseconds
    var opener = SourceOpener(root: root, options: options, surroundings: surroundings)
    let connector = try opener.open(.connector) { opener throws(SourceError) in
      try ConnectorSource(root: opener.root, needs: opener.options.needs, surroundings: opener.surroundings)
    }
    let procfs = try opener.open(.procfs) { opener throws(SourceError) in
      try ProcfsSource(
        root: opener.root, needs: opener.options.needs, surroundings: opener.surroundings,
        hasConnector: connector != nil)
    }
    let opened: [(any Source)?] = [connector, procfs]
    sources = opened.compactMap { $0 }
    missing = opener.missing
    guard !sources.isEmpty else { throw .noSource }
    feeds = EngineFeeds(
      prompt: connector.map { [$0.feed] } ?? [], settling: procfs.map { [$0.feed] } ?? [],
      bell: surroundings.bell, accounts: surroundings.accounts,
      sweepRequest: procfs == nil ? nil : surroundings.sweepRequest)
    settings = Model.Settings(
      startStamp: startStamp, hostNamespaces: NamespaceSet(HostNamespaces(root: root)),
      ownPID: root.isLive ? getpid() : 0)
    hostname = options.hostname ?? HostIdentity.hostname
  }

  /// Which sources deliver.
  public var activeSources: [SourceID] { sources.map(\.feed.source) }

  /// What does not change while the host runs.
  private var hostFacts: HostFacts {
    HostFacts(hostname: Array(hostname.utf8), bootID: HostIdentity.bootID(root))
  }

  /// Gives up every privilege that is not needed any more. The readers' priority is taken in between, while it can be.
  public func protect(as identity: Identity) throws(AgentError) -> ProtectionReport {
    do {
      let hasConnector = !feeds.prompt.isEmpty
      let (report, audit) = try PrivilegeDrop(to: identity).perform {
        // The connector's readers inherit it; `ConnectorSource.start` takes it back from this thread.
        if hasConnector { _ = ThreadPriority.raise() }
      }
      self.audit = audit
      return report
    } catch {
      throw .protection(error)
    }
  }

  /// Refuses to go on when a thread has more than it should.
  ///
  /// A thread that is just being started has every signal blocked for a moment, so a difference must last to count.
  public func auditThreads() throws(AgentError) {
    guard let audit else { return }
    for attempt in 1...Self.auditAttempts {
      do throws(ProtectionError) {
        _ = try audit.run()
        return
      } catch {
        guard attempt < Self.auditAttempts else { throw .protection(error) }
        Clock.sleep(milliseconds: 10)
      }
    }
  }

  /// Starts the readers, then the engine.
  /// - Parameter makeHandler: called on the engine's thread, which keeps what it returns.
  public func start<Handler: EventHandler & ~Copyable & SendableMetatype>(
    _ makeHandler: @escaping @Sendable () -> Handler
  ) throws(AgentError) {
    do {
      for source in sources { try source.start() }
    } catch {
      throw .source(error)
    }
    let (feeds, settings, host, control) = (feeds, settings, hostFacts, control)
    do {
      engine = Joinable(
        try NamedThread("wh-engine") {
          SignalMask.blockAll()
          var engine = Engine(feeds: feeds, settings: settings, host: host, handler: makeHandler())
          engine.run(control)
        })
    } catch {
      throw .system("no thread for the engine", error)
    }
  }

  /// Ends the sources, lets the engine finish what they brought, and waits for it.
  public func stop() {
    for source in sources { source.stop(milliseconds: Self.endMilliseconds) }
    control.stop()
    feeds.bell.ring()
    engine?.join()
    engine = nil
  }

  /// What was seen and lost so far.
  public var summary: AgentSummary {
    var summary = AgentSummary()
    summary.seconds = Double(Clock.monotonicNanoseconds - began) / 1e9
    summary.engine = control.status
    summary.sources = sources.map { source in
      AgentSummary.SourcePart(
        status: source.status, records: source.feed.recordCount, losses: source.feed.losses.all,
        passedOver: source.passedOver)
    }
    return summary
  }
}

/// What a watch is asked to do.
public struct WatchOptions: Sendable {
  public var hostRoot = "/"
  public var sources = SourceSelection.automatic
  /// What the rules or the printed fields need.
  public var needs = Needs.all
  public var hostname: String?

  public init() {}
}

/// Opens sources one by one, and remembers those that cannot be had.
private struct SourceOpener {
  let root: HostRoot
  let options: WatchOptions
  let surroundings: Surroundings
  private(set) var missing: [SourceStatus] = []

  init(root: HostRoot, options: WatchOptions, surroundings: Surroundings) {
    self.root = root
    self.options = options
    self.surroundings = surroundings
  }

  mutating func open<Opened: Source>(
    _ id: SourceID, _ make: (SourceOpener) throws(SourceError) -> Opened
  ) throws(AgentError) -> Opened? {
    switch options.sources {
    case .automatic:
      do throws(SourceError) {
        return try make(self)
      } catch {
        missing.append(
          SourceStatus(source: id, isActive: false, shortcomings: [error.reason, id.costOfAbsence]))
        return nil
      }
    case .only(let wanted):
      guard wanted.contains(id) else { return nil }
      do throws(SourceError) {
        return try make(self)
      } catch {
        throw .source(error)
      }
    }
  }
}

extension SourceID {
  /// What is not seen without the source.
  fileprivate var costOfAbsence: String {
    switch self {
    case .agent: ""
    case .procfs: "processes older than the agent, and changes without an exec, are not seen"
    case .connector:
      "processes that live shorter than a sweep are not seen, and no exec is seen as it happens"
    }
  }
}

/// A thread that can be kept in a property until it is joined. The main thread only.
private final class Joinable {
  private var thread: NamedThread?

  init(_ thread: consuming NamedThread) { self.thread = consume thread }

  func join() {
    if let thread = thread.take() { thread.join() }
  }
}

extension NamespaceSet {
  init(_ host: HostNamespaces) {
    self.init()
    for type in NamespaceType.allCases { self[type] = host[Namespace(type)] ?? 0 }
  }
}
