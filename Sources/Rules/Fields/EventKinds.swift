public import Events

/// A set of event kinds: those whose live events can give a field a value.
public struct EventKinds: OptionSet, Hashable, Sendable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  public init(_ kind: EventKind) { rawValue = 1 << UInt64(kind.rawValue) }

  public static let all = EventKinds(EventKind.allCases.map(EventKinds.init))
  /// Every kind that tells of a process.
  public static let ofProcess = all.subtracting(ofNoProcess).subtracting(ofCgroup)
  /// The kinds that tell of the agent itself, or of the host as a whole.
  private static let ofNoProcess: EventKinds = [
    EventKinds(.lost), EventKinds(.settingChanged), EventKinds(.moduleLoaded), EventKinds(.moduleUnloaded),
    EventKinds(.mounted), EventKinds(.unmounted),
  ]
  /// Every kind that tells of a cgroup, and of no process.
  public static let ofCgroup: EventKinds = [
    EventKinds(.cgroupCreated), EventKinds(.cgroupRemoved), EventKinds(.oomKilled),
    EventKinds(.pidsLimitReached),
    EventKinds(.cpuThrottled), EventKinds(.pressureRisen), EventKinds(.memoryNearLimit),
    EventKinds(.cgroupFrozen),
    EventKinds(.cgroupThawed),
  ]
  /// Every kind that tells of something in a container or on the host.
  public static let ofPlace = ofProcess.union(ofCgroup).union([EventKinds(.mounted), EventKinds(.unmounted)])
  /// No live event: the field has values in captures alone.
  public static let none: EventKinds = []

  /// The kinds in the set.
  public var kinds: [EventKind] { EventKind.allCases.filter { contains(EventKinds($0)) } }
}
