import Events

/// A document of the Elastic Common Schema, for a data stream of Elasticsearch: nested objects, keys sorted.
///
/// A field that the schema has no place for is a keyword among `labels`, with `_` for what is no letter or digit, so that no
/// field's name is another's beginning. An alert of which something is missing carries `labels.alert_truncated`. docs/formats.md has
/// the table. See the ECS field reference, version 8.17.
public struct ECSFormat: MappingFormat {
  public static let name = "ecs"
  static let mark = MappedAlert.Item("labels.alert_truncated", "true", .essential)

  /// Where fields go.
  static let schema: [FieldMapping] = [
    FieldMapping("container.id", "container.full_id", "container.id"),
    FieldMapping("container.image.hash.all", "container.image.digest", as: .list),
    FieldMapping("container.image.name", "container.image.repository", "container.image"),
    FieldMapping("container.image.tag", "container.image.tag", as: .list),
    FieldMapping("container.name", "container.name"),
    FieldMapping("container.runtime", "container.type"),
    FieldMapping("container.security_context.privileged", "container.privileged", as: .flag),
    FieldMapping("destination.ip", "fd.sip"),
    FieldMapping("destination.port", "fd.sport", as: .number),
    FieldMapping("event.action", "evt.type"),
    FieldMapping("file.path", "fs.path.name"),
    FieldMapping("network.transport", "fd.l4proto"),
    FieldMapping("orchestrator.namespace", "k8s.ns.name"),
    FieldMapping("orchestrator.resource.id", "k8s.pod.uid", "k8s.pod.id"),
    FieldMapping("orchestrator.resource.name", "k8s.pod.name"),
    FieldMapping("process.args", "proc.argv", as: .list),
    FieldMapping("process.command_line", "proc.exeline", "proc.cmdline"),
    FieldMapping("process.entity_id", "proc.id"),
    FieldMapping("process.executable", "proc.exepath"),
    FieldMapping("process.Ext.ancestry", "proc.aid", as: .words),
    FieldMapping("process.group_leader.name", "proc.pgid.name"),
    FieldMapping("process.group_leader.pid", "proc.pgid", as: .number),
    FieldMapping("process.hash.sha256", "proc.exe_sha256"),
    FieldMapping("process.name", "proc.name"),
    FieldMapping("process.parent.command_line", "proc.pcmdline"),
    FieldMapping("process.parent.entity_id", "proc.aid[1]"),
    FieldMapping("process.parent.executable", "proc.pexepath"),
    FieldMapping("process.parent.name", "proc.pname"),
    FieldMapping("process.parent.pid", "proc.apid[1]", "proc.ppid", as: .number),
    FieldMapping("process.pid", "proc.pid", as: .number),
    FieldMapping("process.session_leader.name", "proc.sname"),
    FieldMapping("process.session_leader.pid", "proc.sid", as: .number),
    FieldMapping("process.start", "proc.pid.ts", as: .dateTime),
    FieldMapping("process.working_directory", "proc.cwd"),
    FieldMapping("source.ip", "fd.cip"),
    FieldMapping("source.port", "fd.cport", as: .number),
    FieldMapping("user.group.id", "group.gid"),
    FieldMapping("user.group.name", "group.name"),
    FieldMapping("user.id", "user.uid"),
    FieldMapping("user.name", "user.name"),
  ]

  /// The categories and types of an event beside `intrusion_detection` and `info`, by its type.
  private static let kinds: [String: (category: String, type: String)] = {
    var kinds: [String: (category: String, type: String)] = [:]
    for (category, type, names) in [
      ("process", "start", ["execve", "execveat", "clone", "clone3", "fork", "vfork"]),
      ("process", "end", ["procexit", "coredump"]),
      (
        "process", "change",
        [
          "setuid", "setresuid", "setreuid", "setfsuid", "setgid", "setresgid", "setregid", "setfsgid",
          "capset",
          "setns", "unshare", "setsid", "prctl", "process_changed",
        ]
      ),
      ("process", "access", ["ptrace", "tampering"]),
      ("process", "info", ["process_seen"]),
      ("driver", "start", ["init_module", "finit_module"]),
      ("driver", "end", ["delete_module"]),
      ("configuration", "change", ["sysctl_changed"]),
      ("host", "change", ["mount", "umount", "umount2"]),
      ("host", "start", ["container_start"]),
      ("host", "end", ["container_stop"]),
      ("host", "info", ["container_seen"]),
    ] {
      for name in names { kinds[name] = (category, type) }
    }
    return kinds
  }()

