import Events
import Model
import Testing

@testable import Rules

@Suite struct LiveFieldTests {
  @Test(
    "a field of a cgroup's event prints what the records said, and has no process",
    arguments: [
      ("evt.type", "oom_kill"), ("evt.category", "cgroup"), ("evt.source_name", "cgroup"),
      ("evt.arg.count", "2"), ("evt.rawarg.total", "3"), ("evt.arg.old_total", "1"),
      ("evt.args", "count=2 total=3 old_total=1"), ("evt.arg.percent", "<NA>"),
      ("cgroup.path", "/docker/c1"), ("cgroup.memory.usage_bytes", "50"),
      ("cgroup.memory.limit_bytes", "200"), ("cgroup.memory.usage_percent", "25.0"),
      ("cgroup.memory.oom_kills", "3"), ("cgroup.pids.count", "4"), ("cgroup.pids.limit", "<NA>"),
      ("cgroup.cpu.cores", "<NA>"), ("cgroup.cpu.quota_cores", "0.5"), ("cgroup.pressure.memory", "12.5"),
      ("cgroup.frozen", "false"), ("container.id", "c1"), ("container.full_id", "c1"),
      ("container.type", "docker"), ("proc.pid", "<NA>"), ("proc.name", "<NA>"), ("proc.aname", "<NA>"),
      ("proc.lineage", "<NA>"), ("proc.cgroup.path", "<NA>"), ("proc.ns.pid.is_host", "<NA>"),
      ("user.uid", "<NA>"), ("thread.tid", "<NA>"), ("evt.arg.exe", "<NA>"), ("evt.incomplete", "false"),
    ])
  func cgroupEvent(field: String, expected: String) throws {
    var script = LiveScript()
    let kill = script.oomKill(in: "/docker/c1", "c1")
    let event = try #require(kill)
    #expect(try text("%\(field)", script.facts(event)) == expected)
  }

  @Test("an event of a process has the figures of the cgroup that the process is in")
  func cgroupOfProcess() throws {
    var script = LiveScript()
    _ = script.oomKill(in: "/docker/c1", "c1")
    let event = script.exec(12, "/usr/bin/id", ["id"]) {
      $0.append(.cgroup, Array("/docker/c1/inner".utf8).span)
    }
    let exec = try #require(event.last)
    #expect(try text("%cgroup.memory.oom_kills", script.facts(exec)) == "3")
    #expect(try text("%cgroup.path", script.facts(exec)) == "/docker/c1/inner")
  }

