import Testing

@testable import Rules

@Suite(.enabled(if: FalcoRules.path != nil, "WINDHOVER_FALCO_RULES does not name Falco's rule file"))
struct FalcoRulesCompileTests {
  @Test("every rule of Falco's file compiles without an error or a warning")
  func compiles() throws {
    let loaded = RuleLoader().load([RuleFile(name: "falco_rules.yaml", bytes: try FalcoRules.bytes())])
    let (ruleSet, diagnostics) = RuleSet.compile(loaded.rules)
    #expect(diagnostics.map(\.message) == [])
    #expect(ruleSet.rules.count == 25)
    #expect(ruleSet.rules.allSatisfy { $0.eventTypes?.isEmpty == false })
  }

  @Test("a shell with a terminal in a container is Falco's alert")
  func shell() throws {
    let loaded = RuleLoader().load([RuleFile(name: "falco_rules.yaml", bytes: try FalcoRules.bytes())])
    var matcher = Matcher(RuleSet.compile(loaded.rules).ruleSet)
    var facts = FlatFacts()
    try facts.read(
      Array(
        """
        {"evt.type":"execve","container.id":"3ad7b26ded6d","proc.name":"bash","proc.tty":34816,"proc.pname":"runc",
        "proc.cmdline":"bash -i","user.uid":0,"proc.aname[2]":"x"}
        """.utf8
      ).span)
    try matcher.match(facts)
    #expect(matcher.matches.map { matcher.ruleSet.rules[$0].name } == ["Terminal shell in container"])
    let output = matcher.output(of: matcher.matches[0], facts)
    #expect(
      String(decoding: output.message, as: UTF8.self).contains(
        "evt_type=execve user=<NA> user_uid=0 user_loginuid=<NA> process=bash"))
  }
}
