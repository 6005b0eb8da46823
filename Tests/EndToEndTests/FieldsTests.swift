import Glibc
import SystemPackage
import Testing

@Suite struct FieldsTests {
  @Test("docs/fields.md is what the command prints")
  func document() throws {
    let outcome = try windhover("fields", "--format", "markdown")
    #expect(outcome.status == 0)
    let file = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .appending("docs/fields.md")
    if unsafe getenv("WINDHOVER_RECORD_GOLDEN") != nil {
      let descriptor = try FileDescriptor.open(
        file, .writeOnly, options: [.create, .truncate],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      defer { try? descriptor.close() }
      try descriptor.writeAll(outcome.outputBytes)
    } else {
      #expect(try contents(of: file) == outcome.output)
    }
  }

  @Test(
    "a pattern chooses fields by a part of their names, or by the whole with stars",
    arguments: [
      ("user.name", ["user.name"]), ("proc.sn", ["proc.sname"]), ("*.sname", ["proc.sname"]),
      ("proc.*gid.name", ["proc.pgid.name", "proc.vpgid.name"]), ("sname*", []),
      ("proc.sname*", ["proc.sname"]),
    ])
  func pattern(pattern: String, expected: [String]) throws {
    let outcome = try windhover("fields", pattern)
    let names = outcome.output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    #expect(names == expected)
    #expect(outcome.status == (expected.isEmpty ? 1 : 0))
  }

  @Test("JSON tells a field's type, argument and events")
  func json() throws {
    let outcome = try windhover("fields", "--format", "json", "proc.tracer.name")
    try expectGolden(outcome.output, "fields.json")
  }
}
