public import Events

/// One happening that rules judge: what it was, whose it was, and what changed.
///
/// Only the engine's thread holds events; the row is the process as it is after the happening.
public struct Event {
  public let kind: EventKind
  /// Nanoseconds since 1970 UTC.
  public let time: UInt64
  /// CLOCK_MONOTONIC nanoseconds, as the record's stamp.
  public let stamp: UInt64
  /// Counts the events of this run from 1; alerts of one event share it.
  public var number: UInt64
  public let source: SourceID
  /// Details are missing that the rules need.
  public let isIncomplete: Bool
  /// The process that acted; `nil` for events of a cgroup, of the agent itself and of the host as a whole.
  public let process: ProcessRow?
  public let change: Change
  /// The container that the process was in when it happened, or that the cgroup is of; `nil` on the host.
  public let container: Container?
  /// The cgroup that the event is about; `nil` for events of processes.
  public let cgroup: CgroupRow?

  /// What is peculiar to the kind.
  public enum Change {
    case none
    case users(before: IDSet?, after: IDSet)
    case groups(before: IDSet?, after: IDSet)
    case capabilities(before: CapabilitySets, after: CapabilitySets)
    case namespaces(before: NamespaceSet, after: NamespaceSet)
    /// The process came under this tracer; the row is missing when the tracer is not known. It had another before, or
    /// none (0), or nobody knows.
    case tracer(pid: Int32, row: ProcessRow?, before: Int32?)
    case name(before: [UInt8])
    case attribute(AttributeChange)
    case exit(status: UInt32?)
    case loss(Loss)
    /// The agent itself did not run for a while.
    case pause(AgentPause)
    /// The agent judged late what happened.
    case delay(AgentDelay)
    case setting(SettingChange)
    case module(LoadedModule)
    case mount(MountChange)
    /// A counter of the cgroup grew.
    case count(before: UInt64, after: UInt64)
    case crossing(ThresholdCrossing)
  }

  /// The event with another row in the place of its process's, for one that is judged later.
  public func keeping(_ process: ProcessRow?) -> Event {
    Event(
      kind: kind, time: time, stamp: stamp, number: number, source: source, isIncomplete: isIncomplete,
      process: process, change: change, container: container)
  }

  /// The event, flagged as one of which details are missing.
  public var incomplete: Event {
    Event(
      kind: kind, time: time, stamp: stamp, number: number, source: source, isIncomplete: true,
      process: process, change: change, container: container)
  }

  /// What stands where no event came yet: it is of the agent itself, about no process.
  public static var none: Event { Event(kind: .lost, time: 0, stamp: 0, source: .agent, process: nil) }

  public init(
    kind: EventKind, time: UInt64, stamp: UInt64, number: UInt64 = 0, source: SourceID,
    isIncomplete: Bool = false, process: ProcessRow?, change: Change = .none, container: Container? = nil,
    cgroup: CgroupRow? = nil
  ) {
    self.cgroup = cgroup
    self.container = container ?? process?.container
    self.kind = kind
    self.time = time
    self.stamp = stamp
    self.number = number
    self.source = source
    self.isIncomplete = isIncomplete
    self.process = process
    self.change = change
  }
}

/// A time for which the agent did not run, though it should have: it was stopped, frozen, or got no processor.
public struct AgentPause: Equatable, Sendable {
  /// When it last ran and when it ran again, in nanoseconds since 1970 UTC.
  public var from, to: UInt64
  /// For how long of it the agent's thread waited for a processor, in nanoseconds; `nil` where the kernel does not tell.
  public var waited: UInt64?
  /// What was done to its cgroup meanwhile; `nil` when nothing was, or the kernel does not tell.
  public var restraint: AgentRestraint?

  public init(from: UInt64, to: UInt64, waited: UInt64?, restraint: AgentRestraint? = nil) {
    (self.from, self.to, self.waited, self.restraint) = (from, to, waited, restraint)
  }
}

/// What may be done to the cgroup that the agent is in, or to one above it.
public enum AgentRestraint: Equatable, Sendable {
  /// Its processes were made to stand still.
  case frozen
  /// Its CPU quota was used up again and again.
  case throttled
}

/// A time for which the agent ran, but judged what happened late.
public struct AgentDelay: Equatable, Sendable {
  /// When the first happened that was judged late, and when the last of it was judged, in nanoseconds since 1970 UTC.
  public var from, to: UInt64
  /// By how much it was late, at the most; nanoseconds.
  public var longest: UInt64
  public var restraint: AgentRestraint?

  public init(from: UInt64, to: UInt64, longest: UInt64, restraint: AgentRestraint? = nil) {
    (self.from, self.to, self.longest, self.restraint) = (from, to, longest, restraint)
  }
}

/// Records that were lost: from where, why, and how many.
public struct Loss: Equatable, Sendable {
  public var source: SourceID
  public var reason: LossReason
  public var count: UInt64
  /// What kind of record; `nil` when nobody knows.
  public var kind: RecordKind?
  /// When it began, in nanoseconds since 1970 UTC, where that was before it was found out.
  public var since: UInt64?

  public init(
    source: SourceID, reason: LossReason, count: UInt64, kind: RecordKind? = nil, since: UInt64? = nil
  ) {
    self.since = since
    self.kind = kind
    self.source = source
    self.reason = reason
    self.count = count
  }
}
