import Events
import Testing

@testable import Rules

@Suite struct AlertExceptionTests {
  /// A rule whose output prints these fields, and lists whose names stand in hostile values.
  private static func files(_ fields: [String], more: String = "") -> [RuleFile] {
    let text = """
      - list: shells
        items: [sh, "two words", bash]
      - list: nothing
        items: []
      - list: /etc/odd
        items: [x]
      - rule: "Any: 'name' \\" \\\\"
        desc: d
        condition: evt.type = execve and not proc.name in (shells)
        output: "o \(fields.map { "%\($0)" }.joined(separator: " "))"
        priority: INFO
      \(more)
      """
    return [RuleFile(name: "rules.yaml", bytes: Array(text.utf8))]
  }

  private static let ruleName = "Any: 'name' \" \\"

  /// The alert that the rule makes of an event; `nil` when it makes none.
  private func alert(_ event: String, _ files: [RuleFile]) throws -> AlertedEvent? {
    let compiled = CompiledRules(files)
    try #require(
      !compiled.resolved.hasErrors, "\(compiled.resolved.reports.map(\.text).joined())")
    var matcher = Matcher(compiled.ruleSet)
    var facts = FlatFacts()
    try facts.read(Array(event.utf8).span)
    guard try matcher.match(facts), let rule = matcher.matches.first else { return nil }
    let output = matcher.output(of: rule, facts)
    return AlertedEvent(
      rule: compiled.ruleSet.rules[rule].name, fields: output.fields.map { ($0.name, $0.value) })
  }

  private func event(_ members: [(String, String)]) -> String {
    var json = JSONText()
    json.object { json in
      json.key("evt.type")
      json.string("execve")
      for (name, value) in members {
        json.key(name)
        json.string(value)
      }
    }
    return json.text
  }

  @Test(
    "the exception silences the alert and none whose value is another",
    arguments: [
      "cat", "a b", "a shells b", "shells", "(shells)", "a,shells,b", "x=nothing", "= /etc/odd =",
      "two words",
      "\"", "'", "\\", "\\\\\"", "a\\", "a\\ b", " ", "", "\t", "line\nfeed", "\u{1}\u{7F}\u{85}\u{202E}",
      "ü€😀", "true", "null", "~", "# no comment", "- a", "{a: b}", "[x]", "*", "a?b*c", "[!a]*", "%proc.name",
      "val(proc.name)", "tolower(proc.name)", "oneof", "oneof (a)", "not", "0x10", "1e3", "&a *a", "!!str",
      "a shells * [s] \\ ( b", String(repeating: "x", count: 255), String(repeating: "y", count: 256),
      String(repeating: "ü shells, ", count: 90), String(repeating: "\\ \"", count: 300),
      String(repeating: "shells ", count: 600),
    ])
  func roundTrip(value: String) throws {
    let files = Self.files(["proc.cmdline", "user.name"])
    let own = event([("proc.cmdline", value), ("user.name", "root")])
    var exceptions = AlertExceptions(files)
    let text = try exceptions.text(for: #require(try alert(own, files)))
    let changed = files + [RuleFile(name: "exception.yaml", bytes: Array(text.utf8))]
    #expect(try alert(own, changed) == nil, "\(text)")
    #expect(!CompiledRules(changed).resolved.reports[1].warnings.contains { $0.code != .shadowedRule })
    for other in [value + "x", "x" + value, String(value.dropLast()) + "é", value + " "] where other != value
    {
      #expect(try alert(event([("proc.cmdline", other), ("user.name", "root")]), changed) != nil, "\(text)")
    }
    #expect(try alert(event([("proc.cmdline", value), ("user.name", "joe")]), changed) != nil)
    #expect(try alert(event([("user.name", "root")]), changed) != nil)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || printable(String($0)) == String($0) })
  }

  @Test("random values of several fields are silenced, and each sibling is not")
  func random() throws {
    var generator = SeededGenerator(seed: 7)
    let pieces = [
      "a", "b", " ", "shells", "nothing", "/etc/odd", "(", ")", ",", "=", "\"", "'", "\\", "\n", "\t",
      "\u{8}", "\u{C}", "*", "?", "[", "]", "!", "%", "#", ": ", "- ", "&", "{", "}", "|", ">", "ü", "😀",
      "\u{FEFF}", "\u{2028}", "and", "not ", "val(", "len(", "oneof ", "0x1",
    ]
    let fields = ["proc.cmdline", "proc.exepath", "user.name"]
    let files = Self.files(fields)
    for _ in 0..<150 * fuzzFactor {
      var values = fields.map { name in
        (
          name,
          (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
            pieces.randomElement(using: &generator)
          }
          .joined()
        )
      }
      var exceptions = AlertExceptions(files)
      let text = try exceptions.text(for: #require(try alert(event(values), files)))
      let changed = files + [RuleFile(name: "exception.yaml", bytes: Array(text.utf8))]
      #expect(try alert(event(values), changed) == nil, "\(text)")
      let place = Int.random(in: 0..<fields.count, using: &generator)
      let piece = try #require(pieces.randomElement(using: &generator))
      values[place].1 = Bool.random(using: &generator) ? values[place].1 + piece : piece + values[place].1
      #expect(try alert(event(values), changed) != nil, "\(text) \(values)")
    }
  }

  @Test("numbers, flags, addresses, lists and several values are asked for as what they are")
  func types() throws {
    let fields = [
      "user.uid", "proc.tty", "proc.is_exe_upper_layer", "fd.sip", "fd.types", "proc.aname", "proc.aname[2]",
      "tolower(proc.name)", "user.loginuid", "fd.snet", "container.label['a b']",
    ]
    let files = Self.files(fields)
    func event(_ uid: Int, _ types: String, _ ancestors: String) -> String {
      """
      {"evt.type":"execve","user.uid":\(uid),"proc.tty":0,"proc.is_exe_upper_layer":true,"fd.sip":"::1",
       "fd.types":\(types),"proc.aname":\(ancestors),"proc.aname[2]":"b","proc.name":"CAT","user.loginuid":-1,
       "fd.snet":"10.0.0.1","container.label[a b]":"c d"}
      """
    }
    let own = event(0, "[\"file\",\"pipe\"]", "[\"a b\",\"shells\"]")
    var exceptions = AlertExceptions(files)
    let text = try exceptions.text(for: #require(try alert(own, files)))
    let changed = files + [RuleFile(name: "exception.yaml", bytes: Array(text.utf8))]
    #expect(try alert(own, changed) == nil, "\(text)")
    for other in [
      event(1, "[\"file\",\"pipe\"]", "[\"a b\",\"shells\"]"), event(0, "[\"file\"]", "[\"a b\",\"shells\"]"),
      event(0, "[\"file\",\"pipe\",\"x\"]", "[\"a b\",\"shells\"]"),
      event(0, "[\"file\",\"pipe\"]", "[\"a b\"]"),
    ] { #expect(try alert(other, changed) != nil, "\(text)") }
    #expect(!text.contains("no exception can ask"), "\(text)")
  }

  @Test("the block is made of what lasts, and says what it left out")
  func block() throws {
    let files = Self.files(["proc.name", "proc.pid", "evt.time", "user.name", "container.name"])
    var exceptions = AlertExceptions(files)
    let own = """
      {"evt.type":"execve","proc.name":"my cat","proc.pid":5,"evt.time":1700000000000000000,"user.name":"root"}
      """
    let made = try alert(own, files)
    let alert = try #require(made)
    let expected = """
      # Silences alerts of this rule that print the same values. Load it after the rule.
      # Left out, as they differ from event to event: evt.time, proc.pid
      # Note: the alert has no value for container.name, which no exception can ask for
      - rule: "Any: 'name' \\" \\\\"
        exceptions:
          - name: alert
            fields: [proc.name, user.name]
            comps: ["=", "="]
            values:
              - ["\\"my cat\\"", root]
        override:
          exceptions: append

      """
    #expect(try exceptions.text(for: alert) == expected)
    // A second one for the same rule, for another file or the same.
    #expect(
      try exceptions.text(for: alert, fields: ["proc.pid"]).contains(
        "name: alert_2\n      fields: [proc.pid]"))
  }

  @Test("names of exceptions that the rule has already are not used again")
  func names() throws {
    let more = """
        exceptions:
          - {name: alert, fields: [proc.name], values: [[x]]}
          - {name: alert_2, fields: proc.name, values: [y]}
      """
    let files = Self.files(["proc.name"], more: more)
    let own = event([("proc.name", "cat")])
    var exceptions = AlertExceptions(files)
    let text = try exceptions.text(for: #require(try alert(own, files)))
    #expect(text.contains("name: alert_3\n"))
    let changed = files + [RuleFile(name: "exception.yaml", bytes: Array(text.utf8))]
    #expect(try alert(own, changed) == nil)
    #expect(try alert(event([("proc.name", "dog")]), changed) != nil)
  }

  @Test("bytes that the alert could not show become a pattern, and a remark")
  func brokenText() throws {
    let files = Self.files(["proc.cmdline"])
    for (value, live) in [
      ("a\u{FFFD}b", "a\u{80}b"), (String(repeating: "x", count: 300) + "\u{FFFD}", nil), ("\u{FFFD}", "?"),
      ("a\u{0}b", "a\u{0}b"),
    ] {
      var exceptions = AlertExceptions(files)
      let text = try exceptions.text(
        for: AlertedEvent(rule: Self.ruleName, fields: [("proc.cmdline", .text(value))]))
      #expect(text.contains("not all of proc.cmdline can be asked for"), "\(text)")
      let changed = files + [RuleFile(name: "exception.yaml", bytes: Array(text.utf8))]
      #expect(try alert(event([("proc.cmdline", value)]), changed) == nil)
      if let live { #expect(try alert(event([("proc.cmdline", live)]), changed) == nil) }
    }
  }

  @Test("a text that stands for a missing value is not asked for")
  func missing() throws {
    let files = Self.files(["user.name", "proc.name", "evt.arg.flags"])
    let fields: [(name: String, value: FieldValue?)] = [
      ("user.name", .text("<NA>")), ("proc.name", .text("cat")), ("evt.arg.flags", .text("<NA>")),
    ]
    var exceptions = AlertExceptions(files)
    let text = try exceptions.text(for: AlertedEvent(rule: Self.ruleName, fields: fields))
    #expect(text.contains("fields: [evt.arg.flags, proc.name]"))
    #expect(text.contains("no value for user.name"))
  }

  @Test("an alert that cannot be silenced so is explained")
  func errors() throws {
    let files = Self.files(["proc.pid"])
    var exceptions = AlertExceptions(files)
    func message(_ rule: String, _ fields: [(String, FieldValue?)], _ chosen: [String]? = nil) -> String {
      do throws(AlertExceptionError) {
        return try exceptions.text(
          for: AlertedEvent(rule: rule, fields: fields.map { ($0.0, $0.1) }), fields: chosen)
      } catch {
        return error.description
      }
    }
    #expect(
      message("Any 'name' \" \\", [])
        == "there is no rule 'Any 'name' \" \\'; did you mean '\(Self.ruleName)'?")
    #expect(
      message(Self.ruleName, [("proc.pid", .signed(5)), ("static", .text("x"))])
        == "the alert of '\(Self.ruleName)' prints nothing to tell it from others by; choose with --fields among "
        + "proc.pid, static")
    #expect(
      message(Self.ruleName, [("proc.name", .text("x"))], ["proc.nam"])
        == "the alert has no value for 'proc.nam'; did you mean 'proc.name'?")
  }

  @Test("every momentary field is a field")
  func momentary() {
    for name in ExceptionOperand.momentary { #expect(FieldRegistry.field(named: name) != nil, "\(name)") }
    for name in ExceptionOperand.momentaryParameters {
      #expect(FieldRegistry.isName("evt.arg.\(name)"), "\(name)")
    }
  }
}
