import Events
import Model

/// The parameters of live events: `evt.arg.NAME` as text, `evt.rawarg.NAME` as it is.
///
/// Which names exist, and of what type, is in `EventTypes`; here is how live events give some of them.
struct EventParameter: Sendable {
  let name: String
  let kinds: EventKinds
  let needs: Needs
  /// As text; for ids of users and groups their names.
  let text: LiveReader
  /// As a number; `nil` when the parameter is text.
  let number: LiveReader?

  private init(
    _ name: String, _ kinds: EventKinds, needs: Needs = [], text: @escaping LiveReader,
    number: LiveReader? = nil
  ) {
    (self.name, self.kinds, self.needs, self.text, self.number) = (name, kinds, needs, text, number)
  }

  /// A parameter whose text is the number in decimal digits.
  private init(
    _ name: String, _ kinds: EventKinds, needs: Needs = [],
    number: @escaping @Sendable (borrowing LiveFacts) -> Int64?
  ) {
    self.init(
      name, kinds, needs: needs, text: { $2.text(decimal: number($0)) }, number: { $2.number(number($0)) })
  }
}

extension EventParameter {
  private static let users = EventKinds(.userChanged)
  private static let groups = EventKinds(.groupChanged)
  private static let births: EventKinds = [EventKinds(.forked), EventKinds(.executed)]
  private static let exec = EventKinds(.executed)
  /// The second with its session alone.
  private static let attributes: EventKinds = [EventKinds(.attributeChanged), EventKinds(.sessionChanged)]
  private static let settings = EventKinds(.settingChanged)
  private static let mounts: EventKinds = [EventKinds(.mounted), EventKinds(.unmounted)]
  private static let modules: EventKinds = [EventKinds(.moduleLoaded), EventKinds(.moduleUnloaded)]

