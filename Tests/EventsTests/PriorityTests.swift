import Testing

@testable import Events

@Suite struct PriorityTests {
  @Test(
    "a priority is read in any case, and 'info' is 'informational'",
    arguments: [
      ("CRITICAL", Priority.critical), ("info", .informational), ("Informational", .informational),
      ("debug", .debug),
    ])
  func reads(name: String, expected: Priority) { #expect(Priority(name: name) == expected) }

  @Test("an unknown word is no priority", arguments: ["", "warn", "informational "])
  func refuses(name: String) { #expect(Priority(name: name) == nil) }

  @Test("raw values are the syslog severities")
  func severities() { #expect(Priority.allCases.map(\.rawValue) == Array(0...7)) }
}
