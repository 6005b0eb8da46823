import CAllocations
import Testing

@testable import Rules

/// Files that are made to cost as much as they can, on the whole way from text to rule set, on the stack of a thread of
/// the agent's.
@Suite(.serialized) struct LimitTests {
  @Test("what is too large or too deep is refused, and soon", arguments: HostileText.refused)
  func refused(text: HostileText) throws {
    let (findings, time) = try compile(text)
    #expect(findings?.contains { !$0.isEmpty } == true, "\(findings ?? [])")
    #expect(time < text.patience, "\(time)")
  }

  @Test("what is within the limits is taken, and soon", arguments: HostileText.taken)
  func taken(text: HostileText) throws {
    let (findings, time) = try compile(text)
    #expect(findings == [])
    #expect(time < text.patience, "\(time)")
  }

  /// The errors of a file, and how long it took to find them.
  private func compile(_ text: HostileText) throws -> (errors: [String]?, time: Duration) {
    let bytes = Array(text.make().utf8)
    var errors: [String]?
    let time = try ContinuousClock().measure {
      errors = try onAgentThread {
        let compiled = CompiledRules([RuleFile(name: "f", bytes: bytes)])
        let reports = compiled.resolved.reports
        _ = RuleFileReport.json(reports)
        return reports.flatMap(\.errors).map { $0.message + $0.code.rawValue }
      }
    }
    return (errors, time)
  }
}

/// A text by its name, made when it is needed.
struct HostileText: CustomTestStringConvertible, Sendable {
  let name: String
  let make: @Sendable () -> String

  init(_ name: String, _ make: @escaping @Sendable () -> String) { (self.name, self.make) = (name, make) }

  var testDescription: String { name }

  /// Optimised, a second, were it not for the backtrace that the test library takes of each error that is thrown; without,
  /// and beside other tests, a while.
  var patience: Duration {
    #if DEBUG
      .seconds(40)
    #else
      // Under a sanitizer nobody waits for a second either.
      wh_counts_allocations() ? .seconds(3) : .seconds(40)
    #endif
  }

  private static let deep = 100_000

  /// Work that is done, not refused, takes ten times as long without optimisation.
  #if DEBUG
    private static let share = 10
  #else
    private static let share = 1
  #endif

  static let refused = [
    HostileText("a condition of 10 MB, one constant") { rule("proc.name = " + times("x", 10 << 20)) },
    HostileText("a condition of 10 MB, many checks") {
      rule(times("proc.name = x or ", 600_000) + "proc.name = y")
    },
    HostileText("100,000 parentheses") { rule(times("(", deep) + "proc.name exists" + times(")", deep)) },
    HostileText("100,000 parentheses that stay open") { rule(times("(", deep)) },
    HostileText("100,000 negations in parentheses") { rule(times("not (", deep)) },
    HostileText("100,000 alternations in parentheses") {
      rule(times("proc.pid = 1 and (proc.pid = 2 or ", deep))
    },
    HostileText("100,000 transformers") { rule(times("tolower(", deep)) },
    HostileText("100,000 YAML brackets") { times("[", deep) },
    HostileText("100,000 YAML brackets that close") { times("[", deep) + times("]", deep) },
    HostileText("100,000 YAML braces") { times("{a: ", deep) },
    HostileText("100,000 YAML sequences in a line") { times("- ", deep) + "x" },
    HostileText("2,000 YAML indentations") {
      (0..<2_000).map { times(" ", $0) + "a:\n" }.joined()
    },
    HostileText("a list of 1 MB") {
      "- list: l\n  items: [\(times("item, ", 200_000))x]\n" + rule("proc.name in (l)")
    },
    HostileText("an item of 1 MB") {
      "- list: l\n  items: [\(times("x", 1 << 20))]\n" + rule("proc.name in (l)")
    },
    HostileText("a constant of 100 kB") { rule("proc.name = " + times("x", 100_000)) },
    HostileText("a billion laughs in YAML") {
      "- list: l0\n  items: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + (1...40).map { "- list: l\($0)\n  items: &a\($0) [\(times("*a\($0 - 1), ", 9))*a\($0 - 1)]\n" }
        .joined()
    },
    HostileText("a billion laughs in macros") {
      "- macro: m0\n  condition: (proc.name = x)\n"
        + (1...60).map { "- macro: m\($0)\n  condition: (m\($0 - 1) or m\($0 - 1))\n" }.joined() + rule("m60")
    },
    HostileText("a billion laughs in lists") {
      "- list: l0\n  items: [x, x]\n"
        + (1...60).map { "- list: l\($0)\n  items: [l\($0 - 1), l\($0 - 1)]\n" }.reversed().joined()
        + rule("proc.name in (l60)")
    },
    HostileText("a chain of macros 2,000 deep") {
      "- macro: m0\n  condition: (proc.name = x)\n"
        + (1...2_000).map { "- macro: m\($0)\n  condition: (not m\($0 - 1))\n" }.joined() + rule("m2000")
    },
    HostileText("an output of 1.5 MB, all fields unknown") {
      rule("proc.name = x").replacing("output: o", "output: '\(times("%no.such.field ", deep / share))'")
    },
    HostileText("a condition of almost 1 MB, all fields unknown") {
      rule("evt.type = execve and (" + times("no.such = x or ", 60_000 / share) + "proc.nmae = x)")
    },
    HostileText("a field's name of 900 kB") { rule(times("evt.", 225_000) + "x = y") },
    HostileText("a field's name of 900 kB in an output") {
      rule("proc.name = x").replacing("output: o", "output: '%\(times("evt.", 225_000))'")
    },
    HostileText("thousands of misspelt rules") {
      (0..<10_000 / share).map {
        rule(
          "evt.typ = execv and porc.name = x\($0)", name: "r\($0)",
          more: "exceptions: [{name: e, fields: [porc.nam]}]")
      }.joined()
    },
    HostileText("a regular expression of 100 kB") { rule("proc.name regex '(\(times("a{1,9}", 17_000)))'") },
    HostileText("a regular expression that explodes") {
      rule("proc.name regex '((a{1,100}){1,100}){1,100}'")
    },
  ]