  static let all: [EventParameter] = [
    EventParameter(
      "res",
      [
        births, users, groups, EventKinds(.capabilitiesChanged), EventKinds(.namespacesChanged), modules,
        mounts,
      ]
    ) {
      _ in 0
    },
    EventParameter(
      "name", [modules, settings, EventKinds(.unmounted), attributes],
      text: { facts, _, values in
        switch facts.event.change {
        case .setting(let setting): values.text(setting.name)
        case .module(let module): values.text(module.name)
        case .mount(let mount): values.text(mount.point)
        case .attribute(let change): values.text(change.attribute.rawValue)
        default: break
        }
      }),
    mount("dev") { $0.text($1.source) },
    mount("dir") { $0.text($1.point) },
    mount("type") { $0.text($1.fileSystem) },
    EventParameter(
      "before", [settings, attributes],
      text: { facts, _, values in
        switch facts.event.change {
        case .setting(let setting): values.text(setting.before)
        case .attribute(let change): values.text(change.before)
        default: break
        }
      }),
    EventParameter(
      "after", [settings, attributes],
      text: { facts, _, values in
        switch facts.event.change {
        case .setting(let setting): values.text(setting.after)
        case .attribute(let change): values.text(change.after)
        default: break
        }
      }),
    EventParameter("exe", births, needs: .arguments, text: { $2.argument(0, of: $0.row) }),
    EventParameter("args", births, needs: .arguments, text: { $2.arguments(of: $0.row) }),
    EventParameter("comm", births, text: { $2.text(filled: $0.row?.name) }),
    EventParameter(
      "cwd", births, needs: .workingDirectory, text: { $2.text(filled: $0.row?.workingDirectory) }),
    EventParameter("trusted_exepath", exec, needs: .exe, text: { $2.text(filled: $0.row?.exePath) }),
    EventParameter("tid", births) { $0.row.map { Int64($0.pid) } },
    EventParameter("pid", births) { $0.row.map { Int64($0.pid) } },
    EventParameter("ptid", births) { $0.row.map { Int64($0.parentPID) } },
    EventParameter("vtid", births, needs: .credentials) { $0.row?.virtualPID.map(Int64.init) },
    EventParameter("vpid", births, needs: .credentials) { $0.row?.virtualPID.map(Int64.init) },
    EventParameter("tty", exec) { $0.row?.terminal.map { Int64(UInt32(bitPattern: $0)) } },
    EventParameter("pgid", exec) { $0.row?.processGroup.map(Int64.init) },
    EventParameter(
      "loginuid", exec, needs: .loginUser,
      text: { $2.text(decimal: $0.row?.loginUser.map { Int32(bitPattern: $0) }) },
      number: { $2.number($0.row?.loginUser) }),
    EventParameter(
      "flags", [exec, EventKinds(.mounted)],
      needs: [.exe, .exeFile, .exeLayer, .users, .credentials, .supplementaryGroups],
      text: { facts, _, values in
        if case .mount(let mount) = facts.event.change {
          values.text(mount.flagNames.joined(separator: "|"))
        } else if let flags = facts.programFlags {
          values.text(flags)
        }
      }),
    capabilities("cap_inheritable", \.inheritable),
    capabilities("cap_permitted", \.permitted),
    capabilities("cap_effective", \.effective),
    user("uid", [births, users], \.effective),
    user("ruid", users, \.real),
    user("euid", users, \.effective),
    user("suid", users, \.saved),
    group("gid", [births, groups], \.effective),
    group("rgid", groups, \.real),
    group("egid", groups, \.effective),
    group("sgid", groups, \.saved),
    formerUser("old_ruid", \.real),
    formerUser("old_euid", \.effective),
    formerGroup("old_rgid", \.real),
    formerGroup("old_egid", \.effective),
    formerCapabilities("old_cap_inheritable", \.inheritable),
    formerCapabilities("old_cap_permitted", \.permitted),
    formerCapabilities("old_cap_effective", \.effective),
    EventParameter(
      "nstype", EventKinds(.namespacesChanged), needs: .namespaces,
      text: { facts, _, values in
        guard case .namespaces(let before, let after) = facts.event.change else { return }
        let types = after.differences(from: before).map { "CLONE_NEW\($0.flagName)" }
        values.text(types.joined(separator: "|"))
      }),
    EventParameter("tracer", EventKinds(.traced)) { facts in
      if case .tracer(let pid, _, _) = facts.event.change { return Int64(pid) }
      return nil
    },
    EventParameter("old_tracer", EventKinds(.traced)) { facts in
      if case .tracer(_, _, let before) = facts.event.change { return before.map(Int64.init) }
      return nil
    },
    EventParameter(
      "old_name", EventKinds(.nameChanged),
      text: { facts, _, values in
        if case .name(let before) = facts.event.change { values.text(before) }
      }),
    EventParameter("status", EventKinds(.exited)) { $0.exitStatus.map(Int64.init) },
    EventParameter("ret", EventKinds(.exited)) { $0.exitStatus.map { Int64($0 >> 8 & 0xFF) } },
    EventParameter("sig", EventKinds(.exited)) { $0.exitStatus.map { Int64($0 & 0x7F) } },
    EventParameter("core", EventKinds(.exited)) { $0.exitStatus.map { Int64($0 >> 7 & 1) } },
    EventParameter(
      "source", EventKinds(.lost),
      text: { facts, _, values in
        if case .loss(let loss) = facts.event.change { values.text(loss.source.name) }
      }),
    EventParameter(
      "reason", [EventKinds(.lost), EventKinds(.tampered)],
      text: { facts, _, values in
        switch facts.event.change {
        case .loss(let loss): values.text(loss.reason.name)
        case .pause: values.text("agent_paused")
        case .delay: values.text("agent_delayed")
        case .tracer where facts.event.kind == .tampered: values.text("agent_traced")
        default: if facts.event.kind == .tampered { values.text("reader_held") }
        }
      }),
    EventParameter("count", [EventKinds(.lost), counters]) { facts in
      switch facts.event.change {
      case .loss(let loss): Int64(clamping: loss.count)
      case .count(let before, let after): Int64(clamping: after - before)
      default: nil
      }
    },
    EventParameter("total", counters) { facts in
      if case .count(_, let after) = facts.event.change { return Int64(clamping: after) }
      return nil
    },
    EventParameter("old_total", counters) { facts in
      if case .count(let before, _) = facts.event.change { return Int64(clamping: before) }
      return nil
    },
    EventParameter(
      "resource", EventKinds(.pressureRisen),
      text: { facts, _, values in
        if case .crossing(let crossing) = facts.event.change { values.text(crossing.threshold.resource) }
      }),
    percent("percent") { $0.after },
    percent("old_percent") { $0.before },
    percent("threshold") { $0.limit },
  ]

