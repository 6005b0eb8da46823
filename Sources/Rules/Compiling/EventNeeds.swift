import Events

extension ConditionCompiler {
  /// What a condition and these fields want the sources to read.
  func needs(of expression: Expression, _ fields: [ResolvedField]) -> Needs {
    let availability = builder.resolvedFields.map(FieldAvailability.init)
    let classes = EventClassAnalysis(builder.tables, fields: availability).classes(of: [expression])[0]
    let namesTypes = classes.intersection(.named) != .named
    return fields.needs.union(classes.needs(namesTypes: namesTypes, fields: fields.needs))
  }
}

extension EventClassSet {
  /// What the sources must read so that events of these classes come about.
  ///
  /// - Parameters:
  ///   - namesTypes: whether the condition names event types. One that does not is for whatever events there are, and no
  ///     details are read for changes that nothing asked for.
  ///   - fields: what the fields want; a rule that names some namespaces is about those alone.
  func needs(namesTypes: Bool, fields: Needs) -> Needs {
    EventKind.allCases.reduce(Needs()) { needs, kind in
      guard contains(EventClasses.live(kind)) else { return needs }
      switch kind {
      case .forked: return needs.union(.forks)
      case .exited: return needs.union(.exits)
      case .namespacesChanged:
        return namesTypes && fields.isDisjoint(with: .namespaces) ? needs.union(.namespaces) : needs
      case .capabilitiesChanged, .traced: return namesTypes ? needs.union(.credentials) : needs
      // What costs one file. The others are told of when a field of theirs is named.
      case .attributeChanged:
        return namesTypes ? needs.union([.credentials, .supplementaryGroups, .status]) : needs
      case .settingChanged: return namesTypes ? needs.union(.settings) : needs
      case .moduleLoaded, .moduleUnloaded: return namesTypes ? needs.union(.modules) : needs
      case .mounted, .unmounted: return namesTypes ? needs.union(.mounts) : needs
      case .oomKilled: return namesTypes ? needs.union(.oomKills) : needs
      case .pidsLimitReached: return namesTypes ? needs.union(.pidsLimitHits) : needs
      case .cgroupFrozen, .cgroupThawed: return namesTypes ? needs.union(.freezing) : needs
      case .cgroupCreated, .cgroupRemoved: return namesTypes ? needs.union(.cgroupLife) : needs
      case .cpuThrottled: return namesTypes ? needs.union(.cgroupCPU) : needs
      case .pressureRisen: return namesTypes ? needs.union(.cgroupPressure) : needs
      case .memoryNearLimit: return namesTypes ? needs.union(.cgroupMemory) : needs
      case .containerStarted, .containerStopped, .containerSeen:
        return namesTypes ? needs.union(.cgroup) : needs
      case .executed, .userChanged, .groupChanged, .sessionChanged, .nameChanged, .coreDumped, .firstSeen,
        .lost,
        .tampered:
        return needs
      }
    }
  }
}
