import Testing

@testable import Rules

@Suite struct ListTests {
  @Test(
    "a list's items take the place of its name, as text",
    arguments: [
      ("[a, b]", "a.b in (l)", "a.b in (a, b)"),
      ("[a, b]", "a.b in ( x,l , y )", "a.b in (x, a, b, y)"),
      ("[a, b]", "a.b in (l, l)", "a.b in (a, b, a, b)"),
      ("[a b, c]", "a.b in (l)", "a.b in (\"a b\", c)"),
      ("['\"a b\"', \"'c'\"]", "a.b in (l)", "a.b in (\"a b\", c)"),
      ("[a]", "a.b = l", "a.b = a"),
      ("[a]", "a.b=l", "a.b = a"),
      ("[a, b]", "a.b contains 'x l y'", "a.b contains \"x a, b y\""),
      ("[a, b]", "a.b contains 'x  l\ty'", "a.b contains \"x a, b y\""),
      ("[a, b]", "a.b contains 'l'", "a.b contains l"),
      ("[a, b]", "a.b in (ll, l1, xl, l.x, -l)", "a.b in (ll, l1, xl, l.x, -l)"),
      ("[]", "a.b in (l)", "a.b in ()"),
      ("[]", "a.b in (x, l)", "a.b in (x)"),
      ("[]", "a.b in (l, x)", "a.b in (x)"),
      ("[]", "a.b in (x, l, y)", "a.b in (x, y)"),
      ("[]", "a.b in (x,l,y)", "a.b in (x, y)"),
      ("[]", "a.b in (l,l)", "a.b in ()"),
      ("[22, 0x1F, 1.5]", "a.b in (l)", "a.b in (22, 0x1F, 1.5)"),
      ("['a,b']", "a.b in (l)", "a.b in (a, b)"),
      ("[x exists]", "a.b in (c) and l", nil),
    ] as [(String, String, String?)])
  func pasting(items: String, condition: String, expected: String?) {
    let loaded = load("- list: l\n  items: \(items)\n" + rule("'" + condition.doubled + "'"))
    #expect(loaded.conditions["r"] == expected)
  }

  @Test("there is no order between lists and conditions")
  func order() {
    let loaded = load(
      rule("a.b in (l)"), "- list: l\n  items: [a]\n",
      "- list: l\n  items: [b]\n  override: {items: append}\n")
    #expect(loaded.conditions == ["r": "a.b in (a, b)"])
    #expect(loaded.findings == [])
  }

  @Test("a list in a list expands one level; a later list is reached by pasting, an earlier one is not")
  func nesting() {
    let lists = """
      - list: l1
        items: [a, b]
      - list: l2
        items: [l1, c]
      - list: l3
        items: [l2, d]
      - list: l4
        items: [l5, e]
      - list: l5
        items: [f]
      """
    let loaded = load(
      lists, rule("a.b in (l2)", name: "one"), rule("a.b in (l3)", name: "two"),
      rule("a.b in (l4)", name: "later"))
    #expect(
      loaded.conditions == [
        "one": "a.b in (a, b, c)", "two": "a.b in (l1, c, d)", "later": "a.b in (f, e)",
      ])
    #expect(loaded.findings == ["LINT_LIST_NOT_EXPANDED 1.yaml:4:11"])
  }

  @Test("lists that name each other end")
  func cycle() {
    let loaded = load("- list: x\n  items: [y, x]\n- list: y\n  items: [x, z]\n" + rule("a.b in (x, y)"))
    #expect(loaded.conditions == ["r": "a.b in (y, x, z, x, y, x, z)"])
  }

  @Test("a name with delimiters is warned about and still replaced")
  func oddName() {
    let loaded = load("- list: my list\n  items: [a, b]\n" + rule("a.b in (x, my list)"))
    #expect(loaded.conditions == ["r": "a.b in (x, a, b)"])
    #expect(loaded.findings == ["LOAD_INVALID_LIST_NAME 1.yaml:1:9"])
  }

  @Test("a list behind an equals sign is warned about")
  func equals() {
    let loaded = load(
      "- list: l\n  items: [a]\n" + rule("a.b = l"), "- list: m\n  items: [a, b]\n" + rule("a.b = m"))
    #expect(loaded.findings.contains("LINT_LIST_NAME_AS_VALUE 2.yaml:5:20"))
    #expect(loaded.findings.contains { $0.hasPrefix("LOAD_ERR_COMPILE_CONDITION 2.yaml:2:12") } == false)
  }

  @Test("lists that grow beyond the limit are an error")
  func size() {
    let items = Array(repeating: "aaaaaaaaaa", count: 1_000).joined(separator: ", ")
    let names = Array(repeating: "l", count: 1_000).joined(separator: ", ")
    let loaded = load("- list: l\n  items: [\(items)]\n" + rule("a.b in (\(names))"))
    #expect(loaded.findings == ["LOAD_ERR_COMPILE_CONDITION 1.yaml:5:14"])
  }

  @Test("a list that nothing uses is warned about; one that only a list uses is not")
  func unused() {
    let loaded = load("- list: l\n  items: [m]\n- list: m\n  items: []\n- list: n\n  items: [l]\n")
    #expect(loaded.diagnostics.filter { $0.code == .unusedList }.map { $0.context[0].name } == ["m", "n"])
  }

  @Test("fifty thousand items load in no time")
  func many() {
    let items = (0..<50_000).map { "1.2.\($0 / 256).\($0 % 256)" }.joined(separator: ", ")
    let time = ContinuousClock().measure {
      let loaded = load("- list: l\n  items: [\(items)]\n" + rule("a.b in (l)"))
      #expect(loaded.rules.count == 1)
    }
    #expect(time < .seconds(20), "\(time)")
  }
}

extension String {
  /// With each single quote doubled, for a YAML scalar in single quotes.
  var doubled: String { self.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") }
}
