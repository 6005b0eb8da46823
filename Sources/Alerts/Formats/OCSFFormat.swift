import Events

/// A Detection Finding of the Open Cybersecurity Schema Framework (class 2004, version 1.6.0), as one JSON object, keys sorted.
///
/// What the schema has no place for is in `unmapped`, by the names that our fields have. An alert of which something is missing
/// carries `metadata.is_truncated`. docs/formats.md has the table. See schema.ocsf.io.
public struct OCSFFormat: MappingFormat {
  public static let name = "ocsf"
  static let mark = MappedAlert.Item("metadata.is_truncated", .literal(Array("true".utf8)), .essential)

  /// Where fields go.
  static let schema: [FieldMapping] =
    [
      FieldMapping("cmd_line", "proc.exeline", "proc.cmdline"),
      FieldMapping("container.image.name", "container.image.repository", "container.image"),
      FieldMapping("container.image.tag", "container.image.tag"),
      FieldMapping("container.image.uid", "container.image.digest", "container.image.id", "container.image"),
      FieldMapping("container.name", "container.name"),
      FieldMapping("container.pod_uuid", "k8s.pod.uid", "k8s.pod.id"),
      FieldMapping("container.runtime", "container.type"),
      FieldMapping("container.uid", "container.full_id", "container.id"),
      FieldMapping("created_time", "proc.pid.ts", as: .milliseconds),
      FieldMapping("name", "proc.name"),
      FieldMapping("parent_process.cmd_line", "proc.pcmdline"),
      FieldMapping("parent_process.name", "proc.pname"),
      FieldMapping("parent_process.path", "proc.pexepath"),
      FieldMapping("parent_process.pid", "proc.apid[1]", "proc.ppid", as: .number),
      FieldMapping("parent_process.uid", "proc.aid[1]"),
      FieldMapping("path", "proc.exepath"),
      FieldMapping("pid", "proc.pid", as: .number),
      FieldMapping("uid", "proc.id"),
      FieldMapping("user.name", "user.name"),
      FieldMapping("user.uid", "user.uid"),
      FieldMapping("working_directory", "proc.cwd"),
    ].map { $0.below("evidences[].process") }
    + [
      FieldMapping("evidences[].actor.process.name", "proc.name"),
      FieldMapping("evidences[].actor.process.pid", "proc.pid", as: .number),
      FieldMapping("evidences[].actor.user.name", "user.name"),
      FieldMapping("evidences[].actor.user.uid", "user.uid"),
      FieldMapping("finding_info.types", "evt.type", as: .list),
    ]

  /// Objects that the schema allows only with one of these members.
  static let constraints: [(object: [String], members: Set<String>)] = [
    ("evidences[].process.container.image", ["uid"]),
    ("evidences[].process.container", ["uid", "name"]),
    ("evidences[].process.parent_process", ["pid", "uid"]),
    ("evidences[].process", ["pid", "uid"]),
    ("evidences[].actor.process", ["pid", "uid"]),
  ].map { ($0.0.split(separator: ".").map(String.init), $0.1) }

  public init() {}

  func map(_ entry: JournalEntry) -> MappedAlert {
    var alert = MappedAlert(entry)
    var fields = AlertFields(entry.alert)
    addFinding(entry, to: &alert)
    if fields["container.id"] != nil {
      alert.items.append(.init("metadata.profiles", .words(["container"]), .mapped))
    }
    alert.add(Self.schema, from: &fields)
    addAncestry(fields["proc.aid"], to: &alert)
    for (name, value) in fields.rest where name != "proc.aid" {
      var text: [UInt8] = []
      JSONValue.append(value, to: &text)
      alert.items.append(.init(["unmapped", name], .literal(text), .carried))
    }
    Self.removeObjectsThatLackMembers(from: &alert)
    return alert
  }

