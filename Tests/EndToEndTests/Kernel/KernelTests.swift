import Glibc
import SystemPackage
import Testing

/// What the kernel is set to do, and what is loaded into it, in a tree that stands for a host.
@Suite struct KernelTests {
  private static let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().appending("Fixtures/docker-default")

  /// A copy of the fixture, with settings and a list of modules.
  private func tree(in directory: borrowing TemporaryDirectory) throws -> FilePath {
    let script = try Program(
      "/bin/sh",
      [
        "-euc",
        """
        cp -a "$0" "$1/host"; cd "$1/host/proc"; mkdir -p sys/kernel
        echo core > sys/kernel/core_pattern; echo 2 > sys/kernel/kptr_restrict
        echo 'ext4 1000000 1 - Live 0x0000000000000000' > modules
        """, Self.fixture.string, directory.path.string,
      ]
    ).finish()
    #expect(script.status == 0, "\(script.errors)")
    return directory.path.appending("host")
  }

  /// Waits until the agent has told of a setting: what differs from now on is a change.
  private func waitForFirstLook(of agent: borrowing Agent) throws {
    try awaitStatus("a look at the settings", at: agent.socket) { $0.records(of: "host") > 0 }
  }

  @Test("a setting that is changed, and a module that is loaded, raise the rules that are meant for them")
  func changes() throws {
    let directory = try TemporaryDirectory()
    let tree = try tree(in: directory)
    let agent = try Agent(options: ["json_output=true", "host_root=\(tree)"])
    try waitForFirstLook(of: agent)
    try Files.write("|/tmp/evil %p\n", to: tree.appending("proc/sys/kernel/core_pattern"))
    try Files.write("0\n", to: tree.appending("proc/sys/kernel/kptr_restrict"))
    try Files.write(
      "rootkit 16384 0 - Live 0x0000000000000000 (OE)\next4 1000000 1 - Live 0x0000000000000000\n",
      to: tree.appending("proc/modules"))

    let program = try agent.alert(of: "Kernel setting that runs programs changed")
    #expect(program["priority"]?.text == "Critical")
    #expect(program.outputText("host.sysctl.name") == "kernel.core_pattern")
    #expect(program.outputText("host.sysctl.before") == "core")
    #expect(program.outputText("host.sysctl.after") == "|/tmp/evil %p")
    let weaker = try agent.alert(of: "Kernel hardening weakened")
    #expect(weaker.outputText("host.sysctl.name") == "kernel.kptr_restrict")
    let module = try agent.alert(of: "Kernel module loaded")
    #expect(module.outputText("host.module.name") == "rootkit")
    #expect(module.outputText("host.module.taint") == "OE")
    let outcome = try agent.finish()
    #expect(outcome.status == 0)
    #expect(outcome.output.split(separator: "\n").count == 3, "\(outcome.output)")
  }

  @Test("a change is an event with what was before and after, as parameters too")
  func parameters() throws {
    let directory = try TemporaryDirectory()
    let tree = try tree(in: directory)
    let rule = """
      - rule: Any change
        desc: any
        condition: evt.type = sysctl_changed
        output: "%evt.source_name %evt.category %evt.args %container.id"
        priority: INFO
      """
    let agent = try Agent(rules: rule, options: ["host_root=\(tree)"])
    try waitForFirstLook(of: agent)
    try Files.write("1\n", to: tree.appending("proc/sys/kernel/kptr_restrict"))
    try agent.line {
      $0.contains("host other name=kernel.kptr_restrict before=2 after=1 <NA>")
    }
  }
}
