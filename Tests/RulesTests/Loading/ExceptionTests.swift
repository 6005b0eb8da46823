import Testing

@testable import Rules

@Suite struct ExceptionTests {
  private func load(_ exceptions: String, and later: String = "") -> ResolvedRules {
    RulesTests.load(rule("a.b = c", more: "exceptions: \(exceptions)"), later)
  }

  @Test(
    "exceptions become part of the condition",
    arguments: [
      ("[]", "a.b = c"), ("", "a.b = c"),
      ("[{name: n, fields: a.d, values: [x, y z]}]", "(a.b = c and not a.d in (x, \"y z\"))"),
      ("[{name: n, fields: a.d, comps: pmatch, values: [/x, /y]}]", "(a.b = c and not a.d pmatch (/x, /y))"),
      (
        "[{name: n, fields: a.d, comps: contains anyof, values: [x]}]",
        "(a.b = c and not a.d contains anyof (x))"
      ),
      ("[{name: n, fields: 'a.d[1]', values: [x]}]", "(a.b = c and not a.d[1] in (x))"),
      ("[{name: n, fields: [a.d], values: [[x]]}]", "(a.b = c and not a.d = x)"),
      (
        "[{name: n, fields: [a.d, a.e], values: [[x, y], [z, w]]}]",
        "(a.b = c and not ((a.d = x and a.e = y) or (a.d = z and a.e = w)))"
      ),
      (
        "[{name: n, fields: [a.d, a.e], comps: ['=', in], values: [[x, [y, z w]], [v, '(s, t)'], [u, r]]}]",
        "(a.b = c and not ((a.d = x and a.e in (y, \"z w\")) or (a.d = v and a.e in (s, t)) or (a.d = u and a.e in (r))))"
      ),
      (
        "[{name: n, fields: [a.d], comps: [startswith], values: [[x y]]}]",
        "(a.b = c and not a.d startswith \"x y\")"
      ),
      (
        "[{name: n, fields: [a.d], comps: [glob oneof], values: [[[x*, y]]]}]",
        "(a.b = c and not a.d glob oneof (x*, y))"
      ),
      ("[{name: n, fields: [a.d], comps: [=], values: [['\"x y\"']]}]", "(a.b = c and not a.d = \"x y\")"),
      ("[{name: n, fields: [a.d], comps: [<], values: [[5]]}]", "(a.b = c and not a.d < 5)"),
      ("[{name: n, fields: [a.d]}]", "a.b = c"), ("[{name: n, fields: a.d, values: []}]", "a.b = c"),
      (
        "[{name: n, fields: a.d, values: [x]}, {name: m, fields: a.e, values: [y]}]",
        "(a.b = c and not a.d in (x) and not a.e in (y))"
      ),
    ])
  func expansion(exceptions: String, condition: String) {
    let loaded = load(exceptions)
    #expect(loaded.conditions["r"] == condition, "\(loaded.reports.map(\.text).joined())")
    #expect(loaded.findings == [])
  }

  @Test("lists are pasted into the values of exceptions")
  func lists() {
    let loaded = load(
      "[{name: n, fields: a.d, values: [l, x]}, {name: m, fields: [a.e], comps: [in], values: [[l]]}]",
      and: "- list: l\n  items: [p, q]\n")
    #expect(loaded.conditions["r"] == "(a.b = c and not a.d in (p, q, x) and not a.e in (p, q))")
  }

