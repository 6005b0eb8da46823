import Events
import Model
import Testing

@testable import Rules

@Suite struct RuleSetTests {
  /// Rules by their names, conditions and further keys, compiled.
  private func compile(
    _ rules: [(name: String, condition: String, more: String)], _ options: RuleSet.Options = RuleSet.Options()
  ) -> CompiledRules {
    let text = rules.map { rule in
      """
      - rule: \(rule.name)
        desc: d
        condition: >
          \(rule.condition)
        output: "%proc.name"
        priority: NOTICE
        \(rule.more)

      """
    }
    return CompiledRules([RuleFile(name: "r.yaml", bytes: Array(text.joined().utf8))], options: options)
  }

  private func compile(_ conditions: [String], _ options: RuleSet.Options = RuleSet.Options())
    -> CompiledRules
  {
    compile(conditions.enumerated().map { ("r\($0)", $1, "") }, options)
  }

  private func warnings(_ compiled: CompiledRules, _ code: DiagnosticCode) -> [String] {
    compiled.resolved.diagnostics.filter { $0.code == code }.map(\.message)
  }

  @Test("a rule with an error is left out, the others are compiled")
  func errors() {
    let compiled = compile(["evt.type = execve and proc.nmae = a", "evt.type = execve and proc.name = a"])
    #expect(compiled.resolved.hasErrors)
    #expect(compiled.ruleSet.rules.map(\.name) == ["r1"])
  }

  @Test("a rule that says so is skipped with a warning when a field is unknown")
  func skipping() {
    let compiled = compile([("a", "evt.type = execve and no.field = 1", "skip-if-unknown-filter: true")])
    #expect(!compiled.resolved.hasErrors)
    #expect(compiled.ruleSet.rules.isEmpty)
    #expect(warnings(compiled, .unknownFilter) == ["no field is called 'no.field'; the rule is skipped"])
  }

