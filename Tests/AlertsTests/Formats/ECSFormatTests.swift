import Events
import Testing

@testable import Alerts

@Suite struct ECSFormatTests {
  @Test("an alert is a document of nested objects, keys sorted") func golden() throws {
    try expectGolden(ECSFormat().text(Sample.program) + "\n", "alert.ecs.json", in: "Alerts")
  }

  /// The type of each field that we write, as the field reference of ECS 8.17 has it; `process.Ext` is Elastic's own.
  private static let reference: [String: String] = [
    "@timestamp": "date", "agent.type": "keyword", "agent.version": "keyword",
    "container.id": "keyword", "container.image.hash.all": "keywords", "container.image.name": "keyword",
    "container.image.tag": "keywords", "container.name": "keyword", "container.runtime": "keyword",
    "container.security_context.privileged": "boolean", "destination.ip": "ip", "destination.port": "long",
    "ecs.version": "keyword", "event.action": "keyword", "event.category": "keywords",
    "event.dataset": "keyword", "event.id": "keyword", "event.kind": "keyword", "event.module": "keyword",
    "event.provider": "keyword", "event.sequence": "long", "event.severity": "long", "event.type": "keywords",
    "file.path": "keyword", "host.hostname": "keyword", "host.name": "keyword", "host.os.type": "keyword",
    "log.level": "keyword", "log.syslog.severity.code": "long", "message": "text",
    "network.transport": "keyword", "orchestrator.namespace": "keyword",
    "orchestrator.resource.id": "keyword",
    "orchestrator.resource.name": "keyword", "orchestrator.resource.type": "keyword",
    "orchestrator.type": "keyword", "process.Ext.ancestry": "keywords", "process.args": "keywords",
    "process.command_line": "text", "process.entity_id": "keyword", "process.executable": "keyword",
    "process.group_leader.name": "keyword", "process.group_leader.pid": "long",
    "process.hash.sha256": "keyword", "process.name": "keyword", "process.parent.command_line": "text",
    "process.parent.entity_id": "keyword", "process.parent.executable": "keyword",
    "process.parent.name": "keyword", "process.parent.pid": "long", "process.pid": "long",
    "process.session_leader.name": "keyword", "process.session_leader.pid": "long", "process.start": "date",
    "process.working_directory": "keyword", "rule.category": "keyword", "rule.name": "keyword",
    "source.ip": "ip", "source.port": "long", "tags": "keywords", "threat.framework": "keyword",
    "threat.tactic.id": "keywords", "threat.tactic.name": "keywords", "threat.technique.id": "keywords",
    "threat.technique.subtechnique.id": "keywords", "user.group.id": "keyword", "user.group.name": "keyword",
    "user.id": "keyword", "user.name": "keyword",
  ]

  /// What a document has that the reference does not allow.
  private static func faults(_ document: JSONTree) -> [String] {
    document.leaves.compactMap { leaf in
      let path = leaf.path.joined(separator: ".")
      if leaf.path.first == "labels" {
        return leaf.path.count == 2 && leaf.value.text != nil ? nil : "\(path) is no keyword"
      }
      switch (reference[path], leaf.value) {
      case ("keyword", .text), ("text", .text), ("long", .integer), ("boolean", .bool): return nil
      case ("keywords", .list(let values)) where !values.isEmpty && values.allSatisfy { $0.text != nil }:
        return nil
      case ("date", .text(let time)) where time.count == 30 && time.hasSuffix("Z"): return nil
      case ("ip", .text): return nil
      default: return "\(path): \(leaf.value)"
      }
    }
  }

  @Test("every field is in the reference, with a value of its type") func reference() throws {
    for alert in [Sample.program, Sample.shell, Sample.numbered(1)] {
      let document = try JSONTree(ECSFormat().text(alert))
      #expect(Self.faults(document) == [])
    }
    let document = try JSONTree(ECSFormat().text(Sample.program))
    #expect(document["event"]?["category"] == .list([.text("intrusion_detection"), .text("process")]))
    #expect(document["process"]?["parent"]?["pid"] == .integer(4200))
    #expect(
      document["process"]?["Ext"]?["ancestry"] == .list([.text("f0e1:4200:90"), .text("f0e1:4000:80")]))
    #expect(document["threat"]?["technique"]?["id"] == .list([.text("T1105"), .text("T1204")]))
    #expect(document["labels"]?["proc_aname_2"] == .text("nginx"))
  }

  @Test("every field that the table names has a type in the reference") func table() {
    for mapping in ECSFormat.schema {
      #expect(Self.reference[mapping.path.joined(separator: ".")] != nil, "\(mapping.path)")
    }
  }

  @Test("hostile bytes in every field come back as another parser sees them", arguments: hostileValues)
  func hostile(bytes: [UInt8]) throws {
    let line = ECSFormat().text(Sample.alert(with: bytes, inEachOf: mappedFields))
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    let document = try JSONTree(line)
    #expect(Self.faults(document) == [])
    let expected = JSONTree.text(String(decoding: bytes, as: UTF8.self))
    #expect(document["message"] == expected && document["rule"]?["name"] == expected)
    #expect(document["process"]?["executable"] == expected && document["user"]?["name"] == expected)
    #expect(document["container"]?["image"]?["tag"] == .list([expected]))
    #expect(document["process"]?["pid"] == nil && document["labels"]?["proc_pid"] == expected)
  }

  @Test("outside containers there is no container") func host() throws {
    let alert = Alert(
      rule: AlertRule(name: "r", priority: .debug), timeNanoseconds: 0, hostname: "h", message: [],
      context: ["container.id", "container.type", "container.name"].map { AlertField($0, .text("host")) })
    let document = try JSONTree(ECSFormat().text(alert))
    #expect(document["container"] == nil && document["labels"] == nil)
  }

  @Test(
    "severities are those that Elastic's rules know",
    arguments: zip(Priority.allCases, [99, 99, 99, 73, 47, 21, 10, 1]))
  func severity(priority: Priority, expected: UInt64) throws {
    let document = try JSONTree(ECSFormat().text(Sample.numbered(1, priority: priority)))
    #expect(document["event"]?["severity"] == .integer(expected))
    #expect(document["log"]?["level"] == .text(priority.name.lowercased()))
  }
}

/// What must hold of every format that nests objects.
@Suite struct NestedFormatTests {
  @Test("no place is given twice, and none lies below another") func clashes() {
    for items in [
      ECSFormat().map(Sample.entry(Sample.program)).items,
      OCSFFormat().map(Sample.entry(Sample.program)).items,
    ] {
      let paths = items.map(\.path).sorted { $0.lexicographicallyPrecedes($1) }
      for (path, next) in zip(paths, paths.dropFirst()) { #expect(!next.starts(with: path), "\(next)") }
    }
  }

  @Test("tags name tactics and techniques of ATT&CK, and nothing else") func attack() {
    let attack = AttackTags([
      "T1059", "T1059.004", "T105", "T10590", "T1059.04", "T1059x004", "t1059", "mitre_execution",
      "mitre_none", "",
    ])
    #expect(attack.tactics == [.init(id: "TA0002", name: "Execution")])
    #expect(attack.techniques.map(\.id) == ["T1059", "T1059"])
    #expect(attack.techniques.map(\.subtechnique) == [nil, "T1059.004"])
  }
}

extension JSONTree {
  /// The values that are no objects, with the keys that lead to them.
  var leaves: [(path: [String], value: JSONTree)] {
    guard case .object(let members) = self else { return [([], self)] }
    return members.flatMap { key, value in value.leaves.map { ([key] + $0.path, $0.value) } }
  }
}
