import Testing

@testable import Rules

@Suite struct MacroTests {
  @Test("a macro's condition takes the place of its name, whatever the order of rules")
  func expansion() {
    let loaded = load(
      rule("m and not n"),
      "- macro: m\n  condition: a.b = c or a.d exists\n- macro: n\n  condition: (not m)\n")
    #expect(loaded.conditions == ["r": "((a.b = c or a.d exists) and not (not (a.b = c or a.d exists)))"])
    #expect(loaded.findings == [])
  }

  @Test("macros see only those before them, by the place of their last definition")
  func visibility() {
    let macros = "- macro: m\n  condition: n\n- macro: n\n  condition: a.b exists\n"
    #expect(load(macros).findings == ["LOAD_ERR_VALIDATE 1.yaml:2:14"])
    #expect(load(macros, "- macro: m\n  condition: n\n" + rule("m")).conditions == ["r": "a.b exists"])
    #expect(
      load(
        macros,
        "- macro: m\n  condition: or x\n  override: {condition: append}\n- macro: x\n  condition: a.b exists"
      )
      .findings == ["LOAD_ERR_VALIDATE 2.yaml:2:17"])
  }

  @Test("an undefined macro is an error, with the name that was meant")
  func undefined() {
    let loaded = load("- macro: spawned\n  condition: a.b exists\n" + rule("a.b exists and spwaned"))
    #expect(loaded.findings == ["LOAD_ERR_VALIDATE 1.yaml:5:29"])
    #expect(loaded.diagnostics.first?.cure == "did you mean 'spawned'?")
    #expect(
      load("- list: l\n  items: [a]\n" + rule("x and y")).diagnostics.first?.message
        == "there is no macro 'x'")
  }

  @Test("what follows from a broken macro is not blamed")
  func broken() {
    let loaded = load(
      "- macro: m\n  condition: a.b ==\n- macro: n\n  condition: m\n- macro: o\n" + rule("m or n or o"))
    #expect(
      loaded.findings == ["LOAD_ERR_COMPILE_CONDITION 1.yaml:2:20", "LOAD_ERR_YAML_VALIDATE 1.yaml:5:10"])
  }

  @Test("macros that come back to themselves are an error")
  func cycle() {
    let loaded = load(
      "- macro: m\n  condition: a.b exists\n- macro: n\n  condition: m\n- macro: m\n  condition: n\n"
        + rule("m"))
    #expect(loaded.findings == ["LOAD_ERR_VALIDATE 1.yaml:4:14"])
    #expect(load("- macro: m\n  condition: m\n").findings == ["LOAD_ERR_VALIDATE 1.yaml:2:14"])
  }

  @Test("macros of macros that would fill the memory are an error")
  func explosion() {
    var text = "- macro: m0\n  condition: a.b in (a, b, c)\n"
    for level in 1...60 { text += "- macro: m\(level)\n  condition: m\(level - 1) and m\(level - 1)\n" }
    let loaded = load(text + rule("m60"))
    #expect(loaded.rules.isEmpty && loaded.findings.count == 1)
    #expect(loaded.findings[0].hasPrefix("LOAD_ERR_COMPILE_CONDITION"))
  }

  @Test("macros of macros that would overflow the stack are an error", arguments: [true, false])
  func depth(isReversed: Bool) {
    var macros = ["- macro: m0\n  condition: a.b exists\n"]
    for level in 1...5_000 { macros.append("- macro: m\(level)\n  condition: not m\(level - 1)\n") }
    // Defined in this order and redefined from the end, each is expanded only when the first one is.
    let text = isReversed ? macros.reversed().joined() + macros.reversed().joined() : macros.joined()
    let loaded = load(text + rule("m5000"))
    #expect(loaded.rules.isEmpty)
    #expect(loaded.hasErrors)
  }

  @Test("append joins with a blank, and needs something to append to")
  func append() {
    let loaded = load(
      "- macro: m\n  condition: a.b = c\n",
      "- macro: m\n  append: true\n  condition: or a.b = d\n" + rule("m"),
      "- macro: x\n  condition: a.b exists\n  override: {condition: append}\n- macro: m\n  condition: a.b = e\n  override: {condition: replace}"
    )
    #expect(loaded.conditions == ["r": "a.b = e"])
    #expect(loaded.findings == ["LOAD_DEPRECATED_ITEM 2.yaml:2:3", "LOAD_ERR_VALIDATE 3.yaml:1:3"])
    let appended = load(
      "- macro: m\n  condition: a.b = c\n- macro: m\n  append: true\n  condition: or a.b = d\n" + rule("m"))
    #expect(appended.conditions == ["r": "(a.b = c or a.b = d)"])
  }

  @Test("replace before any definition defines a macro or a list")
  func replaceDefines() {
    let loaded = load(
      "- macro: m\n  condition: a.b in (l)\n  override: {condition: replace}\n- list: l\n  items: [a]\n  override: {items: replace}\n"
        + rule("m"))
    #expect(loaded.conditions == ["r": "a.b in (a)"])
    #expect(loaded.findings == [])
  }

  @Test("a name that no condition can hold is warned about", arguments: ["1m", "m-n", "m.n", "_m", "mü"])
  func names(name: String) {
    #expect(
      load("- macro: \(name)\n  condition: a.b exists\n").findings == ["LOAD_INVALID_MACRO_NAME 1.yaml:1:10"])
  }

  @Test("a macro that nothing uses is warned about")
  func unused() {
    let loaded = load("- macro: m\n  condition: a.b exists\n- macro: n\n  condition: m\n")
    #expect(loaded.diagnostics.filter { $0.code == .unusedMacro }.map { $0.context[0].name } == ["n"])
  }

  @Test(
    "a name that Falco's default rules define is said to be theirs, unless a file defines it",
    arguments: [
      ("spawned_process", 1), ("container", 1), ("spawned_proces", 0), ("open_write and inbound", 2),
    ])
  func falcoNames(condition: String, count: Int) {
    let cure = "a macro of Falco's default rules: load that file before this one"
    let found = load("- macro: in_container\n  condition: container.id != host\n" + rule(condition))
      .diagnostics
    #expect(found.filter { $0.cure == cure }.count == count)
    let names = condition.split(separator: " and ")
    let macros = names.map { "- macro: \($0)\n  condition: proc.name = sh\n" }.joined()
    #expect(load(macros + rule(condition)).diagnostics.isEmpty)
  }

  @Test(
    "a name that rules elsewhere define has the cure that the caller knows, on its own and where it is changed"
  )
  func namesElsewhere() {
    let elsewhere = RuleLoader().names(
      in: RuleFile(
        name: "e",
        bytes: Array(("- list: l\n  items: [a]\n- macro: m\n  condition: proc.pid = 1\n" + rule("m")).utf8)))
    var options = LoadingOptions()
    options.cureForMissing = { elsewhere.contains($0, $1) ? "load it" : nil }
    let loaded = load(
      rule("m and mm", name: "other"), "- rule: r\n  enabled: false\n- rule: rr\n  enabled: false\n",
      "- list: l\n  items: [b]\n  override: {items: append}\n", options: options)
    #expect(loaded.diagnostics.filter { $0.code == .validate }.count == 5)
    #expect(loaded.diagnostics.filter { $0.cure == "load it" }.count == 3)
  }
}
