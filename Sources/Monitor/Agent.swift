public import Alerts
public import Events
import Host
public import Rules
import Synchronization
import System
import SystemPackage

/// The agent: sources → engine → rules → journal → sinks, put together from a configuration.
///
/// Used from the main thread, in this order: made with privilege, which opens the sources; `protect`, before any other
/// thread exists; `start`; and, when a signal says so, `stop`.
public final class Agent {
  /// How long the outputs may take to deliver what is left at the end.
  private static let drainMilliseconds: Int32 = 3000

  public let rules: RuleSet
  let watch: Watch
  let configuration: Configuration
  /// There is none before `start`.
  private var delivery: Delivery?
  private let counters = RuleCounters()
  /// `nil` when no rule prints a hash. There is none before `start`.
  private var lateAlerts: LateAlerts?
  private let hashMark: [UInt8]?
  /// Where programs in memory files lie; `nil` when no rule prints a hash.
  private let memoryDevice: UInt64?
  private let version: String
  /// Who it is from `protect` on.
  private var identity = Identity.starter
  /// There is none before `start`.
  private var statusReader: StatusReader?
  private var control: ControlServer?
  /// There are none before `start`.
  private var tails: TailServer?
  /// Why nobody, or not everybody who should, can ask this agent how it is; `nil` when all is as configured.
  public private(set) var controlProblem: ControlError?

  /// How rules are compiled for an agent of this configuration.
  public static func ruleOptions(_ configuration: Configuration) -> RuleSet.Options {
    var options = RuleSet.Options()
    options.matching = configuration.ruleMatching == .first ? .first : .all
    options.minimumPriority = configuration.minimumPriority
    options.context = RuleHandler.context
    options.contextIfRead = RuleHandler.contextIfRead
    options.additions = configuration.outputAdditions.entries
    if !configuration.staticFields.fields.isEmpty {
      var addition = OutputAddition()
      addition.fields = configuration.staticFields.fields
      options.additions.append(addition)
    }
    return options
  }

  /// Opens the sources.
  /// - Parameters:
  ///   - configuration: what the operator asked for.
  ///   - rules: compiled with `ruleOptions`.
  ///   - version: the agent's, as its status tells.
  public init(_ configuration: Configuration, rules: RuleSet, version: String) throws(AgentError) {
    self.rules = rules
    self.version = version
    self.configuration = configuration
    var options = WatchOptions()
    options.hostRoot = configuration.hostRoot
    options.sources = configuration.sources
    options.needs = rules.sourceNeeds
    options.scope = rules.scope
    options.hostname = configuration.hostname
    options.cgroups = configuration.cgroups
    let hashMark = rules.needs.contains(.exeHash) ? LateAlerts.makeMark() : nil
    options.hashMark = hashMark
    self.hashMark = hashMark
    memoryDevice = hashMark == nil ? nil : ProgramFile.memoryDevice()
    watch = try Watch(options)
  }

  /// The sources: on or off, what is missing, and what that costs.
  public var sources: [SourceStatus] { watch.statuses }

  /// Which sources deliver.
  public var activeSources: [SourceID] { watch.activeSources }

  /// Gives up every privilege that is not needed any more. Before any other thread exists.
  /// - Returns: what was done and what was not possible, for the log.
  public func protect(as identity: Identity) throws(AgentError) -> ProtectionReport {
    openControl(identity)
    self.identity = identity
    return try watch.protect(as: identity)
  }

  /// Opens the journal, as the user that the agent is by now, starts sinks, sources and engine, then checks that every
  /// thread has what it should.
  /// - Parameters:
  ///   - readerGone: called on a sink's thread when whoever reads standard output has gone for good.
  ///   - noticed: called on the engine's thread when there are `outputNotices`; it must not wait.
  public func start(
    readerGone: @escaping @Sendable () -> Void, noticed: @escaping @Sendable () -> Void
  ) throws(AgentError) {
    let delivery: Delivery
    do {
      delivery = try Delivery(
        outputs: configuration.outputs, journal: try configuration.journal.open(),
        throttle: configuration.throttle.options)
    } catch {
      guard case .unusable = error, !configuration.journal.directory.isEmpty else { throw .delivery(error) }
      throw .journal(error, directory: configuration.journal.directory, user: identity.userName)
    }
    self.delivery = delivery
    let (rules, hostname, counters) = (rules, watch.hostname, counters)
    if let previous = delivery.journal.previousRun {
      counters.alerts.add(1, ordering: .relaxed)
      delivery.append(
        Absence.alert(
          after: previous, now: Clock.realtimeNanoseconds, hostname: hostname, ruleCount: rules.rules.count))
    }
    let blindness = Blindness(rules)
    let selftest = Selftest(priority: configuration.outputs.map(\.options.minimumPriority).mostUrgent)
    let late = try makeLateAlerts(delivery)
    lateAlerts = late
    try watch.start {
      var handler = RuleHandler(
        rules: rules, hostname: hostname, delivery: delivery, counts: counters, blindness: blindness)
      handler.selftest = selftest
      handler.lateAlerts = late
      return handler
    }
    // After the sources, which give this thread's priority back: hashing has no business before anybody.
    try startHashing()
    do {
      try delivery.start(readerGone: readerGone, noticed: noticed)
    } catch {
      throw .delivery(error)
    }
    let tails = try makeTails(delivery.journal)
    self.tails = tails
    let reader = reader(delivery, tails.counts)
    statusReader = reader
    do {
      try control?.start(tails: tails) { ControlAnswers(reader: reader, selftest: selftest) }
    } catch {
      throw .system("no thread for the control socket", error)
    }
    try watch.auditThreads()
  }

