import Glibc
import SystemPackage
import Testing

extension LiveHost {
  @Suite struct CgroupTests {
    @Test(
      "a process that is killed for want of memory in a container is an alert",
      .needsContainers, .needsScratchCgroups("memory"))
    func oomKillInContainer() throws {
      let agent = try Agent()
      let container = try Container()
      let (file, text) =
        Files.exists("/sys/fs/cgroup/cgroup.controllers")
        ? ("memory.max", "33554432") : ("memory.limit_in_bytes", "33554432")
      try Files.write(
        text, to: ScratchCgroup.tree("memory").appending(container.id).appending(file))
      // It keeps all that it reads, since there is no line in it.
      let outcome = try container.exec(["/bin/sh", "-c", "busybox tail -n 1 /dev/zero; sleep 1"])
      #expect(outcome.status == 0)
      let alert = try agent.alert(of: "Out of memory kill in a container") { container.isNamed(in: $0) }
      #expect(alert["priority"]?.text == "Warning")
      // The kernel may have killed a helper of the runtime before.
      #expect((Int(alert.outputText("evt.arg.count") ?? "") ?? 0) >= 1)
      #expect(alert.outputText("cgroup.path") == "/\(container.id)")
    }

    @Test(
      "kills in cgroups that are removed at once are told or counted, each of them",
      .needsScratchCgroups("memory"))
    func vanished() throws {
      let rules = """
        - rule: Kill
          desc: A process was killed for want of memory.
          condition: evt.type = oom_kill and cgroup.path startswith /windhover-test
          output: path=%cgroup.path
          priority: NOTICE
        """
      let agent = try Agent(rules: rules)
      let kills = 5
      for _ in 0..<kills {
        let cgroup = try ScratchCgroup("memory")
        try cgroup.write("8388608", to: ("memory.limit_in_bytes", "memory.max"), of: "memory")
        // It keeps all that it reads, since there is no line in it.
        let outcome = try Program(
          "/bin/sh", cgroup.arguments(running: "exec tail -n 1 /dev/zero")
        ).finish()
        #expect(outcome.status != 0)
      }
      // What is missing must be so twice, two seconds apart.
      try awaitStatus("an alert or a count for each kill", at: agent.socket) {
        ($0["rules"]?["matches"]?.integer ?? 0) + $0.lost("unattributed", of: "cgroup") >= kills
      }
      let outcome = try agent.finish()
      let told = outcome.output.split(separator: "\n").count { $0.contains("path=/windhover-test") }
      let counted = Summary(outcome.errors).lost("unattributed", source: "cgroup")
      #expect(told <= kills && told + counted >= kills, "\(told) told, \(counted) counted")
    }

    @Test(
      "a limit on processes that is reached is an alert, on the host too", .needsScratchCgroups("pids"))
    func pidsLimit() throws {
      let agent = try Agent()
      let cgroup = try ScratchCgroup("pids")
      try cgroup.write("2", to: ("pids.max", "pids.max"), of: "pids")
      // The shell is one; the first sleep is two; the second cannot be.
      let outcome = try Program(
        "/bin/sh", cgroup.arguments(running: "{ sleep 600 > /dev/null 2>&1 & sleep 0.1; sleep 1; }")
      ).finish()
      #expect(outcome.status != 0)
      let alert = try agent.alert(of: "Limit on processes reached") {
        $0.outputText("cgroup.path") == cgroup.path
      }
      #expect(alert["priority"]?.text == "Error")
      #expect(alert.outputText("container.id") == "host")
      #expect((Int(alert.outputText("evt.arg.count") ?? "") ?? 0) > 0)
    }

    @Test("a container that is paused is an alert", .needsContainers, .needsScratchCgroups("freezer"))
    func frozen() throws {
      let agent = try Agent()
      let container = try Container()
      #expect(try container.pause().status == 0)
      defer { _ = try? container.resume() }
      let alert = try agent.alert(of: "Container frozen") { container.isNamed(in: $0) }
      #expect(alert["priority"]?.text == "Notice")
    }