  @Test("a threshold that was crossed prints what it was about")
  func crossing() throws {
    var script = LiveScript()
    let events = script.cgroup("/a", [(.ioPressure, 7512)])
    let event = try #require(events.last)
    #expect(
      try text("%evt.type %evt.args %evt.arg.old_percent", script.facts(event))
        == "pressure resource=io percent=75.12 threshold=60.0 <NA>")
    #expect(try text("%container.id", script.facts(event)) == "host")
  }

  @Test(
    "a field of an exec prints what the records said",
    arguments: [
      ("proc.pid", "12"), ("proc.ppid", "11"), ("proc.vpid", "7"), ("proc.id", "b00t:12:10000"),
      ("proc.name", "id"),
      ("proc.exe", "id"), ("proc.exepath", "/usr/bin/id"), ("proc.args", "-u a b"), ("proc.args[1]", "a b"),
      ("proc.cmdline", "id -u a b"), ("proc.exeline", "id -u a b"), ("proc.cmdnargs", "2"),
      ("proc.cmdlenargs", "5"),
      ("proc.cwd", "/srv/"), ("proc.tty", "34816"), ("proc.duration", "20007000"),
      ("proc.pname", "sh"), ("proc.pexe", "sh"), ("proc.pexepath", "/bin/sh"), ("proc.pcmdline", "sh -c id"),
      ("proc.aname", "sh nginx init"), ("proc.aname[0]", "id"), ("proc.aname[2]", "nginx"),
      ("proc.aname[9]", "<NA>"), ("proc.lineage", "init(1) > nginx(10) > sh(11) > id(12)"),
      ("proc.aid", "b00t:11:10000 b00t:10:10000 b00t:1:1"), ("proc.aid[0]", "b00t:12:10000"),
      ("proc.argv", "(id,-u,a b)"),
      ("proc.apid", "12"), ("proc.apid[1]", "11"), ("proc.aexe[2]", "nginx"),
      ("proc.aexepath[3]", "/sbin/init"),
      ("proc.acmdline[2]", "nginx -g daemon off;"), ("proc.aargs[1]", "-c id"), ("proc.sid", "10"),
      ("proc.sname", "nginx"), ("proc.sid.exepath", "/usr/sbin/nginx"), ("proc.is_sid_leader", "false"),
      ("proc.pgid", "12"), ("proc.vpgid.name", "id"), ("proc.is_pgid_leader", "true"),
      ("proc.loginshellid", "11"),
      ("proc.seccomp", "2"), ("proc.no_new_privs", "true"), ("proc.tracer.pid", "0"),
      ("proc.tracer.name", "<NA>"),
      ("proc.is_exe_from_memfd", "false"), ("proc.is_exe_deleted", "false"),
      ("proc.is_kernel_thread", "false"),
      ("proc.ns.pid.id", "5"), ("proc.ns.mnt.is_host", "true"), ("proc.is_container_exec", "false"),
      ("thread.tid", "12"), ("thread.ismain", "true"), ("thread.cap_permitted", "CAP_SYS_ADMIN"),
      ("thread.cap_effective", "CAP_CHOWN CAP_SYS_ADMIN"), ("thread.cap_inheritable", ""),
      ("user.uid", "0"), ("user.name", "root"), ("user.homedir", "/root"), ("user.ruid", "1000"),
      ("user.loginuid", "-1"), ("user.loginname", "<NA>"), ("group.gid", "1000"), ("group.name", "users"),
      ("container.id", "host"), ("container.type", "host"), ("container.name", "host"),
      ("evt.num", "0"), ("evt.type", "execve"), ("evt.type.is.execveat", "1"), ("evt.type.is.open", "0"),
      ("evt.dir", "<"), ("evt.category", "process"), ("evt.source_name", "connector"),
      ("evt.incomplete", "false"),
      ("evt.res", "SUCCESS"), ("evt.rawres", "0"), ("evt.failed", "false"), ("evt.hostname", "box"),
      ("evt.time", "22:15:00.020007000"), ("evt.time.s", "22:15:00"), ("evt.rawtime", "1700000100020007000"),
      ("evt.datetime.s", "2023-11-14 22:15:00"), ("evt.time.iso8601", "2023-11-14T22:15:00.020007000Z"),
      ("evt.arg.exe", "id"), ("evt.arg.args", "-u a b"), ("evt.arg.uid", "root"), ("evt.rawarg.uid", "0"),
      ("evt.arg.flags", "EXE_WRITABLE|EXE_UPPER_LAYER"), ("evt.arg.pid", "12"),
      ("evt.arg.cap_effective", "CAP_CHOWN CAP_SYS_ADMIN"),
      ("evt.rawarg.cap_effective", "2097153"), ("fd.name", "<NA>"), ("k8s.ns.name", "<NA>"),
      ("toupper(proc.name)", "ID"), ("basename(proc.exepath)", "id"), ("len(proc.name)", "2"),
    ])
  func exec(field: String, expected: String) throws {
    var script = LiveScript()
    let event = script.shellBelowService()
    #expect(try text("%\(field)", script.facts(event)) == expected)
  }

  @Test("a process cannot name itself as if it were several")
  func lineageOfNames() throws {
    var script = LiveScript()
    script.fork(1, 20)
    script.apply(.nameChanged, 20) { $0.append(.name, Array(#"sshd(1) > \cron"#.utf8).span) }
    script.fork(20, 21)
    let event = try #require(script.exec(21, "/bin/id", ["id"]).first)
    #expect(try text("%proc.lineage", script.facts(event)).hasSuffix(#"sshd\(1\) \> \\cron(20) > id(21)"#))
  }

  @Test(
    "what few rules ask for is printed as it was read",
    arguments: [
      ("proc.env", "LD_PRELOAD=/tmp/x.so EMPTY="), ("proc.env[LD_PRELOAD]", "/tmp/x.so"),
      ("proc.env[EMPTY]", ""),
      ("proc.env[LD]", "<NA>"), ("proc.env[1]", "EMPTY="), ("proc.env[2]", "<NA>"),
      ("proc.aenv[LD_PRELOAD]", "/tmp/x.so"), ("proc.aenv[2]", "LD_PRELOAD=/tmp/x.so EMPTY="),
      ("proc.groups", "4 27"), ("proc.seccomp_filters", "3"), ("proc.nthreads", "5"), ("proc.vmsize", "4096"),
      ("proc.vmrss", "1024"), ("proc.vmswap", "7"), ("thread.vmsize", "4096"), ("thread.vmrss", "1024"),
      ("proc.vpgid", "6"), ("thread.cgroups", "cpu=/a cpuacct=/a name=systemd=/s =/u=v"),
      ("thread.cgroup.cpuacct", "/a"), ("thread.cgroup.memory", "/u=v"),
      ("thread.cgroup[name=systemd]", "/s"),
      ("proc.is_root_host", "true"), ("proc.oom_score_adj", "-900"),
      ("proc.lsm_label", "docker-default (enforce)"),
      ("proc.at_secure", "true"), ("proc.auxv.uid", "1000"), ("proc.auxv.euid", "0"),
      ("proc.stdin.type", "ipv4"),
      ("proc.stdin.name", "socket:[9]"), ("proc.stdout.type", "file"), ("proc.stdout.name", "/dev/null"),
      ("proc.stderr.type", "<NA>"), ("proc.stderr.name", "<NA>"),
      ("proc.host_caps", "CAP_CHOWN CAP_SYS_ADMIN"),
      ("proc.is_exe_upper_layer", "true"), ("proc.is_exe_lower_layer", "false"),
      ("proc.is_exe_writable", "true"),
      ("proc.exe_ino", "77"), ("proc.exe_ino.ctime", "1700000000050000000"),
      ("proc.exe_ino.mtime", "1700000000040000000"),
      ("proc.exe_ino.ctime_duration_proc_start", "99950000000"),
      ("proc.pidns_init_start_ts", "1700000000010000000"),
      ("proc.exe_ino.ctime_duration_pidns_start", "40000000"),
    ])
  func details(field: String, expected: String) throws {
    var script = LiveScript()
    let event = script.shellBelowService()
    #expect(try text("%\(field)", script.facts(event)) == expected)
  }

  @Test(
    "a full set of capabilities is no power over the host in a user namespace of its own",
    arguments: [(7 as UInt64, "CAP_CHOWN CAP_SYS_ADMIN"), (99, ""), (0, "<NA>")])
  func hostCapabilities(namespace: UInt64, expected: String) throws {
    var script = LiveScript()
    script.fork(1, 20)
    // What is not read is as it was with the creator, of whom nothing is known here.
    let event = script.exec(20, "/bin/a", ["a"]) {
      $0.append(.namespaces, [1, 2, 3, 4, 5, 6, namespace, 8] as [UInt64])
    }[0]
    if namespace != 0 { #expect(try text("%proc.host_caps", script.facts(event)) == expected) }
  }

  @Test(
    "a user may write what its owner, its group or everybody may",
    arguments: [
      (0o755 as UInt64, 1000 as UInt64, 0 as UInt64, "true"), (0o755, 0, 1000, "false"),
      (0o775, 0, 1000, "true"),
      (0o775, 0, 27, "true"), (0o775, 0, 28, "false"), (0o777, 0, 28, "true"), (0o757, 0, 27, "false"),
    ])
  func writable(mode: UInt64, owner: UInt64, group: UInt64, expected: String) throws {
    var script = LiveScript()
    script.fork(1, 20)
    let event = script.exec(20, "/bin/a", ["a"]) {
      $0.append(.userIDs, [1000, 1000, 1000, 1000] as [UInt32])
      $0.append(.capabilities, [0, 0, 0, 0x1FF, 0] as [UInt64])
      $0.append(.exeFile, [0o100000 | mode, owner, group, 1, 0, 1, 1, 1, 1] as [UInt64])
    }
    let exec = try #require(event.last)
    #expect(try text("%proc.is_exe_writable", script.facts(exec)) == expected)
  }

  @Test("a parameter that is there and empty is the text <NA>, one that is not there is nothing")
  func emptyParameters() throws {
    var script = LiveScript()
    let facts = script.facts(script.shellBelowService())
    for (condition, expected) in [
      ("evt.arg.cap_inheritable = '<NA>'", true), ("evt.arg.cap_inheritable = ''", false),
      ("evt.arg.nstype = '<NA>'", false), ("evt.arg.exe = id", true),
    ] {
      var matcher = try ConditionMatcher(try ConditionParser.parse(Array(condition.utf8)))
      #expect(matcher.matches(facts) == expected, "\(condition)")
    }
  }

  @Test("changes of ids show what they were and what they are")
  func users() throws {
    var script = LiveScript()
    _ = script.shellBelowService()
    let event = script.apply(.userChanged, 12) { $0.append(.userIDs, [1000, 1000] as [UInt32]) }[0]
    let facts = script.facts(event)
    #expect(
      try text("%evt.type %evt.arg.uid %evt.rawarg.euid %evt.arg.old_euid %evt.rawarg.old_ruid", facts)
        == "setuid ann 1000 root 1000")
  }

  @Test("changes of capabilities, groups and tracers show what they were and what they are")
  func before() throws {
    var script = LiveScript()
    _ = script.shellBelowService()
    let gained = script.apply(.state, 12, start: 10_000, from: .procfs) {
      $0.insert(.filled)
      $0.append(.capabilities, [0, 0x20_0000, 0x20_0003, 0x1FF, 0] as [UInt64])
    }
    let change = try #require(gained.first { $0.kind == .capabilitiesChanged })
    #expect(
      try text("%evt.arg.old_cap_effective > %evt.arg.cap_effective", script.facts(change))
        == "CAP_CHOWN CAP_SYS_ADMIN > CAP_CHOWN CAP_DAC_OVERRIDE CAP_SYS_ADMIN")
    let group = script.apply(.groupChanged, 12) { $0.append(.groupIDs, [0, 0] as [UInt32]) }[0]
    #expect(
      try text("%evt.rawarg.old_rgid %evt.arg.old_egid %evt.rawarg.rgid", script.facts(group))
        == "1000 users 0")
    let traced = script.apply(.traced, 12) { $0.append(.tracerPID, Int32(10)) }[0]
    #expect(try text("%evt.arg.old_tracer %evt.arg.tracer", script.facts(traced)) == "0 10")
  }

  @Test("a change of namespaces names the flags, an exit its status, a tracer itself")
  func others() throws {
    var script = LiveScript()
    _ = script.shellBelowService()
    let moved = script.apply(.state, 12, start: 10_000, from: .procfs) {
      $0.insert(.filled)
      $0.append(.name, Array("id".utf8).span)
      $0.append(.exePath, Array("/usr/bin/id".utf8).span)
      $0.append(.namespaces, [1, 2, 99, 4, 98, 6, 7, 8] as [UInt64])
    }
    let change = try #require(moved.first { $0.kind == .namespacesChanged })
    #expect(
      try text("%evt.arg.nstype %proc.ns.mnt.is_host", script.facts(change))
        == "CLONE_NEWNS|CLONE_NEWPID false")
    let traced = script.apply(.traced, 12) { $0.append(.tracerPID, Int32(10)) }[0]
    #expect(
      try text("%evt.type %proc.tracer.pid %proc.tracer.name %evt.arg.tracer", script.facts(traced))
        == "ptrace 10 nginx 10")
    let exited = script.apply(.exited, 12) { $0.append(.exitStatus, UInt32(0x0B00)) }[0]
    #expect(
      try text("%evt.type %evt.arg.status %evt.arg.ret %evt.arg.sig", script.facts(exited))
        == "procexit 2816 11 0")
    #expect(try text("%evt.args", script.facts(exited)) == "status=2816 ret=11 sig=0 core=0")
  }

  @Test("command lines end at 4096 bytes, and arguments that are cut need no last NUL")
  func longArguments() throws {
    var script = LiveScript()
    script.fork(1, 20)
    let long = String(repeating: "x", count: 3000)
    let event = script.exec(20, "/bin/a", ["a", long, long])[0]
    let facts = script.facts(event)
    #expect(try text("%proc.cmdline", facts).utf8.count <= 4096)
    #expect(try text("%proc.args", facts).utf8.count <= 4096)
    let cut = script.apply(.executed, 20) {
      $0.append(.name, Array("a".utf8).span)
      $0.append(.arguments, Array("a\0-b\0c".utf8).span)
    }[0]
    #expect(try text("%proc.cmdline|%proc.args|%proc.args[1]", script.facts(cut)) == "a -b c|-b c|c")
    let alone = script.apply(.executed, 20) {
      $0.append(.name, Array("a".utf8).span)
      $0.append(.arguments, Array("a\0".utf8).span)
    }[0]
    #expect(try text("%proc.cmdline|%proc.args|%proc.exeline", script.facts(alone)) == "a||a")
    let unread = script.apply(.executed, 20) { $0.append(.name, Array("a".utf8).span) }[0]
    #expect(try text("%proc.cmdline %proc.args", script.facts(unread)) == "<NA> <NA>")
  }

  @Test("in a container the host's users do not count, but root does")
  func containerUsers() throws {
    var script = LiveScript()
    script.fork(1, 20)
    let event = script.exec(20, "/bin/a", ["a"]) {
      $0.append(.namespaces, [1, 2, 33, 4, 55, 6, 7, 8] as [UInt64])
      $0.append(.containerID, Array(String(repeating: "ab", count: 32).utf8).span)
      $0.append(.containerType, ContainerType.docker.rawValue)
      $0.append(.containerVouched, UInt8(1))
    }[0]
    let facts = script.facts(event)
    #expect(
      try text("%container.id %container.type %user.name %user.uid %group.name %proc.ns.mnt.is_host", facts)
        == "abababababab docker root 0 <NA> false")
    #expect(try text("%container.full_id", facts).utf8.count == 64)
  }

  @Test("a live event of a family meets the names of all its system calls")
  func families() throws {
    var script = LiveScript()
    let facts = script.facts(script.shellBelowService())
    for (condition, expected) in [
      ("evt.type = execve", true), ("evt.type = execveat", true), ("evt.type != execve", false),
      ("evt.type != open", true), ("evt.type in (open, execveat)", true), ("not evt.type in (open)", true),
      ("evt.type startswith exec", true), ("syscall.type = execveat", true), ("evt.dir = >", false),
    ] {
      var matcher = try ConditionMatcher(try ConditionParser.parse(Array(condition.utf8)))
      let found = matcher.matches(facts)
      #expect(found == expected, "\(condition)")
    }
  }

  @Test("every live reader survives every kind of event")
  func allReaders() throws {
    var script = LiveScript()
    let exec = script.shellBelowService()
    let events = [
      exec, script.apply(.nameChanged, 12) { $0.append(.name, Array("x".utf8).span) }[0],
      script.apply(.sessionChanged, 12)[0], script.apply(.coreDumped, 12)[0], script.apply(.tampering, 12)[0],
      script.apply(.exited, 12) { $0.append(.exitStatus, UInt32(9)) }[0],
      Event(
        kind: .lost, time: 1, stamp: 1, source: .agent, process: nil,
        change: .loss(Loss(source: .connector, reason: .ringFull, count: 3))),
    ]
    for event in events {
      let facts = script.facts(event)
      for field in FieldRegistry.all {
        guard let live = field.live else { continue }
        var values = Values(constants: [])
        for argument in [BoundArgument.none, .index(0), .index(3), .index(1 << 20)] {
          live.read(facts, argument, &values)
        }
        if !field.kinds.contains(EventKinds(event.kind)) {
          let count = values.list.count
          #expect(count == 0, "\(field.name) has a value in \(event.kind), which its kinds deny")
        }
      }
      for parameter in EventParameter.all {
        var values = Values(constants: [])
        parameter.text(facts, .none, &values)
        parameter.number?(facts, .none, &values)
      }
    }
  }
}
