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
  private let hashMark: [UInt8]?
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
      surroundings = try Surroundings()
    } catch {
      throw .system("no eventfd", error)
    }
    let startStamp = Clock.monotonicNanoseconds
    (sources, missing) = try Self.open(
      SourceSetting(
        root: root, needs: options.needs, scope: options.scope, surroundings: surroundings,
        cgroups: options.cgroups),
      options.sources)
    guard !sources.isEmpty else { throw .noSource }
    let isPrompt = { (source: any Source) in type(of: source).id == .connector }
    feeds = EngineFeeds(
      prompt: sources.filter(isPrompt).map(\.feed), settling: sources.filter { !isPrompt($0) }.map(\.feed),
      bell: surroundings.bell, mail: surroundings.mail,
      sweepRequest: sources.contains { type(of: $0).id == .procfs } ? surroundings.sweepRequest : nil,
      witnesses: sources.contains { type(of: $0).id == .mounts } ? surroundings.witnesses : nil,
      containerRequests: sources.contains { type(of: $0).id == .containers }
        ? surroundings.containerRequests : nil)
    var settings = Model.Settings(
      startStamp: startStamp, hostNamespaces: NamespaceSet(HostNamespaces(root: root)),
      ownPID: root.isLive ? getpid() : 0)
    settings.hostCapabilities = HostCapabilities.read(root) ?? .max
    settings.cgroupThresholds = options.cgroups.thresholds
    self.settings = settings
    hostname = options.hostname ?? HostIdentity.hostname
    hashMark = options.hashMark
  }

  /// Which sources deliver.
  public var activeSources: [SourceID] { sources.map(\.feed.source) }

  /// What does not change while the host runs.
  private var hostFacts: HostFacts {
    HostFacts(
      hostname: Array(hostname.utf8), bootID: HostIdentity.bootID(root), hashMark: hashMark)
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
  public var summary: AgentSummary { view.summary }

  /// The same from any thread, at any time.
  var view: WatchView { WatchView(sources: sources, missing: missing, control: control, began: began) }
}

/// What a watch can say of itself, from any thread.
struct WatchView: Sendable {
  fileprivate let sources: [any Source]
  /// Sources that could not be had, or that no rule needs.
  let missing: [SourceStatus]
  fileprivate let control: EngineControl
  fileprivate let began: UInt64

  /// Events that were judged so far.
  var eventCount: UInt64 { control.status.events }

  var summary: AgentSummary {
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
  public var cgroups = CgroupSettings()
  /// Of which processes what costs most is read.
  public var scope = DetailScope.unlimited
  public var hostname: String?
  /// What stands in outputs where the hash of a program will stand; `nil` when nobody puts it there.
  var hashMark: [UInt8]?

  public init() {}
}

extension Watch {
  /// Opens the sources that were asked for, one by one.
  /// - Returns: those that can be had, and why the others cannot.
  private static func open(
    _ setting: SourceSetting, _ selection: SourceSelection
  ) throws(AgentError) -> (opened: [any Source], missing: [SourceStatus]) {
    var (opened, missing): ([any Source], [SourceStatus]) = ([], [])
    var setting = setting
    for type in everySource {
      if case .only(let wanted) = selection, !wanted.contains(type.id) { continue }
      if selection == .automatic, !type.isNeeded(for: setting.needs) {
        missing.append(
          SourceStatus(
            source: type.id, isActive: false, shortcomings: [], details: ["no loaded rule needs it"]))
        continue
      }
      do throws(SourceError) {
        opened.append(try type.init(setting))
        setting.others.insert(type.id)
      } catch {
        guard selection == .automatic else { throw .source(error) }
        missing.append(
          SourceStatus(source: type.id, isActive: false, shortcomings: [error.reason, type.costOfAbsence]))
      }
    }
    return (opened, missing)
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
