import Events
import Testing

@testable import Rules

@Suite struct DetailScopeTests {
  private func scope(_ conditions: [String], output: String = "%proc.name") -> DetailScope {
    let text = conditions.enumerated().map { number, condition in
      """
      - rule: r\(number)
        desc: d
        condition: >
          \(condition)
        output: "\(output)"
        priority: NOTICE

      """
    }
    let compiled = CompiledRules([RuleFile(name: "r.yaml", bytes: Array(text.joined().utf8))])
    #expect(!compiled.resolved.hasErrors, "\(compiled.resolved.diagnostics.map(\.message))")
    return compiled.ruleSet.scope
  }

  private func names(_ scope: DetailScope) -> [String] {
    scope.byName.keys.map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  @Test(
    "what costs most is read of the programs alone that a rule can be about",
    arguments: [
      ("evt.type = execve and proc.name in (sh, bash) and proc.stdin.type = ipv4", ["bash", "sh"]),
      (
        "evt.type = execve and (proc.name = sh or basename(proc.exepath) in (dash, zsh)) and proc.stdin.type = ipv4",
        ["dash", "sh", "zsh"]
      ),
      ("evt.type = execve and proc.exepath = /usr/bin/su and proc.stdin.type = ipv4", ["su"]),
      ("evt.type = execve and proc.name = sh and not proc.stdin.type = file", ["sh"]),
    ])
  func anchored(condition: String, expected: [String]) {
    let scope = scope([condition])
    #expect(scope.ofAll.isEmpty)
    #expect(names(scope) == expected)
    #expect(scope.byName.values.allSatisfy { $0 == .standardStreams })
  }

  @Test(
    "a rule that can be about any program has it read of all",
    arguments: [
      "evt.type = execve and proc.stdin.type = ipv4",
      "evt.type = execve and (proc.name = sh or proc.stdin.type = ipv4)",
      "evt.type = execve and not proc.name = sh and proc.stdin.type = ipv4",
      "evt.type = execve and proc.name startswith s and proc.stdin.type = ipv4",
      "evt.type = execve and proc.pname = sh and proc.stdin.type = ipv4",
    ])
  func unanchored(condition: String) {
    #expect(scope([condition]) == DetailScope(ofAll: .standardStreams))
  }

  @Test(
    "a rule that can be about containers alone has it read of those",
    arguments: [
      ("container.id != host and proc.stdin.type = ipv4", true),
      ("not container.id = host and proc.stdin.type = ipv4", true),
      ("(container.id != host or proc.ppid = 1) and proc.stdin.type = ipv4", false),
      ("container.id = host and proc.stdin.type = ipv4", false),
      ("container.id != abc and proc.stdin.type = ipv4", false),
    ])
  func containers(condition: String, isLimited: Bool) {
    let scope = scope(["evt.type = execve and " + condition])
    #expect(scope.inContainers == (isLimited ? .standardStreams : []))
    #expect(scope.ofAll == (isLimited ? [] : .standardStreams))
  }

  @Test("what only the output names is asked of the same programs")
  func output() {
    let scope = scope(["evt.type = execve and proc.name = sh"], output: "%proc.stdin.name")
    #expect(scope.ofAll.isEmpty && names(scope) == ["sh"])
  }

  @Test("of environments no variable is kept that no rule names")
  func variables() {
    #expect(scope(["evt.type = execve and proc.name = sh"]).variables == .named([]))
    let named = scope([
      "evt.type = execve and proc.env[LD_PRELOAD] exists", "evt.type = execve and proc.aenv[container] = lxc",
    ])
    #expect(named.variables == .named([Array("LD_PRELOAD".utf8), Array("container".utf8)]))
    #expect(named.ofAll.contains([.environment, .ancestorEnvironment]))
    #expect(scope(["evt.type = execve and proc.env contains x"]).variables == .all)
    #expect(scope(["evt.type = execve and proc.env[0] = x"]).variables == .all)
  }

  @Test("an ancestor's environment is read of all, whatever the descendant's name")
  func ancestors() {
    let scope = scope(["evt.type = execve and proc.name = sh and proc.aenv[A] exists"])
    #expect(scope.ofAll.contains(.environment))
  }

  @Test("events that are printed whole hold no environment, which may be secret")
  func everyField() {
    #expect(!EventQuery.everyField.contains { $0.hasPrefix("proc.env") || $0.hasPrefix("proc.aenv") })
  }

  @Test("a process is known by its name or its executable's")
  func lookup() {
    let scope = DetailScope(
      ofAll: .oomScore, inContainers: .exeLayer, byName: [Array("sh".utf8): .standardStreams])
    func needs(_ name: String, _ file: String, isInContainer: Bool = false) -> Needs {
      scope.needs(name: Array(name.utf8), file: Array(file.utf8), isInContainer: isInContainer)
    }
    #expect(needs("sh", "dash") == [.oomScore, .standardStreams])
    #expect(needs("x", "sh") == [.oomScore, .standardStreams])
    #expect(needs("x", "") == .oomScore)
    #expect(needs("x", "", isInContainer: true) == [.oomScore, .exeLayer])
  }
}