  @Test(
    "a wrong exception is refused, with the place",
    arguments: [
      ("x", "LOAD_ERR_YAML_VALIDATE 1.yaml:6:15"),
      ("[x]", "LOAD_ERR_YAML_VALIDATE 1.yaml:6:16"),
      ("[{fields: a.d}]", "LOAD_ERR_YAML_VALIDATE 1.yaml:6:16"),
      ("[{name: n, values: [[x]]}]", "LOAD_ERR_VALIDATE 1.yaml:6:23"),
      ("[{name: n, fields: [], values: [[x]]}]", "LOAD_ERR_VALIDATE 1.yaml:6:23"),
      ("[{name: n, fields: [a.d, a.e], comps: [=], values: [[x, y]]}]", "LOAD_ERR_VALIDATE 1.yaml:6:53"),
      ("[{name: n, fields: [a.d], comps: in, values: [[x]]}]", "LOAD_ERR_VALIDATE 1.yaml:6:48"),
      ("[{name: n, fields: a.d, comps: [in], values: [x]}]", "LOAD_ERR_VALIDATE 1.yaml:6:46"),
      ("[{name: n, fields: a.d, comps: '=', values: [x]}]", "LOAD_ERR_VALIDATE 1.yaml:6:47"),
      ("[{name: n, fields: a.d, comps: like, values: [x]}]", "LOAD_ERR_VALIDATE 1.yaml:6:46"),
      ("[{name: n, fields: [a.d], comps: [exists], values: [[x]]}]", "LOAD_ERR_VALIDATE 1.yaml:6:49"),
      ("[{name: n, fields: [no], values: [[x]]}]", "LOAD_ERR_VALIDATE 1.yaml:6:35"),
      ("[{name: n, fields: a.d, values: [[x]]}]", "LOAD_ERR_VALIDATE 1.yaml:6:48"),
      ("[{name: n, fields: [a.d, a.e], values: [[x]]}]", "LOAD_ERR_VALIDATE 1.yaml:6:55"),
      ("[{name: n, fields: [a.d], values: [x]}]", "LOAD_ERR_VALIDATE 1.yaml:6:50"),
      ("[{name: n, fields: [a.d], values: [['x,y']]}]", "LOAD_ERR_COMPILE_CONDITION 1.yaml:6:53"),
      ("[{name: n, fields: [a.d], comps: [<], values: [[x]]}]", "LOAD_ERR_COMPILE_CONDITION 1.yaml:6:63"),
      ("[{name: n, fields: a.d, values: x}]", "LOAD_ERR_YAML_VALIDATE 1.yaml:6:47"),
    ])
  func refused(exceptions: String, expected: String) { #expect(load(exceptions).findings == [expected]) }

  @Test("what is odd in an exception is warned about")
  func warnings() {
    #expect(
      load("[{name: n, fields: a.d, values: [x], value: [y]}]").findings == ["LOAD_UNKNOWN_KEY 1.yaml:6:52"])
    #expect(
      load("[{name: n, fields: a.d, values: [x]}, {name: n, fields: a.e, values: [x]}]").findings
        == ["LOAD_EXCEPTION_NAME_NOT_UNIQUE 1.yaml:6:60"])
  }

  @Test("values are appended to an exception by its name, in both spellings of append")
  func append() {
    let first = "[{name: n, fields: [a.d], values: [[x]]}]"
    for how in ["append: true", "override: {exceptions: append}"] {
      let loaded = load(first, and: "- rule: r\n  exceptions: [{name: n, values: [[y]]}]\n  \(how)\n")
      #expect(loaded.conditions["r"] == "(a.b = c and not (a.d = x or a.d = y))")
      let wrong = [
        "{name: n}": "LOAD_APPEND_NO_VALUES 2.yaml:2:23",
        "{name: n, fields: [a.d], values: [[y]]}": "LOAD_ERR_VALIDATE 2.yaml:2:34",
        "{name: n, comps: ['='], values: [[y]]}": "LOAD_ERR_VALIDATE 2.yaml:2:33",
        "{name: m, values: [[y]]}": "LOAD_ERR_VALIDATE 2.yaml:2:23",
        "{name: n, values: [[y, z]]}": "LOAD_ERR_VALIDATE 2.yaml:2:35",
      ]
      for (exception, expected) in wrong {
        let loaded = load(first, and: "- rule: r\n  exceptions: [\(exception)]\n  \(how)\n")
        #expect(loaded.findings.filter { !$0.contains("DEPRECATED") } == [expected])
      }
    }
  }

  @Test("fields of exceptions are held against the registry when there is one")
  func fields() {
    var options = LoadingOptions()
    options.isField = { $0 == "a.d" }
    let text = rule("a.b = c", more: "exceptions: [{name: n, fields: ['a.d[1]', a.e], values: []}]")
    #expect(RulesTests.load(text, options: options).findings == ["LOAD_ERR_VALIDATE 1.yaml:6:45"])
  }
}