  private static func mount(
    _ name: String, _ read: @escaping @Sendable (inout Values, MountChange) -> Void
  ) -> Self {
    EventParameter(
      name, EventKinds(.mounted), needs: .mounts,
      text: { facts, _, values in
        if case .mount(let mount) = facts.event.change { read(&values, mount) }
      })
  }

  private static let counters: EventKinds = [EventKinds(.oomKilled), EventKinds(.pidsLimitReached)]
  private static let crossings: EventKinds = [
    EventKinds(.cpuThrottled), EventKinds(.pressureRisen), EventKinds(.memoryNearLimit),
  ]

  /// A parameter of a crossed threshold, in per cent.
  private static func percent(
    _ name: String, _ percent: @escaping @Sendable (ThresholdCrossing) -> Double?
  ) -> Self {
    let read: LiveReader = { facts, _, values in
      guard case .crossing(let crossing) = facts.event.change, let value = percent(crossing) else { return }
      values.number(value)
    }
    return EventParameter(
      name, crossings,
      text: { facts, _, values in
        guard case .crossing(let crossing) = facts.event.change, let value = percent(crossing) else { return }
        values.text("\((value * 100).rounded() / 100)")
      }, number: read)
  }

  private static func user(_ name: String, _ kinds: EventKinds, _ id: @escaping @Sendable (IDSet) -> UInt32)
    -> Self
  {
    EventParameter(
      name, kinds, needs: [.users, .accounts],
      text: { facts, _, values in
        guard let users = facts.changedUsers else { return }
        values.user(id(users), in: facts)
      },
      number: { facts, _, values in values.number(facts.changedUsers.map(id)) })
  }

  private static func group(_ name: String, _ kinds: EventKinds, _ id: @escaping @Sendable (IDSet) -> UInt32)
    -> Self
  {
    EventParameter(
      name, kinds, needs: [.users, .accounts],
      text: { facts, _, values in
        guard let groups = facts.changedGroups else { return }
        values.group(id(groups), in: facts)
      },
      number: { facts, _, values in values.number(facts.changedGroups.map(id)) })
  }

  private static func formerUser(_ name: String, _ id: @escaping @Sendable (IDSet) -> UInt32) -> Self {
    EventParameter(
      name, users, needs: [.users, .accounts],
      text: { facts, _, values in
        guard case .users(let before?, _) = facts.event.change else { return }
        values.user(id(before), in: facts)
      },
      number: { facts, _, values in
        guard case .users(let before?, _) = facts.event.change else { return }
        values.number(id(before))
      })
  }

  private static func formerGroup(_ name: String, _ id: @escaping @Sendable (IDSet) -> UInt32) -> Self {
    EventParameter(
      name, groups, needs: [.users, .accounts],
      text: { facts, _, values in
        guard case .groups(let before?, _) = facts.event.change else { return }
        values.group(id(before), in: facts)
      },
      number: { facts, _, values in
        guard case .groups(let before?, _) = facts.event.change else { return }
        values.number(id(before))
      })
  }

  private static func formerCapabilities(
    _ name: String, _ set: @escaping @Sendable (CapabilitySets) -> UInt64
  ) -> Self {
    EventParameter(
      name, EventKinds(.capabilitiesChanged), needs: .credentials,
      text: { facts, _, values in
        guard case .capabilities(let before, _) = facts.event.change else { return }
        values.capabilities(set(before))
      },
      number: { facts, _, values in
        guard case .capabilities(let before, _) = facts.event.change else { return }
        values.number(set(before))
      })
  }

