import Events
import Testing

@testable import Alerts

@Suite struct OCSFFormatTests {
  @Test("an alert is a Detection Finding, keys sorted") func golden() throws {
    try expectGolden(OCSFFormat().text(Sample.program) + "\n", "alert.ocsf.json", in: "Alerts")
  }

  /// What an object of OCSF 1.6.0 must have, what else of it we write, and of what types.
  private struct Object {
    var required: [String] = []
    var anyOf: [String] = []
    let attributes: [String: String]
  }

  private static let schema: [String: Object] = [
    "detection_finding": Object(
      required: [
        "activity_id", "category_uid", "class_uid", "finding_info", "metadata", "severity_id", "time",
        "type_uid",
      ],
      attributes: [
        "activity_id": "integer", "activity_name": "string", "category_name": "string",
        "category_uid": "integer",
        "class_name": "string", "class_uid": "integer", "device": "device", "evidences": "[evidences]",
        "finding_info": "finding_info", "is_alert": "boolean", "message": "string", "metadata": "metadata",
        "severity": "string", "severity_id": "integer", "status": "string", "status_id": "integer",
        "time": "integer", "type_name": "string", "type_uid": "integer", "unmapped": "any",
      ]),
    "metadata": Object(
      required: ["product", "version"],
      attributes: [
        "event_code": "string", "is_truncated": "boolean", "labels": "[string]", "log_level": "string",
        "log_name": "string", "product": "product", "profiles": "[string]", "sequence": "integer",
        "uid": "string", "version": "string",
      ]),
    "product": Object(attributes: ["name": "string", "vendor_name": "string", "version": "string"]),
    "device": Object(
      required: ["type_id"],
      attributes: ["hostname": "string", "os": "os", "type": "string", "type_id": "integer"]),
    "os": Object(
      required: ["name", "type_id"],
      attributes: ["name": "string", "type": "string", "type_id": "integer"]),
    "finding_info": Object(
      required: ["uid"],
      attributes: [
        "analytic": "analytic", "attacks": "[attack]", "created_time": "integer", "data_sources": "[string]",
        "title": "string", "types": "[string]", "uid": "string",
      ]),
    "analytic": Object(
      required: ["type_id"], attributes: ["name": "string", "type": "string", "type_id": "integer"]),
    "attack": Object(
      anyOf: ["tactic", "technique", "sub_technique"],
      attributes: ["tactic": "entity", "technique": "entity", "sub_technique": "entity"]),
    "entity": Object(anyOf: ["name", "uid"], attributes: ["name": "string", "uid": "string"]),
    "evidences": Object(anyOf: ["actor", "process"], attributes: ["actor": "actor", "process": "process"]),
    "actor": Object(anyOf: ["process", "user"], attributes: ["process": "process", "user": "entity"]),
    "process": Object(
      anyOf: ["pid", "uid", "cpid"],
      attributes: [
        "ancestry": "[process]", "cmd_line": "string", "container": "container", "created_time": "integer",
        "name": "string", "parent_process": "process", "path": "string", "pid": "integer", "uid": "string",
        "user": "entity", "working_directory": "string",
      ]),
    "container": Object(
      anyOf: ["uid", "name"],
      attributes: [
        "image": "image", "name": "string", "pod_uuid": "string", "runtime": "string", "uid": "string",
      ]),
    "image": Object(required: ["uid"], attributes: ["name": "string", "tag": "string", "uid": "string"]),
  ]

  /// What of a value the schema does not allow.
  private static func faults(_ value: JSONTree, _ type: String, at path: String = "") -> [String] {
    if type == "any" { return [] }
    if type.hasPrefix("[") {
      guard let elements = value.list, !elements.isEmpty else { return ["\(path) is no list"] }
      return elements.flatMap { faults($0, String(type.dropFirst().dropLast()), at: path + "[]") }
    }
    switch (type, value) {
    case ("string", .text), ("integer", .integer), ("boolean", .bool): return []
    case (_, .object(let members)):
      guard let object = schema[type] else { return ["\(path) is an object"] }
      var found = object.required.filter { members[$0] == nil }.map { "\(path).\($0) is missing" }
      if !object.anyOf.isEmpty, members.keys.allSatisfy({ !object.anyOf.contains($0) }) {
        found.append("\(path) has none of \(object.anyOf)")
      }
      return found
        + members.flatMap { key, value in
          object.attributes[key].map { faults(value, $0, at: "\(path).\(key)") } ?? [
            "\(path).\(key) is unknown"
          ]
        }
    default: return ["\(path) is no \(type): \(value)"]
    }
  }

  @Test("every attribute is in the schema, with a value of its type, and none that is required is missing")
  func schema() throws {
    for alert in [Sample.program, Sample.shell, Sample.numbered(1)] {
      #expect(Self.faults(try JSONTree(OCSFFormat().text(alert)), "detection_finding") == [])
    }
    let finding = try JSONTree(OCSFFormat().text(Sample.program))
    let process = try #require(finding["evidences"]?.list?.first?["process"])
    #expect(process["parent_process"]?["pid"] == .integer(4200))
    #expect(
      process["ancestry"]?.list?.last == .object(["pid": .integer(4000), "uid": .text("f0e1:4000:80")]))
    #expect(process["container"]?["image"]?["tag"] == .text("7"))
    #expect(finding["finding_info"]?["attacks"]?.list?.count == 4)
    #expect(finding["metadata"]?["profiles"] == .list([.text("container")]))
    #expect(finding["unmapped"]?["proc.aname[2]"] == .text("nginx"))
    #expect(finding["time"] == .integer(1_700_000_000_123))
  }

  @Test(
    "an alert of any size limit stays valid, and is marked",
    arguments: [480, 700, 900, 1200, 1500, 2048, 3000])
  func limits(limit: Int) throws {
    let line = OCSFFormat().text(Sample.program, limit: limit)
    #expect(line.utf8.count <= limit)
    let finding = try JSONTree(line)
    #expect(Self.faults(finding, "detection_finding") == [])
    #expect(
      finding["metadata"]?["is_truncated"] == (line == OCSFFormat().text(Sample.program) ? nil : .bool(true)))
  }

  @Test("hostile bytes in every field come back as another parser sees them", arguments: hostileValues)
  func hostile(bytes: [UInt8]) throws {
    let line = OCSFFormat().text(Sample.alert(with: bytes, inEachOf: mappedFields))
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    let finding = try JSONTree(line)
    #expect(Self.faults(finding, "detection_finding") == [])
    let expected = JSONTree.text(String(decoding: bytes, as: UTF8.self))
    let process = try #require(finding["evidences"]?.list?.first?["process"])
    #expect(process["name"] == expected && process["parent_process"]?["uid"] == expected)
    #expect(finding["message"] == expected && finding["finding_info"]?["title"] == expected)
    #expect(finding["device"]?["hostname"] == expected)
    #expect(process["pid"] == nil && finding["unmapped"]?["proc.pid"] == expected)
  }

  @Test(
    "priorities are the schema's severities", arguments: zip(Priority.allCases, [6, 5, 5, 4, 3, 2, 1, 1]))
  func severity(priority: Priority, expected: UInt64) throws {
    let finding = try JSONTree(OCSFFormat().text(Sample.numbered(1, priority: priority)))
    #expect(finding["severity_id"] == .integer(expected))
  }
}