  @Test("nothing more is said of a rule that is skipped, and an unknown parameter in an output is named")
  func skippedOutput() {
    let text = """
      - rule: a
        desc: d
        condition: evt.type = execve and evt.arg.nothing = 1
        output: "%evt.arg.nothing"
        priority: NOTICE
        skip-if-unknown-filter:
      """
    func messages(_ flag: String) -> [String] {
      CompiledRules([RuleFile(name: "r.yaml", bytes: Array((text + " " + flag).utf8))]).resolved.diagnostics
        .map(\.message)
    }
    #expect(messages("true") == ["no event has a parameter 'nothing'; the rule is skipped"])
    #expect(
      messages("false") == ["no event has a parameter 'nothing'", "no event has a parameter 'nothing'"])
  }

  @Test("disabled rules and those below the minimum priority are checked and left out")
  func leftOut() {
    var options = RuleSet.Options()
    options.minimumPriority = .warning
    #expect(compile(["evt.type = execve"], options).ruleSet.rules.isEmpty)
    let disabled = compile([("a", "evt.type = execve and proc.nmae = a", "enabled: false")])
    #expect(disabled.resolved.hasErrors)
    #expect(compile([("a", "evt.type = execve", "enabled: false")]).ruleSet.rules.isEmpty)
  }

  @Test(
    "the event types for which a rule can match are found through and, or and not",
    arguments: [
      ("evt.type = execve", ["execve"]), ("evt.type in (execve, open) and not evt.type = open", ["execve"]),
      ("evt.type = execve or (evt.type = open and proc.name = a)", ["execve", "open"]),
      ("evt.type = execve and evt.type = open", []), ("evt.type startswith execve", ["execve", "execveat"]),
      ("proc.name = a", nil), ("not proc.name = a", nil), ("not not evt.type = open", ["open"]),
    ])
  func eventTypes(condition: String, types: [String]?) throws {
    #expect(try #require(compile([condition]).ruleSet.rules.first).eventTypes == types)
  }

  @Test("a rule for most event types is worth a warning, unless it never matches or says it knows")
  func manyTypes() {
    #expect(warnings(compile(["proc.name = a"]), .noEventType).count == 1)
    #expect(warnings(compile(["not evt.type = open"]), .noEventType).count == 1)
    #expect(warnings(compile(["evt.num = 0"]), .noEventType) == [])
    #expect(warnings(compile(["evt.num = 0 and proc.name = a"]), .noEventType) == [])
    #expect(warnings(compile([("a", "proc.name = a", "warn_evttypes: false")]), .noEventType) == [])
  }

  @Test(
    "what the sources must read is what the fields of conditions and outputs need, and the events themselves")
  func needs() {
    #expect(compile(["evt.type = execve and proc.name = a"]).ruleSet.needs == [])
    #expect(compile(["evt.type = execve and proc.exepath = a"]).ruleSet.needs == .exe)
    #expect(compile(["evt.type = execve and proc.args contains a"]).ruleSet.needs == .arguments)
    #expect(compile(["evt.type = clone"]).ruleSet.needs == .forks)
    #expect(compile(["evt.type = procexit"]).ruleSet.needs == .exits)
    #expect(compile(["evt.type = setns"]).ruleSet.needs == .namespaces)
    #expect(compile(["evt.type = setns and proc.ns.mnt.is_host = true"]).ruleSet.needs == .namespace(.mnt))
    #expect(compile(["proc.name = a"]).ruleSet.needs == [.forks, .exits])
    var options = RuleSet.Options()
    options.context = ["proc.cwd"]
    #expect(compile(["evt.type = execve"], options).ruleSet.needs == .workingDirectory)
    options.contextIfRead = ["container.image", "proc.exepath"]
    #expect(compile(["evt.type = execve"], options).ruleSet.needs == .workingDirectory)
  }

  @Test(
    "a rule that another one hides is named",
    arguments: [
      (
        [
          "evt.type = execve and proc.name in (a, b)", "evt.type = execve and proc.name = a and user.uid = 0",
        ], true
      ),
      (["evt.type = execve", "evt.type = execve and proc.name = a"], true),
      (["evt.type in (execve, open)", "evt.type = execve and proc.name = a"], true),
      (
        ["evt.type = execve and (proc.name = a or proc.name = b)", "evt.type = execve and proc.name = b"],
        true
      ),
      (
        ["evt.type = execve and not proc.name in (a)", "evt.type = execve and not proc.name in (a, b)"], true
      ),
      (["evt.type = execve and proc.name exists", "evt.type = execve and proc.name startswith a"], true),
      (["evt.type = execve and proc.name = a", "evt.type = execve and proc.name in (a, b)"], false),
      (["evt.type = open and proc.name = a", "evt.type = execve and proc.name = a"], false),
      (
        ["evt.type = execve and not proc.name in (a, b)", "evt.type = execve and not proc.name in (a)"], false
      ),
      (["evt.type = execve and proc.name = a", "evt.type = execve and not proc.name = a"], false),
      // Rules that name no type are tried last.
      (["proc.name = a", "evt.type = execve and proc.name = a"], false),
    ])
  func hidden(conditions: [String], isHidden: Bool) {
    let compiled = compile(conditions)
    #expect(warnings(compiled, .shadowedRule).isEmpty != isHidden)
  }

  @Test(
    "what no event can meet, and what every event meets, is worth a warning",
    arguments: [
      (
        "proc.name = a and proc.name = b",
        ["'proc.name' cannot meet both this and what is asked of it before"]
      ),
      (
        "proc.pid = 1 and proc.pid in (2, 3)",
        ["'proc.pid' cannot meet both this and what is asked of it before"]
      ),
      (
        "proc.name in (a, b) and not proc.name in (a, b, c)",
        ["'proc.name' cannot meet both this and what is asked of it before"]
      ),
      (
        "proc.name != a or proc.name != b",
        ["whatever 'proc.name' is, it meets this or what is asked of it before"]
      ),
      (
        "proc.name = a or not proc.name = a",
        ["whatever 'proc.name' is, it meets this or what is asked of it before"]
      ),
      ("fd.sport = 70000", ["'fd.sport' is PORT, which is never '70000'"]),
      ("user.uid in (0, -1)", ["'user.uid' is UINT32, which is never '-1'"]),
      (
        "proc.name startswith abc and proc.name in (x, ab)",
        ["'proc.name' cannot meet both this and what is asked of it before"]
      ),
      (
        "proc.name = sh and not proc.name contains h",
        ["'proc.name' cannot meet both this and what is asked of it before"]
      ),
      (
        "proc.name in (SH, BASH) and proc.name glob \"*s*\"",
        ["'proc.name' cannot meet both this and what is asked of it before"]
      ),
      ("proc.name startswith a and proc.name in (x, ab)", []),
      ("proc.name = SH and proc.name icontains s", []),
      ("proc.name startswith a and proc.name startswith b", []),
      ("proc.name != sh and proc.name startswith b", []), ("proc.name = sh or proc.name startswith b", []),
      ("proc.name = sh and proc.name contains anyof (a, b)", []),
      ("user.uid < 0", ["'user.uid' is UINT32, which is never '< 0'"]),
      ("user.uid >= 0", ["'user.uid' is UINT32, which is always '>= 0'"]),
      ("fd.sport != 70000", ["'fd.sport' is PORT, which is always '!= 70000'"]),
      ("fd.sport < 70000", ["'fd.sport' is PORT, which is always '< 70000'"]),
      ("fd.sport > 65535", ["'fd.sport' is PORT, which is never '> 65535'"]),
      ("evt.cpu > -40000", ["'evt.cpu' is INT16, which is always '> -40000'"]),
      (
        "proc.pid >= -9223372036854775808", ["'proc.pid' is INT64, which is always '>= -9223372036854775808'"]
      ),
      (
        "proc.pid > 5 and proc.pid < 3",
        ["'proc.pid' cannot meet both this and what is asked of it before"]
      ),
      (
        "proc.pid in (1, 2) and proc.pid > 2",
        ["'proc.pid' cannot meet both this and what is asked of it before"]
      ),
      ("proc.pid < 0 and proc.pid > 0", ["'proc.pid' cannot meet both this and what is asked of it before"]),
      (
        "proc.pid != 5 or proc.pid < 7",
        ["whatever 'proc.pid' is, it meets this or what is asked of it before"]
      ),
      ("proc.pid > 3 and proc.pid < 5", []), ("proc.pid > -5 and proc.pid < 5", []),
      ("proc.pid in (1, 5) and proc.pid > 2", []), ("user.uid > 0", []), ("proc.pid < 5 or proc.pid > 7", []),
      ("proc.name in ()", ["no event can meet the condition"]),
      ("not proc.name in ()", ["every event meets the condition"]),
      ("evt.type = open and evt.type = close", ["no event can meet the condition, since no event type does"]),
      ("evt.type = open and evt.num = 0", []), ("proc.aname = a and proc.aname = b", []),
      ("fd.port = 1 and fd.port = 2", []), ("proc.name = a or proc.name = b", []),
      ("proc.name != a and proc.name != b", []), ("proc.name in (a, b) and proc.name in (b, c)", []),
    ])
  func constants(condition: String, expected: [String]) {
    let compiled = compile([condition])
    #expect(warnings(compiled, .alwaysFalse) + warnings(compiled, .alwaysTrue) == expected)
  }

  @Test("a condition of twenty thousand parts about one field is compiled in the time a person waits")
  func manyParts() {
    for (word, check) in [(" or ", "proc.name ="), (" and ", "proc.name startswith")] {
      let condition = (0..<20_000).map { "\(check) a\($0)" }.joined(separator: word)
      let time = ContinuousClock().measure { _ = compile(["evt.type = execve and (\(condition))"]) }
      #expect(time < .seconds(20), "\(time)")
    }
  }

  @Test("under first one rule an event, those that name event types before the others; under all every one")
  func matching() throws {
    let conditions = [
      "proc.name = id", "evt.type = execve and proc.pid > 1", "evt.type = execve and proc.name = id",
    ]
    var script = LiveScript()
    let facts = script.facts(script.shellBelowService())
    var all = Matcher(compile(conditions).ruleSet)
    all.match(facts)
    #expect(all.matches == [0, 1, 2])
    var options = RuleSet.Options()
    options.matching = .first
    var first = Matcher(compile(conditions, options).ruleSet)
    first.match(facts)
    #expect(first.matches == [1])
  }

  @Test("the index of anchors finds exactly the rules whose programs match")
  func index() {
    var random = SeededGenerator(seed: 7)
    let names = ["id", "sh", "nginx", "init", "bash", "zsh"]
    let fields = [
      "proc.name", "proc.pname", "user.name", "proc.exe", "proc.aname", "proc.aname[2]", "proc.cwd",
    ]
    let conditions = (0..<400).map { _ -> String in
      let checks = (0..<3).map { _ -> String in
        let values = (0...Int.random(in: 0...2, using: &random)).map { _ in
          names[Int.random(in: 0..<names.count, using: &random)]
        }
        let check =
          "\(fields[Int.random(in: 0..<fields.count, using: &random)]) in (\(values.joined(separator: ", ")))"
        return Int.random(in: 0..<3, using: &random) == 0 ? "not \(check)" : check
      }
      return Bool.random(using: &random)
        ? "evt.type = execve and (\(checks[0]) or \(checks[1])) and \(checks[2])"
        : "evt.type in (execve, clone) and (\(checks[0]) or \(checks[1]) and \(checks[2]))"
    }
    let ruleSet = compile(conditions).ruleSet
    #expect(ruleSet.rules.count == 400)
    var matcher = Matcher(ruleSet)
    var evaluator = Evaluator(ruleSet.tables)
    var script = LiveScript()
    var events = [script.shellBelowService()]
    events.append(script.exec(12, "/bin/sh", ["sh"])[0])
    events += script.fork(12, 13)
    events.append(script.exec(13, "/usr/bin/bash", ["id"])[0])
    for event in events {
      let facts = script.facts(event)
      matcher.match(facts)
      evaluator.begin()
      var expected: [Int] = []
      for rule in ruleSet.rules.indices where evaluator.run(ruleSet.programs[rule], ruleSet.tables, facts) {
        expected.append(rule)
      }
      #expect(matcher.matches == expected)
      #expect(!expected.isEmpty)
    }
  }

  @Test("a thousand rules on names are looked up, not tried")
  func manyRules() {
    let conditions = (0..<1000).map { "evt.type = execve and proc.name = n\($0) and proc.pid > 1" }
    let ruleSet = compile(conditions + ["evt.type = execve and proc.name = id"]).ruleSet
    let kind = ruleSet.index.kinds[Int(EventKind.executed.rawValue)]
    #expect(kind.candidates.count == 1001)
    #expect(kind.unanchored.count == 0)
    var script = LiveScript()
    let facts = script.facts(script.shellBelowService())
    var matcher = Matcher(ruleSet)
    matcher.match(facts)
    #expect(matcher.matches == [1000])
  }

  @Test(
    "a fault in one part of a rule hides none in another",
    arguments: [
      ("priority: LOUD\n  condition: a.b = 1\n  output: \"%c.d\"\n  desc: d", 3),
      ("priority: info\n  condition: a.b = 1\n  output: o", 2),
      ("priority: info\n  desc: d\n  condition: nothing and a.b = 1\n  output: o", 2),
      ("priority: info\n  desc: d\n  condition: nothing and proc.pid = 1\n  output: o", 1),
      ("priority: info\n  desc: d\n  condition: a.b = 1\n  output: \"%proc.name[\"", 2),
      ("priority: info\n  desc: d\n  condition: (\n  output: \"%proc.pid[x]\"", 2),
      ("priority: info\n  desc: d\n  condition: bad and proc.pid = x\n  output: o", 1),
    ])
  func everyPart(keys: String, count: Int) {
    let text = "- macro: bad\n  condition: (\n- rule: r\n  \(keys)\n"
    let found = CompiledRules([RuleFile(name: "f", bytes: Array(text.utf8))]).resolved.diagnostics
    // The macro's own fault is one.
    #expect(found.filter { $0.code.severity == .error }.count == count + 1, "\(found.map(\.message))")
  }
}
