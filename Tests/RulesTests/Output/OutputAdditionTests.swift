import Events
import Testing

@testable import Rules

@Suite struct OutputAdditionTests {
  /// What a rule with tags a and b makes of an event when this is added to its output `name=%proc.name`.
  private func output(_ additions: [OutputAddition]) throws -> (
    message: String, fields: [(String, FieldValue?)]
  ) {
    let text = """
      - rule: Shell here
        desc: d
        condition: evt.type = execve
        output: name=%proc.name
        priority: INFO
        tags: [a, b]
      """
    var options = RuleSet.Options()
    options.additions = additions
    let compiled = CompiledRules([RuleFile(name: "r.yaml", bytes: Array(text.utf8))], options: options)
    try #require(!compiled.resolved.hasErrors)
    var matcher = Matcher(compiled.ruleSet)
    var facts = FlatFacts()
    try facts.read(Array(#"{"evt.type":"execve","proc.name":"sh","proc.pid":7,"user.name":"joe"}"#.utf8).span)
    try #require(try matcher.match(facts))
    let output = matcher.output(of: 0, facts)
    return (String(decoding: output.message, as: UTF8.self), output.fields.map { ($0.name, $0.value) })
  }

  private func addition(_ output: String? = nil, _ fields: [OutputAddition.ExtraField] = []) -> OutputAddition
  {
    var addition = OutputAddition()
    addition.output = output
    addition.fields = fields
    return addition
  }

  @Test("text is added behind a blank, and its fields with it")
  func text() throws {
    let made = try output([addition("pid=%proc.pid"), addition("again=%proc.name tty=%proc.tty")])
    #expect(made.message == "name=sh pid=7 again=sh tty=<NA>")
    #expect(made.fields.map(\.0) == ["proc.name", "proc.pid", "proc.tty"])
    #expect(made.fields.map(\.1) == [.text("sh"), .signed(7), nil])
  }

  @Test("extra fields keep their types, are texts, or take the place of one of their name")
  func fields() throws {
    let made = try output([
      addition(
        nil,
        [
          .init("proc.pid", .value), .init("toupper(proc.name)", .value), .init("proc.tty", .value),
          .init("who", .template("%user.name on %proc.tty")), .init("env", .constant("100% prod")),
          .init("proc.name", .constant("x")), .init("proc.aname[2]", .value),
        ])
    ])
    #expect(made.message == "name=sh")
    let expected: [(String, FieldValue?)] = [
      ("proc.name", .text("x")), ("proc.pid", .signed(7)), ("toupper(proc.name)", .text("SH")),
      ("proc.tty", nil),
      ("who", .text("joe on <NA>")), ("env", .text("100% prod")), ("proc.aname[2]", nil),
    ]
    #expect(made.fields.map(\.0) == expected.map(\.0))
    #expect(made.fields.map(\.1) == expected.map(\.1))
  }

  @Test(
    "a rule is meant when its name, source and tags are",
    arguments: [
      ("Shell here", nil, [], true), ("Shell *", "syscall", ["b", "a"], true), ("Shell", nil, [], false),
      (nil, "k8s_audit", [], false), (nil, nil, ["a", "c"], false), (nil, nil, ["a"], true),
    ] as [(String?, String?, [String], Bool)])
  func match(rule: String?, source: String?, tags: [String], isMeant: Bool) throws {
    var added = addition("!")
    added.match.rule = rule
    added.match.source = source
    added.match.tags = tags
    #expect(try output([added]).message == (isMeant ? "name=sh !" : "name=sh"))
  }

  @Test("faults are told before a rule is compiled with them")
  func faults() {
    let faulty = addition(
      "%proc.nmae", [.init("proc.pid.", .value), .init("x", .template("50%")), .init("evt.arg", .value)])
    #expect(
      faulty.faults == [
        "'proc.pid.' is no field", "an output cannot end in '%'; write 'percent'",
        "no field is called 'proc.nmae'; did you mean 'proc.name'?",
        "'evt.arg' needs an argument; write 'evt.arg.NAME'",
      ])
    #expect(addition("%proc.name", [.init("x", .constant("50%"))]).faults == [])
  }
}
