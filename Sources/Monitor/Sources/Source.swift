public import Events
import Host
import SystemPackage

/// What a source could get of the machine, in words for an operator.
public struct SourceStatus: Sendable, Equatable {
  public let source: SourceID
  /// Whether it delivers.
  public let isActive: Bool
  /// What is missing and what that costs; empty when nothing is.
  public let shortcomings: [String]
  /// How it reads: priority reached, size of the buffer, and so on.
  public let details: [String]

  public init(source: SourceID, isActive: Bool, shortcomings: [String], details: [String] = []) {
    self.source = source
    self.isActive = isActive
    self.shortcomings = shortcomings
    self.details = details
  }
}

/// A place that records come from. It states what it saw and derives nothing: the model compares.
///
/// Made on the main thread before privileges are dropped, so that it can open what needs them; `start` is called
/// after the drop, and its threads inherit the caller's scheduling.
protocol Source: Sendable {
  static var id: SourceID { get }
  /// What is not seen without it, for an operator.
  static var costOfAbsence: String { get }
  /// Whether rules with these needs want anything of it; one that they do not want is opened only when asked for by name.
  static func isNeeded(for needs: Needs) -> Bool
  /// Opens what needs privilege. On the main thread, before the drop.
  init(_ setting: SourceSetting) throws(SourceError)
  var status: SourceStatus { get }
  var feed: RecordFeed { get }
  /// What was passed over on purpose, by name: no loss, but to be seen.
  var passedOver: [String: UInt64] { get }
  /// Starts the source's own threads.
  func start() throws(SourceError)
  /// Ends them, and waits at most `milliseconds` for it.
  func stop(milliseconds: Int)
}

extension Source {
  static func isNeeded(for needs: Needs) -> Bool { true }
}

/// Every source there is, in the order in which they are opened. A new one is named here once.
let everySource: [any Source.Type] = [
  ConnectorSource.self, ProcfsSource.self, HostSource.self, MountSource.self, CgroupSource.self,
  ContainerSource.self,
]

/// What a source is opened with.
struct SourceSetting: Sendable {
  let root: HostRoot
  /// What the loaded rules, or the printed fields, need.
  let needs: Needs
  /// Of which processes what costs most is read.
  var scope = DetailScope.unlimited
  let surroundings: Surroundings
  var cgroups = CgroupSettings()
  /// The sources that were opened before it.
  var others: Set<SourceID> = []
}

/// What the sources have in common.
struct Surroundings: Sendable {
  let bell: EngineBell
  let stuck = StuckProcesses()
  let sweepRequest: SweepRequest
  let mail = Mail()
  let witnesses: Witnesses
  let containerRequests: ContainerRequests
  let connectorHealth = ConnectorHealth()

  init() throws(Errno) {
    bell = try EngineBell()
    sweepRequest = try SweepRequest()
    witnesses = try Witnesses()
    containerRequests = try ContainerRequests()
  }
}

/// Why a source cannot be had.
public enum SourceError: Error, Equatable, CustomStringConvertible {
  /// The kernel or the privileges do not allow it; the text says what is missing.
  case unavailable(SourceID, String)
  /// A thread could not be started.
  case noThread(SourceID, String)

  public var description: String {
    switch self {
    case .unavailable(let source, _), .noThread(let source, _): "source \(source.name): \(reason)"
    }
  }

  /// The text without the source's name.
  var reason: String {
    switch self {
    case .unavailable(_, let reason): reason
    case .noThread(_, let reason): "cannot start a thread: \(reason)"
    }
  }
}
