import Testing

@testable import Rules

@Suite struct FieldRegistryTests {
  @Test("names are unique, in Falco's style, and every field has a help that ends as a sentence")
  func entries() {
    var names: Set<String> = []
    for field in FieldRegistry.all {
      #expect(names.insert(field.name).inserted, "\(field.name) is there twice")
      #expect(
        field.name.utf8.allSatisfy {
          $0 == 0x2E || $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
        })
      #expect(field.help.hasSuffix("."), "\(field.name)")
    }
  }

  @Test("no name of ours begins with another and a point, where Elastic would unfold both")
  func prefixes() {
    // Falco's own clashes are Falco's.
    let ours = ["proc.ns.", "proc.cgroup.", "proc.tracer.", "host.", "cgroup.", "posture."]
    let names = FieldRegistry.all.map(\.name)
    for name in names where ours.contains(where: name.hasPrefix) {
      #expect(!names.contains { $0.hasPrefix(name + ".") }, "\(name)")
    }
  }

  @Test(
    "types and arguments are Falco's",
    arguments: [
      ("evt.num", "UINT64", "none"), ("proc.aname", "CHARBUF", "optional"),
      ("evt.arg", "CHARBUF", "required"),
      ("fd.types", "CHARBUF", "optional"), ("fd.net", "IPNET", "none"),
      ("container.mount", "CHARBUF", "required"),
      ("proc.fdusage", "DOUBLE", "none"), ("fd.proto", "PORT", "none"), ("proc.duration", "RELTIME", "none"),
    ])
  func types(name: String, type: String, argument: String) throws {
    let field = try #require(FieldRegistry.field(named: name))
    #expect(field.type.rawValue == type)
    #expect(field.argument.presence.rawValue == argument)
  }

  @Test(
    "a parameter's own type is that of most events that have it",
    arguments: [
      ("uid", FieldType.uint32), ("pid", .int64), ("data", .bytebuf), ("flags", .uint32), ("name", .charbuf),
    ])
  func parameterTypes(name: String, type: FieldType) throws {
    #expect(try FieldRegistry.resolve("evt.rawarg.\(name)", argument: nil).type.valueClass == type.valueClass)
  }

  @Test(
    "every event type and parameter of the table is known",
    arguments: ["execve", "futex_waitv", "oom_kill", "loss"])
  func eventTypes(name: String) { #expect(EventTypes.isKnown(name)) }

  @Test("the table's sizes are those of Falco's and ours")
  func tableSizes() {
    #expect(EventTypes.parameters.count >= 460)
    #expect(
      EventTypes.parameters["openat"]?.map(\.name) == ["fd", "dirfd", "name", "flags", "mode", "dev", "ino"])
    #expect(EventTypes.parameters["clone"]?.count == 21)
    #expect(EventClasses.count <= 1024)
  }

  @Test(
    "every field of Falco's table has its type and argument",
    .enabled(if: FalcoRules.path != nil, "WINDHOVER_FALCO_RULES does not name Falco's rule file"))
  func complete() throws {
    let table = try FalcoRules.text(of: "falco-fields.tsv")
    for line in table.split(separator: "\n") where !line.hasPrefix("#") {
      let columns = line.split(separator: "\t").map(String.init)
      let field = try #require(FieldRegistry.field(named: columns[0]), "\(columns[0])")
      #expect(field.type.rawValue == columns[1] || columns[1] == "DYNAMIC", "\(columns[0])")
      #expect((field.multiplicity == .list) == (columns[2] == "list"), "\(columns[0])")
      let argument = columns[3].split(separator: ":").map(String.init)
      #expect(
        field.argument.presence.rawValue == (argument[0] == "-" ? "none" : argument[0]), "\(columns[0])")
    }
  }

  @Test(
    "every event type and parameter of Falco's table is known",
    .enabled(if: FalcoRules.path != nil, "WINDHOVER_FALCO_RULES does not name Falco's rule file"))
  func completeTypes() throws {
    let table = try FalcoRules.text(of: "falco-events.tsv")
    for line in table.split(separator: "\n") where !line.hasPrefix("#") {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let known = try #require(EventTypes.parameters[columns[0]], "\(columns[0])")
      let names = columns[1].split(separator: " ").map { String($0.prefix { $0 != ":" }) }
      #expect(known.map(\.name).starts(with: names), "\(columns[0])")
    }
  }

  @Test("what live events give as evt.rawarg has the form of the parameter's type")
  func rawParameters() {
    for parameter in EventParameter.all where EventParameter.rawReadings[parameter.name] != nil {
      let type = EventTypes.parameterTypes[parameter.name]
      let isText = type?.valueClass == .text || type?.valueClass == .buffer
      #expect(isText == (parameter.number == nil), "\(parameter.name)")
    }
  }
}
