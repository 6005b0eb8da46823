import Events
import Testing

@testable import Rules

@Suite struct OutputTests {
  private func output(_ template: String, _ event: String) throws -> RuleOutput {
    let text = """
      - rule: r
        desc: d
        condition: evt.type = execve
        output: '\(template)'
        priority: INFO
      """
    let compiled = CompiledRules([RuleFile(name: "r.yaml", bytes: Array(text.utf8))])
    #expect(!compiled.resolved.hasErrors, "\(compiled.resolved.diagnostics.map(\.message))")
    var matcher = Matcher(compiled.ruleSet)
    var facts = FlatFacts()
    try facts.read(Array(event.utf8).span)
    try matcher.match(facts)
    return matcher.output(of: try #require(matcher.matches.first), facts)
  }

  @Test(
    "an output is filled in",
    arguments: [
      ("a %proc.name b", "a sh b"), ("%proc.pname", "<NA>"), ("%proc.pid|%user.uid", "-7|0"),
      ("%proc.aname[2]", "init"), ("%proc.aname", "sshd init"), ("%fd.types", "(file,ipv4)"),
      ("%fd.ip", "10.0.0.1"),
      ("%fd.snet", "::1"), ("%fd.sport", "22"), ("%evt.failed", "true"), ("%thread.cpu", "1.5"),
      ("%evt.time", "22:13:20.000000000"), ("%toupper(proc.name)", "SH"),
      ("%4proc.name|%1proc.name|", "sh  |s|"),
      ("%proc.name.", "sh."), ("%evt.arg.flags", "O_RDONLY"), ("%container.info.", "."), ("%proc.apid", "-7"),
    ])
  func text(template: String, expected: String) throws {
    let event = """
      {"evt.type":"execve","proc.name":"sh","proc.pid":-7,"user.uid":0,"proc.aname":["sshd","init"],
      "proc.aname[2]":"init","fd.types":["file","ipv4"],"fd.ip":["10.0.0.1","10.0.0.2"],"fd.snet":"0::1","fd.sport":22,
      "evt.failed":true,"thread.cpu":1.5,"evt.time":1700000000000000000,"evt.arg.flags":"O_RDONLY","proc.apid":[3,4]}
      """
    #expect(String(decoding: try output(template, event).message, as: UTF8.self) == expected)
  }

  @Test("the fields keep their types, their order and their names as written; each is there once")
  func fields() throws {
    let event = """
      {"evt.type":"execve","proc.name":"sh","proc.pid":-7,"user.uid":5,"fd.types":["a","b"],"evt.failed":false,
      "evt.time":1700000000000000000,"fd.sip":"::1"}
      """
    let template =
      "%proc.name %proc.pid %user.uid %proc.name %proc.pname %fd.types %evt.failed %evt.time %fd.sip %tolower(proc.name)"
    let fields = try output(template, event).fields
    #expect(
      fields.map(\.name) == [
        "proc.name", "proc.pid", "user.uid", "proc.pname", "fd.types", "evt.failed", "evt.time", "fd.sip",
        "tolower(proc.name)",
      ])
    #expect(
      fields.map(\.value) == [
        .text("sh"), .signed(-7), .unsigned(5), nil, .list([.text("a"), .text("b")]), .bool(false),
        .unsigned(1_700_000_000_000_000_000), .text("::1"), .text("sh"),
      ])
  }

  @Test("an unknown field in an output is an error with its place")
  func unknown() {
    let text = """
      - rule: r
        desc: d
        condition: evt.type = execve
        output: 'x %proc.nmae'
        priority: INFO
      """
    let compiled = CompiledRules([RuleFile(name: "r.yaml", bytes: Array(text.utf8))])
    let found = compiled.resolved.diagnostics.first { $0.code == .compileOutput }
    #expect(found?.message == "no field is called 'proc.nmae'")
    #expect(found?.cure == "did you mean 'proc.name'?")
  }
}