  private func makeTails(_ journal: Journal) throws(AgentError) -> TailServer {
    do {
      let identity = TailIdentity(version: version, hostname: watch.hostname)
      return try TailServer(TailTerms(journal: journal, identity: identity))
    } catch {
      throw .delivery(error)
    }
  }

  /// Where alerts wait for hashes, if a rule prints one.
  private func makeLateAlerts(_ delivery: Delivery) throws(AgentError) -> LateAlerts? {
    guard let hashMark else { return nil }
    do {
      return try LateAlerts(mark: hashMark) { delivery.append($0) }
    } catch {
      throw .system("no eventfd", error)
    }
  }

  private func startHashing() throws(AgentError) {
    guard let lateAlerts else { return }
    do {
      let (root, limit) = (
        HostRoot(configuration.hostRoot), UInt64(max(0, configuration.largestHashed.bytes))
      )
      let memoryDevice = memoryDevice
      try lateAlerts.start { answered throws(Errno) in
        try ProgramHasher(root: root, sizeLimit: limit, memoryDevice: memoryDevice, answered: answered)
      }
    } catch {
      throw .system("no thread for hashes", error)
    }
  }

  /// Makes the control socket, while the agent may still make its directory. The agent works without.
  private func openControl(_ identity: Identity) {
    guard !configuration.control.path.isEmpty else { return }
    do throws(ControlError) {
      let socket = try ControlSocket(configuration.control, identity)
      controlProblem = socket.shortcoming
      do {
        control = try ControlServer(socket)
      } catch {
        throw .system(path: configuration.control.path, error)
      }
    } catch {
      controlProblem = error
    }
  }

  private func reader(_ delivery: Delivery, _ tails: TailCounts) -> StatusReader {
    StatusReader(
      version: version, hostname: watch.hostname, watch: watch.view,
      rules: RulesView(
        loaded: rules.rules.count, counters: counters,
        coverage: rules.namedCoverage(with: Set(activeSources + [.agent]))),
      delivery: delivery, lateAlerts: lateAlerts, tails: tails)
  }

  /// What was wrong with the journal's directory when it was opened.
  public var journalRecovery: JournalRecovery { delivery?.journal.recovery ?? JournalRecovery() }

  /// Why outputs cannot work on this host: libraries that they need are missing.
  public var outputProblems: [String] { delivery?.problems ?? [] }

  /// What changed in the outputs since this was last asked, for the log: which fail, work again, or lost alerts.
  public func takeOutputNotices() -> [OutputNotice] { delivery?.takeNotices() ?? [] }

  /// Has the outputs opened anew, as after logs were rotated.
  public func reopenOutputs() { delivery?.reopen() }

  /// Ends everything: the sources, then the engine, then the outputs once they have delivered what is left.
  public func stop() -> AgentSummary {
    control?.stop()
    watch.stop()
    lateAlerts?.stop(milliseconds: Self.drainMilliseconds)
    delivery?.stop(deadlineMilliseconds: Self.drainMilliseconds)
    // Last, so that tails get what was raised until the end.
    tails?.stop()
    return statusReader?.summary ?? watch.summary
  }
}

extension RuleSet {
  /// What the sources must read, for the fields and for the events themselves: a change of namespaces is known from the
  /// links alone, also to a rule that names no field of theirs.
  var sourceNeeds: Needs {
    rules.reduce(needs) { all, rule in
      let isAboutNamespaces = rule.eventTypes?.contains { $0 == "setns" || $0 == "unshare" } ?? false
      return isAboutNamespaces && rule.needs.isDisjoint(with: .namespaces) ? all.union(.namespaces) : all
    }
  }
}

extension [Priority] {
  /// The most urgent of them, informational at least.
  fileprivate var mostUrgent: Priority { reduce(.informational) { $0.rawValue < $1.rawValue ? $0 : $1 } }
}