    @Test(
      "a unit that uses its CPU quota up is an event at the threshold of the configuration, with its figures",
      .needsScratchCgroups("cpu"))
    func throttled() throws {
      let rules = """
        - rule: Throttled
          desc: A unit wants more CPU than it may have.
          condition: evt.type = cpu_throttled and cgroup.cpu.quota_cores < 0.2
          output: path=%cgroup.path percent=%evt.arg.percent threshold=%evt.arg.threshold cores=%cgroup.cpu.cores
          priority: NOTICE
        """
      let agent = try Agent(
        rules: rules, options: ["json_output=true", "cgroup.interval=1s", "cgroup.throttled_percent=25"])
      let cgroup = try ScratchCgroup("cpu", suffix: ".service")
      try cgroup.write("10000", to: ("cpu.cfs_quota_us", "cpu.max"), of: "cpu")
      let busy = try Program("/bin/sh", cgroup.arguments(running: "while :; do :; done"))
      let alert = try agent.alert(of: "Throttled") { $0.outputText("cgroup.path") == cgroup.path }
      #expect(alert.outputText("evt.arg.threshold") == "25.0")
      busy.signal(SIGKILL)
      _ = try busy.finish()
    }

    /// Makes and removes cgroups as fast as it goes, and waits until the last of them was told.
    private func storm(_ round: Int, _ agent: Agent) throws {
      let tree = try #require(ScratchCgroup.unified)
      let mark = "windhover-test-\(getpid())-\(round)-"
      let last = "\(mark)last \u{1B}[2J" + String(repeating: "x", count: 200)
      for name in (0..<1000).map({ "\(mark)\($0)" }) + [last] {
        try Files.makeDirectory(tree.appending(name))
        #expect(Files.removeDirectory(tree.appending(name)))
      }
      try agent.line { $0.contains("cgroup_removed path=/\(mark)last ") && $0.contains("xxx") }
    }

    private static func rule(_ path: String) -> String {
      """
      - rule: Life
        desc: Cgroups come and go.
        condition: evt.type in (cgroup_created, cgroup_removed) and cgroup.path \(path)
        output: type=%evt.type path=%cgroup.path
        priority: NOTICE
      """
    }

    @Test(
      "a thousand cgroups that are made and removed at once are told one by one, whatever their names",
      .needsUnifiedCgroups)
    func churn() throws {
      let agent = try Agent(rules: Self.rule("startswith /windhover-test"))
      try storm(0, agent)
      let outcome = try agent.finish()
      let lines = outcome.output.split(separator: "\n").filter {
        $0.contains("path=/windhover-test-\(getpid())-0-")
      }
      // The kernel's queue holds 16,384 happenings; where a host allows fewer, the loss is counted.
      let uncounted = Summary(outcome.errors).lost("watch_overflow", source: "cgroup")
      for type in ["cgroup_created", "cgroup_removed"] {
        let seen = lines.count { $0.contains("\"evt.type\":\"\(type)\"") }
        #expect(seen == 1001 || uncounted > 0, "\(type): \(seen)")
      }
    }

    @Test("thousands of cgroups that come and go leave no memory behind", .needsUnifiedCgroups)
    func memory() throws {
      let agent = try Agent(rules: Self.rule("contains last"))
      // What is remembered for a while, and what the heap keeps, has its full size after some thousands.
      for round in 1...12 { try storm(round, agent) }
      let before = try AgentUse(of: agent.pid)
      for round in 13...22 { try storm(round, agent) }
      let after = try AgentUse(of: agent.pid)
      #expect(after.anonymousKiB - before.anonymousKiB < 2048, "200 bytes for each of 10,000")
    }
  }
}

extension Trait where Self == ConditionTrait {
  /// Cgroups of these controllers that this user may make.
  static func needsScratchCgroups(_ controller: String) -> Self {
    .enabled(
      if: ScratchCgroup.isPossible(controller),
      "needs cgroups with the \(controller) controller that may be written")
  }

  static var needsUnifiedCgroups: Self {
    .enabled(
      if: ScratchCgroup.unified.map { Files.isWritable($0) } ?? false,
      "needs a tree of cgroups of version 2 that may be written")
  }
}