  public init() {}

  func map(_ entry: JournalEntry) -> MappedAlert {
    var alert = MappedAlert(entry)
    var fields = AlertFields(entry.alert)
    addEvent(entry, kind: fields["evt.type"], to: &alert)
    addThreat(entry.alert.rule.tags, to: &alert)
    if fields["k8s.pod.name"] != nil || fields["k8s.ns.name"] != nil {
      alert.items.append(.init("orchestrator.type", "kubernetes", .mapped))
      alert.items.append(.init("orchestrator.resource.type", "pod", .mapped))
    }
    alert.add(Self.schema, from: &fields)
    alert.carry(fields, .init(objects: ["labels"], taken: [Self.mark.path[1]], key: FieldName.underscored))
    return alert
  }

  private func addEvent(_ entry: JournalEntry, kind: FieldValue?, to mapped: inout MappedAlert) {
    let alert = entry.alert
    let kind = kind.flatMap { Self.kinds[String(decoding: FieldForm.text(of: $0), as: UTF8.self)] }
    mapped.items += [
      .init("@timestamp", .text(FieldForm.dateTime(alert.timeNanoseconds)), .essential),
      .init("agent.type", "windhover", .mapped),
      .init("agent.version", Product.version, .mapped),
      .init("ecs.version", "8.17.0", .essential),
      .init("event.category", .words(["intrusion_detection"] + (kind.map { [$0.category] } ?? [])), .mapped),
      .init("event.dataset", "windhover.alert", .mapped),
      .init("event.id", entry.uuid.description, .essential),
      .init("event.kind", "alert", .essential),
      .init("event.module", "windhover", .mapped),
      .init("event.provider", "windhover", .mapped),
      .init("event.sequence", entry.sequence, .essential),
      .init("event.severity", Self.severity(alert.rule.priority), .essential),
      .init("event.type", .words([kind?.type ?? "info"]), .mapped),
      .init("host.hostname", alert.hostname, .mapped),
      .init("host.name", alert.hostname, .name),
      .init("host.os.type", "linux", .mapped),
      .init("log.level", alert.rule.priority.name.lowercased(), .essential),
      .init("log.syslog.severity.code", alert.rule.priority.rawValue, .mapped),
      .init("message", .text(alert.message), .message),
      .init("rule.category", alert.rule.source, .mapped),
      .init("rule.name", alert.rule.name, .name),
    ]
    if !alert.rule.tags.isEmpty { mapped.items.append(.init("tags", .words(alert.rule.tags), .tags)) }
  }

  private func addThreat(_ tags: [String], to mapped: inout MappedAlert) {
    let attack = AttackTags(tags)
    guard !attack.tactics.isEmpty || !attack.techniques.isEmpty else { return }
    func add(_ path: String, _ words: [String]) {
      guard !words.isEmpty else { return }
      mapped.items.append(.init("threat.\(path)", .words(words), .mapped))
    }
    mapped.items.append(.init("threat.framework", "MITRE ATT&CK", .mapped))
    add("tactic.id", attack.tactics.map(\.id))
    add("tactic.name", attack.tactics.map(\.name))
    add("technique.id", attack.techniques.map(\.id).uniqued)
    add("technique.subtechnique.id", attack.techniques.compactMap(\.subtechnique))
  }

  func write(_ alert: MappedAlert, into bytes: inout [UInt8]) -> Bool {
    var json = NestedJSON(alert)
    return json.append(to: &bytes)
  }

  func write(_ item: MappedAlert.Item, limit: Int, into bytes: inout [UInt8]) -> Bool {
    NestedJSON.append(item, limit: limit, to: &bytes)
  }

  /// What Elastic's detection rules read as low (to 21), medium (to 47), high (to 73) and critical (to 99).
  static func severity(_ priority: Priority) -> UInt8 {
    switch priority {
    case .emergency, .alert, .critical: 99
    case .error: 73
    case .warning: 47
    case .notice: 21
    case .informational: 10
    case .debug: 1
    }
  }
}

extension FieldContent {
  /// A list of texts of our own.
  static func words(_ words: [String]) -> FieldContent { .list(words.map { Array($0.utf8) }) }
}

extension [String] {
  /// Each once, in the order of their first places.
  var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