  static let taken = [
    HostileText("998 parentheses, connectives in turn") { rule(nested(998)) },
    HostileText("998 negations of alternations") {
      rule(times("not (proc.pid = 1 or ", 490) + "proc.name = x" + times(")", 490))
    },
    HostileText("a condition of almost 1 MB, a text of its own in each alternative") {
      rule((0..<35_000 / share).map { "proc.name = \"x\($0)\"" }.joined(separator: " or "))
    },
    HostileText("a string of 1 MB in a description") {
      rule("evt.type = execve").replacing("desc: d", "desc: \(times("x", 1 << 20))")
    },
    HostileText("an output of 1 MB") {
      rule("evt.type = execve").replacing("output: o", "output: '\(times("x", 1 << 20))'")
    },
    HostileText("a condition of almost 1 MB") {
      rule(
        "evt.type = execve and ("
          + (0..<30_000 / share).map { "proc.name = name-\($0)" }.joined(separator: " or ")
          + ")")
    },
    HostileText("a list of almost 1 MB") {
      "- list: l\n  items: [\((0..<80_000 / share).map { "item-\($0)" }.joined(separator: ", "))]\n"
        + rule("evt.type = execve and proc.name in (l)")
    },
    HostileText("a condition of almost 1 MB in which everything is asked") {
      rule(
        "evt.type = execve and not ("
          + (0..<15_000 / share).map { "proc.name != name-\($0) and not proc.pname = name-\($0 / 2)" }.joined(
            separator: " or ")
          + ")")
    },
    HostileText("a list that an alias names 100,000 times") {
      "- list: l\n  items: [&a x, \(times("*a, ", deep))*a]\n"
        + rule("evt.type = execve and proc.name in (l)")
    },
    HostileText("ten thousand rules") {
      (0..<10_000 / share).map { rule("evt.type = execve and proc.name = name-\($0)", name: "r\($0)") }
        .joined()
    },
    HostileText("ten thousand values of exceptions") {
      rule(
        "evt.type = execve",
        more: "exceptions: [{name: e, fields: [proc.name, proc.pname], values: ["
          + (0..<10_000 / share).map { "[a\($0), b\($0)]" }.joined(separator: ", ") + "]}]")
    },
  ]

  private static func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  /// `and`, `or` and `not` within each other.
  private static func nested(_ depth: Int) -> String {
    var text = ""
    for level in 0..<depth { text += ["(proc.pid = 1 and ", "(proc.pid = 2 or ", "not ("][level % 3] }
    return text + "proc.name = x" + times(")", depth)
  }
}
