public import Events

/// What a source sees of a kind of event.
enum SourceSight: Equatable {
  /// Every one, as far as the source loses nothing, which it counts.
  case all
  /// Some; the text says which it does not.
  case some(missing: String)
  case none

  init(_ source: SourceID, of kind: EventKind) {
    switch source {
    case .agent: self = kind == .lost || kind == .tampered ? .all : .none
    case .connector: self = Self.connector(kind)
    case .procfs: self = Self.procfs(kind)
    case .host: self = Self.host(kind)
    case .mounts: self = Self.mounts(kind)
    case .cgroup: self = Self.cgroup(kind)
    // It tells what containers are; that they come and go shows in their processes.
    case .containers: self = .none
    }
  }

  private static func connector(_ kind: EventKind) -> SourceSight {
    switch kind {
    case .forked, .executed, .exited, .userChanged, .groupChanged, .traced, .sessionChanged, .coreDumped: .all
    case .nameChanged, .containerStarted, .containerStopped: .all
    case .namespacesChanged, .attributeChanged: .some(missing: "changes that no exec follows")
    case .capabilitiesChanged, .firstSeen, .containerSeen, .lost, .tampered, .settingChanged, .moduleLoaded,
      .moduleUnloaded, .mounted, .unmounted:
      .none
    case .cgroupCreated, .cgroupRemoved, .oomKilled, .pidsLimitReached, .cpuThrottled, .pressureRisen,
      .memoryNearLimit, .cgroupFrozen, .cgroupThawed:
      .none
    }
  }

  private static func procfs(_ kind: EventKind) -> SourceSight {
    switch kind {
    case .forked, .executed: .some(missing: "processes that end between two sweeps")
    case .exited: .some(missing: "the ends of processes that no sweep met")
    case .userChanged, .groupChanged, .capabilitiesChanged, .namespacesChanged, .nameChanged,
      .attributeChanged:
      .some(missing: "changes that are undone between two sweeps")
    case .traced: .some(missing: "tracers that let go between two sweeps")
    case .containerStarted, .containerStopped: .some(missing: "containers that end between two sweeps")
    case .firstSeen, .containerSeen: .all
    case .sessionChanged, .coreDumped, .lost, .tampered, .settingChanged, .moduleLoaded,
      .moduleUnloaded, .mounted, .unmounted:
      .none
    case .cgroupCreated, .cgroupRemoved, .oomKilled, .pidsLimitReached, .cpuThrottled, .pressureRisen,
      .memoryNearLimit, .cgroupFrozen, .cgroupThawed:
      .none
    }
  }

  private static func host(_ kind: EventKind) -> SourceSight {
    switch kind {
    case .settingChanged: .some(missing: "changes that are undone within a second")
    case .moduleLoaded, .moduleUnloaded: .all
    default: .none
    }
  }

  private static func mounts(_ kind: EventKind) -> SourceSight {
    switch kind {
    case .mounted, .unmounted:
      .some(
        missing:
          "mounts that are undone at once, the first minute of a namespace that no container has, and who mounted"
      )
    default: .none
    }
  }

  private static func cgroup(_ kind: EventKind) -> SourceSight {
    switch kind {
    case .cgroupCreated, .cgroupRemoved: .all
    case .oomKilled, .pidsLimitReached: .some(missing: "those in a cgroup that is removed before it is read")
    case .cpuThrottled, .pressureRisen, .memoryNearLimit, .cgroupFrozen, .cgroupThawed:
      .some(missing: "what is over between two readings")
    default: .none
    }
  }

  /// What several sources see together; the one that sees most counts.
  static func best(_ sources: Set<SourceID>, of kind: EventKind) -> SourceSight {
    let sights = SourceID.allCases.filter(sources.contains).map { SourceSight($0, of: kind) }
    if sights.contains(.all) { return .all }
    return sights.first { $0 != .none } ?? .none
  }
}

extension SourceID {
  /// The kinds of events that the source's records lead to, all of them or some.
  public var seenKinds: [EventKind] { EventKind.allCases.filter { SourceSight(self, of: $0) != .none } }
}