  private static func capabilities(_ name: String, _ set: @escaping @Sendable (CapabilitySets) -> UInt64)
    -> Self
  {
    EventParameter(
      name, [exec, EventKinds(.capabilitiesChanged)], needs: .credentials,
      text: { $2.capabilities($0.row?.capabilities.map(set)) },
      number: { $2.number($0.row?.capabilities.map(set)) })
  }

  /// The readings of `evt.arg`, by parameter; a parameter that is there and empty is the text `<NA>`, as in Falco.
  static let readings = Dictionary(
    uniqueKeysWithValues: all.map { parameter in
      let reading = LiveReading(needs: parameter.needs, kinds: parameter.kinds) { facts, argument, values in
        let count = values.list.count
        parameter.text(facts, argument, &values)
        values.replaceEmptyText(after: count)
      }
      return (parameter.name, reading)
    })

  /// The readings of `evt.rawarg`, by parameter; a number of which only the names of its bits are known has none.
  static let rawReadings = Dictionary(
    uniqueKeysWithValues: all.compactMap { parameter -> (String, LiveReading)? in
      let type = EventTypes.parameterTypes[parameter.name] ?? .bytebuf
      guard let read = parameter.number ?? (type.isText ? parameter.text : nil) else { return nil }
      return (parameter.name, LiveReading(needs: parameter.needs, kinds: parameter.kinds, read: read))
    })
}

extension FieldRegistry {
  static let evtArguments: [Field] = [
    Field(
      "evt.arg", .charbuf,
      "A parameter of the event as text, by its name or its number: evt.arg.flags, evt.arg[0].",
      argument: .dottedEither, byKey: EventParameter.readings),
    Field(
      "evt.rawarg", .charbuf, "A parameter of the event as it is, of its own type: evt.rawarg.uid.",
      argument: .dottedKey, byKey: EventParameter.rawReadings),
  ]
}

extension LiveFacts {
  fileprivate var changedUsers: IDSet? {
    if case .users(_, let after) = event.change { return after }
    return row?.users
  }

  fileprivate var changedGroups: IDSet? {
    if case .groups(_, let after) = event.change { return after }
    return row?.groups
  }

  fileprivate var exitStatus: UInt32? {
    if case .exit(let status) = event.change { return status }
    return nil
  }
}

extension Values {
  /// Puts `<NA>` in the place of a text that is empty, if one value was appended since there were `count`.
  fileprivate mutating func replaceEmptyText(after count: Int) {
    guard list.count == count + 1, list[count].form == .text, list[count].text.count == 0 else { return }
    removeValues(from: count)
    text("<NA>")
  }

  /// Appends every parameter that has a value, as `name=value`.
  mutating func parameters(of facts: borrowing LiveFacts) {
    let kind = EventKinds(facts.event.kind)
    let before = list.count
    let start = beginText()
    for parameter in EventParameter.all where parameter.kinds.contains(kind) {
      let end = beginText()
      if end > start { add(UInt8(ascii: " ")) }
      add(parameter.name)
      add(UInt8(ascii: "="))
      let count = list.count
      parameter.text(facts, .none, &self)
      if list.count == count { dropText(end) }
    }
    removeValues(from: before)
    endText(start)
  }
}

extension NamespaceType {
  /// The end of the CLONE_NEW… flag's name. See clone(2).
  fileprivate var flagName: String {
    switch self {
    case .cgroup: "CGROUP"
    case .ipc: "IPC"
    case .mnt: "NS"
    case .net: "NET"
    case .pid: "PID"
    case .time: "TIME"
    case .user: "USER"
    case .uts: "UTS"
    }
  }
}

extension FieldType {
  /// Whether values are bytes.
  fileprivate var isText: Bool { valueClass == .text || valueClass == .buffer }
}
