import Glibc
import SystemPackage
import Testing

/// `windhover run` does not start with a configuration or rules that it does not understand or must not trust.
@Suite struct RunRefusalTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func expectRefusal(_ arguments: String..., of reason: String) throws {
    let outcome = try Program(BuiltBinary.path, ["run", "--duration", "1"] + arguments).finish()
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
  }

  @Test("rules with errors are all told, and the exit status is 2")
  func wrongRules() throws {
    try directory.write(
      "- rule: a\n  desc: d\n  condition: x.y = 1\n  output: o\n  priority: info\n", to: "a.yaml")
    try directory.write("- macro: [\n", to: "b.yaml")
    let outcome = try windhover(
      "run", "--duration", "1", "-r", directory.path.string, "-r", "/nonexistent.yaml")
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    try expectGolden(outcome.errors.masking(directory), "run-rules.txt")
  }

  @Test("a directory without rules is refused")
  func noRules() throws {
    try expectRefusal("-r", directory.path.string, of: "no .yaml or .yml file is in it")
  }

  @Test("a configuration with errors is refused, all of them told")
  func wrongConfiguration() throws {
    let file = try directory.write("json_outptu: true\npriority: 7\n", to: "windhover.yaml")
    try expectRefusal(
      "-c", file, of: "windhover.yaml:1:1: there is no option 'json_outptu'; did you mean 'json_output'?")
    try expectRefusal("-c", file, of: "windhover.yaml:2:11: 'priority' must be one of")
    try expectRefusal("-c", "/nonexistent", of: "/nonexistent: No such file or directory")
    try expectRefusal("-o", "json_output", of: "expected KEY=VALUE")
    try expectRefusal("--sources", "kprobe", of: "--sources kprobe: must be auto, or a list of")
    try expectRefusal("--duration", "-1", of: "--duration")
  }

  @Test(
    "files that others may write are refused when started as root",
    .enabled(if: geteuid() == 0, "needs root: anybody else's agent is nobody's business but theirs"))
  func sharedWriters() throws {
    let shared: FilePermissions = [.ownerReadWrite, .groupReadWrite]
    let rules = try directory.write("[]\n", to: "rules.yaml", permissions: shared)
    let configuration = try directory.write("", to: "windhover.conf", permissions: shared)
    try expectRefusal("-r", rules, of: "its group may write it")
    try expectRefusal("-c", configuration, of: "its group may write it")
  }

  @Test(
    "files in a directory that others may write are refused when started as root",
    .enabled(if: geteuid() == 0, "needs root: anybody else's agent is nobody's business but theirs"))
  func sharedDirectory() throws {
    let rules = try directory.write("[]\n", to: "rules.yaml", permissions: [.ownerReadWrite])
    let configuration = try directory.write("", to: "windhover.conf", permissions: [.ownerReadWrite])
    Files.setPermissions(of: directory.path, to: FilePermissions(rawValue: 0o777))
    let cure = "run: chmod go-w \(directory.path)"
    try expectRefusal("-r", rules, of: cure)
    try expectRefusal("-c", configuration, of: cure)
  }

  @Test(
    "a user that was set and does not exist, and a journal that the user cannot write, are refused with what helps",
    .enabled(if: geteuid() == 0, "needs root, which alone changes users"))
  func accountAndJournal() throws {
    let socket = "control.socket=\(directory.path)/control.sock"
    try expectRefusal(
      "-o", socket, "-o", "user=no-such-account",
      of: "user: there is no account 'no-such-account': make one, or set `user` to one that is there")
    try expectRefusal(
      "-o", socket, "-o", "user=nobody", "-o", "journal.directory=/nonexistent/journal",
      of: "the user nobody, which the agent is by then, must be able to write it: "
        + "install -d -o nobody -m 0700 /nonexistent/journal")
  }
}