  private func addFinding(_ entry: JournalEntry, to mapped: inout MappedAlert) {
    let alert = entry.alert
    let time = alert.timeNanoseconds / 1_000_000
    let (severityID, severity) = Self.severity(alert.rule.priority)
    mapped.items += [
      .init("activity_id", 1, .essential),
      .init("activity_name", "Create", .mapped),
      .init("category_name", "Findings", .mapped),
      .init("category_uid", 2, .essential),
      .init("class_name", "Detection Finding", .mapped),
      .init("class_uid", 2004, .essential),
      .init("device.hostname", alert.hostname, .name),
      .init("device.os", .literal(Array(#"{"name":"Linux","type":"Linux","type_id":200}"#.utf8)), .mapped),
      .init("device.type", "Unknown", .mapped),
      .init("device.type_id", 0, .essential),
      .init("finding_info.analytic.name", alert.rule.name, .mapped),
      .init("finding_info.analytic.type", "Rule", .mapped),
      .init("finding_info.analytic.type_id", 1, .essential),
      .init("finding_info.created_time", time, .mapped),
      .init("finding_info.data_sources", .words([alert.rule.source]), .mapped),
      .init("finding_info.title", alert.rule.name, .name),
      .init("finding_info.uid", entry.uuid.description, .essential),
      .init("is_alert", .literal(Array("true".utf8)), .mapped),
      .init("message", .text(alert.message), .message),
      .init("metadata.event_code", alert.rule.name, .mapped),
      .init("metadata.log_level", alert.rule.priority.name, .mapped),
      .init("metadata.log_name", "alert", .mapped),
      .init("metadata.product.name", Product.name, .essential),
      .init("metadata.product.vendor_name", Product.vendor, .essential),
      .init("metadata.product.version", Product.version, .mapped),
      .init("metadata.sequence", entry.sequence, .essential),
      .init("metadata.uid", entry.uuid.description, .mapped),
      .init("metadata.version", "1.6.0", .essential),
      .init("severity", severity, .mapped),
      .init("severity_id", severityID, .essential),
      .init("status", "New", .mapped),
      .init("status_id", 1, .mapped),
      .init("time", time, .essential),
      .init("type_name", "Detection Finding: Create", .mapped),
      .init("type_uid", 200_401, .essential),
    ]
    guard !alert.rule.tags.isEmpty else { return }
    mapped.items.append(.init("metadata.labels", .words(alert.rule.tags), .tags))
    let attacks = Self.attacks(AttackTags(alert.rule.tags))
    if !attacks.isEmpty { mapped.items.append(.init("finding_info.attacks", .literal(attacks), .mapped)) }
  }

  /// The ids of the creator, its creator and so on, each with the process id that it holds.
  private func addAncestry(_ ids: FieldValue?, to mapped: inout MappedAlert) {
    guard let ids, case .list(let words)? = FieldForm.words.content(of: ids) else { return }
    var text: [UInt8] = []
    JSONValue.append(list: words, to: &text) { word, bytes in
      var object = JSONObject(into: &bytes)
      let parts = word.split(separator: UInt8(ascii: ":"))
      if parts.count == 3, let pid = Int32(String(decoding: parts[1], as: UTF8.self)) {
        object.member("pid", in: &bytes) { $0.append(decimal: pid) }
      }
      object.member("uid", in: &bytes) { JSONValue.append(word.span, to: &$0) }
      object.end(in: &bytes)
    }
    mapped.items.append(.init("evidences[].process.ancestry", .literal(text), .mapped))
  }

  /// One object for each tactic and each technique: tags do not say which belong together. Empty without any.
  private static func attacks(_ attack: AttackTags) -> [UInt8] {
    guard !attack.tactics.isEmpty || !attack.techniques.isEmpty else { return [] }
    var objects: [[(String, [(String, String)])]] = attack.tactics.map { tactic in
      [("tactic", [("name", tactic.name), ("uid", tactic.id)])]
    }
    objects += attack.techniques.map { technique in
      (technique.subtechnique.map { [("sub_technique", [("uid", $0)])] } ?? [])
        + [("technique", [("uid", technique.id)])]
    }
    var text: [UInt8] = []
    JSONValue.append(list: objects, to: &text) { members, bytes in
      var object = JSONObject(into: &bytes)
      for (key, values) in members {
        object.member(key, in: &bytes) { bytes in
          var inner = JSONObject(into: &bytes)
          for (name, value) in values { inner.member(name, value, in: &bytes) }
          inner.end(in: &bytes)
        }
      }
      object.end(in: &bytes)
    }
    return text
  }

  func write(_ alert: MappedAlert, into bytes: inout [UInt8]) -> Bool {
    var alert = alert
    // What was left out may have been what an object must have.
    Self.removeObjectsThatLackMembers(from: &alert)
    var json = NestedJSON(alert)
    return json.append(to: &bytes)
  }

  private static func removeObjectsThatLackMembers(from alert: inout MappedAlert) {
    for (object, members) in constraints {
      let isAllowed = alert.items.contains { item in
        item.path.count == object.count + 1 && item.path.starts(with: object)
          && members.contains(item.path[object.count])
      }
      if !isAllowed { alert.items.removeAll { $0.path.starts(with: object) } }
    }
  }

  func write(_ item: MappedAlert.Item, limit: Int, into bytes: inout [UInt8]) -> Bool {
    NestedJSON.append(item, limit: limit, to: &bytes)
  }

  /// The schema's number and its word for it.
  static func severity(_ priority: Priority) -> (id: UInt8, caption: String) {
    switch priority {
    case .emergency: (6, "Fatal")
    case .alert, .critical: (5, "Critical")
    case .error: (4, "High")
    case .warning: (3, "Medium")
    case .notice: (2, "Low")
    case .informational, .debug: (1, "Informational")
    }
  }
}
