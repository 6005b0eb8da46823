import Events
import Testing

@testable import Rules

@Suite struct CoverageTests {
  private func coverage(_ condition: String, _ sources: Set<SourceID>) throws -> RuleCoverage {
    let text = """
      - rule: r
        desc: d
        condition: '\(condition.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'
        output: o
        priority: INFO
      """
    let compiled = CompiledRules([RuleFile(name: "r.yaml", bytes: Array(text.utf8))])
    #expect(!compiled.resolved.hasErrors, "\(compiled.resolved.diagnostics.map(\.message))")
    return try #require(compiled.ruleSet.coverage(with: sources).first)
  }

  @Test(
    "a rule is covered, may miss, may over-alert or is blind, and why",
    arguments: [
      ("evt.type in (execve, execveat) and proc.name = sh", RuleCoverage.Verdict.covered, []),
      ("evt.type = execve and evt.dir = <", .covered, []),
      ("evt.type = execve and not proc.name in (sh)", .covered, []),
      ("evt.type = execve and evt.failed = false", .covered, []),
      (
        "evt.type = execve and fd.name = x", .blind, ["no source gives fd.name in execve events"]
      ),
      (
        "evt.type = execve and proc.name = sh and not container.ip = x", .mayOverAlert,
        ["no source gives container.ip, by which it exempts execve events"]
      ),
      (
        "evt.type = execve and (proc.name = sh or fd.name = x)", .mayMiss,
        ["no source gives fd.name in execve events"]
      ),
      ("evt.type in (open, openat) and fd.name = x", .blind, ["no source tells of open, openat"]),
      (
        "evt.type in (chroot, open) and proc.name = sh", .blind,
        [
          "no source tells of chroot, open; what chroot changed shows as evt.type=process_changed with evt.arg.name=root "
            + "at the next exec or sweep, if it lasts so long"
        ]
      ),
      (
        "evt.type in (execve, chdir, fchdir, seccomp) and proc.name = sh", .mayMiss,
        [
          "no source tells of chdir, fchdir, seccomp; what chdir, fchdir, seccomp changed shows as "
            + "evt.type=process_changed with evt.arg.name=cwd, seccomp at the next exec or sweep, if it lasts so long"
        ]
      ),
      ("evt.type in (execve, open) and proc.name = sh", .mayMiss, ["no source tells of open"]),
      (
        "(evt.type = open and fd.name = x) or (evt.type = execve and proc.name = sh)", .mayMiss,
        ["no source tells of open"]
      ),
      ("evt.type = execve and evt.dir = >", .blind, ["execve events never have what it asks of evt.dir"]),
      (
        "evt.type = execve and evt.rawres < 0", .blind,
        ["execve events never have what it asks of evt.rawres"]
      ),
      ("evt.type = execve and evt.num = 0", .blind, ["execve events never have what it asks of evt.num"]),
      (
        "evt.type = execve and proc.name = sh and not evt.failed = false", .blind,
        ["execve events never have what it asks of evt.failed"]
      ),
      (
        "evt.type in (clone, fork) and evt.type != fork and proc.name = sh", .blind,
        [
          "the sources cannot tell clone, clone3, fork, vfork from each other, and it wants some without the others"
        ]
      ),
      (
        "(evt.type = execve and proc.name = sh) or (evt.type = setuid and evt.res = EPERM)", .mayMiss,
        ["setuid events never have what it asks of evt.res"]
      ),
      (
        "evt.type = setns", .mayMiss,
        ["of setns events it does not see changes that are undone between two sweeps"]
      ),
      (
        "evt.type = ptrace and evt.arg.request = PTRACE_ATTACH", .blind,
        ["no source gives evt.arg.request in ptrace events"]
      ),
    ])
  func verdicts(condition: String, verdict: RuleCoverage.Verdict, reasons: [String]) throws {
    let found = try coverage(condition, [.agent, .connector, .procfs])
    #expect(found.verdict == verdict)
    #expect(found.reasons.map(\.text) == reasons)
  }

  @Test("what runtimes tell of containers is told by a source of its own")
  func containerMetadata() throws {
    let condition = "evt.type = execve and container.image.repository = x"
    #expect(try coverage(condition, [.agent, .connector, .containers]).verdict == .covered)
    let found = try coverage(condition, [.agent, .connector])
    #expect(found.verdict == .mayMiss)
    #expect(
      found.reasons.map(\.text) == ["without the source containers nobody reads what runtimes tell of them"])
  }

  @Test(
    "a rule that names a part of a family is told which others it matches",
    arguments: [
      ("evt.type in (execve, execveat)", []), ("evt.type = open", []), ("proc.name = sh", []),
      (
        "evt.type = execve",
        ["the sources cannot tell execve from execveat, so the rule matches those too"]
      ),
      (
        "evt.type in (clone, vfork, setuid) and proc.name = sh",
        [
          "the sources cannot tell clone, vfork from clone3, fork, so the rule matches those too",
          "the sources cannot tell setuid from setresuid, setreuid, setfsuid, so the rule matches those too",
        ]
      ),
      // What the family excludes is not matched at all.
      ("evt.type in (clone, clone3, fork, vfork) and evt.type != fork", []),
    ])
  func families(condition: String, notes: [String]) throws {
    #expect(try coverage(condition, [.agent, .connector, .procfs]).notes == notes)
  }

  @Test("with sweeps alone a rule on execs misses the short-lived ones")
  func sweepsAlone() throws {
    let found = try coverage("evt.type = execve and proc.name = sh", [.agent, .procfs])
    #expect(found.verdict == .mayMiss)
    #expect(
      found.reasons.map(\.text) == ["of execve events it does not see processes that end between two sweeps"])
  }

  @Test("a rule that names no type may miss what no source tells of")
  func untyped() throws {
    let found = try coverage("proc.name = sh", [.agent, .connector, .procfs])
    #expect(found.verdict == .mayMiss)
    #expect(found.reasons.count == 1)
  }

  @Test(
    "of Falco's rules those on programs are seen, those on files are not",
    .enabled(if: FalcoRules.path != nil, "WINDHOVER_FALCO_RULES does not name Falco's rule file"))
  func falco() throws {
    let compiled = CompiledRules([RuleFile(name: "falco_rules.yaml", bytes: try FalcoRules.bytes())])
    let coverage = compiled.ruleSet.coverage(with: [.agent, .connector, .procfs])
    let verdicts = Dictionary(
      uniqueKeysWithValues: zip(compiled.ruleSet.rules.map(\.name), coverage.map(\.verdict)))
    #expect(verdicts["Remove Bulk Data from Disk"] == .covered)
    #expect(verdicts["Terminal shell in container"] == .covered)
    #expect(verdicts["Read sensitive file untrusted"] == .blind)
  }
}
