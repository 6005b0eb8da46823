import Testing

@testable import Rules

@Suite struct LintTests {
  @Test(
    "an exception that the condition leaves nothing for is warned about",
    arguments: [
      ("proc.name = sh", "[{name: n, fields: proc.name, values: [bash, zsh]}]", 1),
      ("proc.name = sh", "[{name: n, fields: proc.name, values: [bash, sh]}]", 0),
      (
        "proc.name in (sh, bash)",
        "[{name: n, fields: [proc.name, user.name], values: [[zsh, root], [sh, root]]}]", 1
      ),
      ("proc.name in (sh, bash) and proc.name = sh", "[{name: n, fields: proc.name, values: [bash]}]", 1),
      ("proc.name = sh or user.name = root", "[{name: n, fields: proc.name, values: [bash]}]", 0),
      ("not proc.name = sh", "[{name: n, fields: proc.name, values: [bash]}]", 0),
      ("proc.name startswith sh", "[{name: n, fields: proc.name, values: [bash]}]", 0),
      ("evt.type = execve", "[{name: n, fields: evt.type, values: [execveat]}]", 0),
      ("proc.aname = sh", "[{name: n, fields: proc.aname, values: [bash]}]", 0),
      ("proc.pid = 1", "[{name: n, fields: proc.pid, values: ['0x1']}]", 0),
      ("proc.name exists", "[{name: n, fields: [proc.name, proc.name], values: [[sh, bash]]}]", 1),
      ("proc.name exists", "[{name: n, fields: [proc.name], comps: [in], values: [[[]]]}]", 1),
      ("m", "[{name: n, fields: proc.name, values: [bash]}]", 1),
      ("proc.name = sh", "[{name: e, fields: user.name}, {name: n, fields: proc.name, values: [bash]}]", 1),
    ])
  func exceptions(condition: String, exceptions: String, count: Int) {
    let loaded = load(
      "- macro: m\n  condition: (proc.name = sh)\n" + rule(condition, more: "exceptions: \(exceptions)"))
    #expect(!loaded.hasErrors)
    #expect(loaded.diagnostics.filter { $0.code == .uselessException }.count == count)
  }

  @Test(
    "a field's name on the right is warned about, since it is text there",
    arguments: [
      ("proc.name = proc.pname", 1), ("proc.name in (a, proc.pname, evt.arg.flags)", 2),
      ("proc.name startswith proc.exe", 1), ("proc.name = val(proc.pname)", 0),
      ("proc.name = 'proc.pname'", 0),
      ("proc.name = proc.nothing", 0), ("fd.name endswith rc.local", 0),
    ])
  func fieldNames(condition: String, count: Int) {
    let found = load(rule(condition)).diagnostics.filter { $0.code == .compileConditionWarning }
    #expect(found.count == count)
    #expect(found.allSatisfy { $0.cure?.hasPrefix("write 'val(") == true })
  }

  @Test(
    "a value that is nearly a list's name is warned about",
    arguments: [
      ("a.b in (shell_binarys)", "did you mean the list 'shell_binaries'?"),
      ("a.b in (x, shell_binares)", "did you mean the list 'shell_binaries'?"),
      ("a.b in (shell_binaries)", nil), ("a.b in ('shell_binarys')", nil), ("a.b in (mail_binary, x)", nil),
      ("a.b in shells", "write '(shells)' if that is meant"),
      ("a.b in shell_binarie", "did you mean the list 'shell_binaries'?"),
    ] as [(String, String?)])
  func listNames(condition: String, cure: String?) {
    let loaded = load("- list: shell_binaries\n  items: [sh]\n" + rule(condition))
    #expect(
      loaded.diagnostics.filter { $0.code == .compileConditionWarning }.map(\.cure)
        == (cure.map { [$0] } ?? []))
  }

  @Test(
    "a single word in parentheses that looks like a list's name is warned about, and one that no comm can be",
    arguments: [
      (
        "proc.name in (undefined_list)", .compileConditionWarning,
        "write '(\"undefined_list\")' if that is meant"
      ),
      (
        "a.b in (db_server_binaries)", .compileConditionWarning,
        "a list of Falco's default rules: load that file before this one"
      ),
      ("proc.pname in (averylongundefinedlist)", .alwaysFalse, "the kernel cuts names"),
      ("m", .compileConditionWarning, "write '(\"in_macro\")' if that is meant"),
      ("proc.name in (\"under_score\")", nil, ""), ("proc.name in (known_list)", nil, ""),
      ("proc.name in (under_score, other)", nil, ""), ("proc.name in (undefinedlist)", nil, ""),
      ("proc.aname in (unicorn_launche)", nil, ""),
      ("proc.exepath in (averylongundefinedlist)", nil, ""), ("proc.name exists", nil, ""),
    ] as [(String, DiagnosticCode?, String)])
  func soleValues(condition: String, code: DiagnosticCode?, cure: String) {
    let definitions = """
      - list: known_list
        items: [one_value]
      - macro: m
        condition: proc.name in (\(condition == "m" ? "in_macro" : "sh"))

      """
    // Values of exceptions are what they are.
    let more = "exceptions: [{name: n, fields: proc.name, values: [an_exception]}]"
    let found = load(definitions + rule("(\(condition)) and a.c = 1", more: more)).diagnostics.filter {
      $0.code == .compileConditionWarning || $0.code == .alwaysFalse
    }
    #expect(found.map(\.code) == (code.map { [$0] } ?? []), "\(found)")
    #expect(found.allSatisfy { $0.cure?.hasPrefix(cure) == true })
  }
}
