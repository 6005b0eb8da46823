import Glibc
import SystemPackage
import Testing

/// The host may be anywhere: `--host-root` points at one that is mounted, or at a tree of files as one was found.
@Suite struct HostRootTests {
  private static let fixture = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Fixtures/docker-default")

  /// What `events` tells of the processes of a root, one JSON object each, by their ids.
  /// - Parameter count: how many there are; the sweep takes them by their ids.
  private func processes(of root: FilePath, count: Int) throws -> [UInt64: JSONTree] {
    let outcome = try windhover(
      "events", "evt.type = process_seen", "--sources", "procfs", "--host-root", root.string, "--count",
      "\(count)",
      "--duration", "50", "--format", "json")
    #expect(outcome.status == 0)
    var processes: [UInt64: JSONTree] = [:]
    for line in outcome.output.split(separator: "\n") {
      let event = try JSONTree(String(line))
      if case .integer(let pid)? = event["proc.pid"] { processes[pid] = event }
    }
    return processes
  }

  @Test("the processes of another root are seen with their programs, users' ids, containers and kin")
  func processes() throws {
    let processes = try processes(of: Self.fixture, count: 2)
    #expect(Set(processes.keys) == [17520, 17551])
    let sleep = try #require(processes[17551])
    #expect(sleep["evt.type"]?.text == "process_seen")
    #expect(sleep["proc.exepath"]?.text == "/bin/busybox")
    #expect(sleep["proc.cmdline"]?.text == "sleep 3600")
    #expect(sleep["user.uid"] == .integer(0))
    #expect(sleep["container.id"]?.text == "020fcb10a400")
    #expect(sleep["container.type"]?.text == "docker")
    #expect(sleep["proc.pname"]?.text == "containerd-shim")
    #expect(processes[17520]?["container.id"]?.text == "host")
  }

  @Test("of this host nothing is mixed in, and the connector says why it is off")
  func nothingLive() throws {
    let agent = try Agent(options: ["host_root=\(Self.fixture)", "log_level=info"])
    try awaitStatus("two processes", at: agent.socket) { $0["processes"] == .integer(2) }
    // Others would come now.
    usleep(500_000)
    let outcome = try agent.finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("source connector: off; a mounted host or a fixture tree has no kernel"))
    #expect(outcome.errors.contains(" 2 processes known"))
    let named = try windhover("run", "--host-root", Self.fixture.string, "--sources", "connector")
    #expect(named.status == 2)
    #expect(named.errors.contains("source connector: "))
  }

  @Test("a root where no host is refuses the start", arguments: ["/nonexistent", "/dev", "/dev/null"])
  func nowhere(root: String) throws {
    let outcome = try windhover("run", "--host-root", root, "--duration", "1", "-o", "control.socket=")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no source of events can be had"))
  }

  @Test("what cannot be read of a process is counted, and the process is seen all the same")
  func unreadable() throws {
    let directory = try TemporaryDirectory()
    // Of each process another entry is no file, or makes no sense.
    let script = try Program(
      "/bin/sh",
      [
        "-euc",
        """
        cp -a "$0" "$1/host"; cd "$1/host/proc"
        for pid in 101 102 103 104 105 106; do cp -a 17551 $pid; sed -i "s/^17551/$pid/" $pid/stat; done
        for entry in 101/stat 103/cmdline 104/status 106/exe; do rm $entry; mkdir $entry; done
        echo nonsense > 102/stat
        rm 105/cgroup; mkfifo 105/cgroup
        """, Self.fixture.string, directory.path.string,
      ]
    ).finish()
    #expect(script.status == 0, "\(script.errors)")
    let root = directory.path.appending("host")

    let processes = try processes(of: root, count: 6)
    // A process without a stat has neither a name nor a start.
    #expect(Set(processes.keys) == [17520, 17551, 103, 104, 105, 106])
    #expect(processes[17551]?["evt.incomplete"] == .bool(false))
    for pid in 103...106 as ClosedRange<UInt64> {
      #expect(processes[pid]?["proc.name"]?.text == "sleep", "\(pid)")
      #expect(processes[pid]?["evt.incomplete"] == .bool(true), "\(pid)")
    }
    #expect(processes[103]?["proc.exepath"]?.text == "/bin/busybox")
    #expect(processes[103]?["proc.args"] == nil)
    #expect(processes[104]?["user.uid"] == nil)

    let agent = try Agent(options: ["sources=procfs", "host_root=\(root)"])
    try awaitStatus("what could not be read", at: agent.socket) { $0.lost("unreadable", of: "procfs") >= 6 }
    let run = try agent.finish()
    #expect(run.status == 0)
    #expect(Summary(run.errors).lost("unreadable", source: "procfs") >= 6)
  }

  @Test("a dry run finds what a start would run into, and says what helps")
  func dryRunFaults() throws {
    let directory = try TemporaryDirectory()
    let token = try directory.write("secret\n", to: "token", permissions: FilePermissions(rawValue: 0o666))
    let link = directory.path.appending("log").string
    func rehearse(_ options: [String]) throws -> Outcome {
      let all = ["user=root", "control.socket=\(directory.path)/control.sock"] + options
      return try Program(BuiltBinary.path, ["run", "--dry-run"] + all.flatMap { ["-o", $0] }).finish()
    }
    let remote = ["remote_syslog_output[0].targets=[localhost]", "remote_syslog_output[0].protocol=tls"]
    let http = ["http_output.enabled=true", "http_output.url=https://localhost/"]
    let faults: [([String], String)] = [
      (["file_output.enabled=true", "file_output.filename=/nonexistent/f.cef"], "install -d -o"),
      (remote + ["remote_syslog_output[0].tls.ca_file=/nonexistent.pem"], "/nonexistent.pem: No such file"),
      (http + ["http_output.bearer_token_file=\(token)"], "others than its owner may write it"),
      (["control.group=no-such-group"], "no group is called 'no-such-group'"),
      (["journal.directory=/nonexistent/journal"], "must be able to write it: install -d -o"),
    ]
    for (options, fault) in faults {
      let outcome = try rehearse(options)
      #expect(outcome.status == 2, "\(options)")
      #expect(outcome.errors.contains(fault), "\(outcome.errors)")
    }
    if geteuid() == 0 {
      let outcome = try rehearse(["user=no-such-account"])
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("there is no account 'no-such-account': make one"), "\(outcome.errors)")
      #expect(try rehearse([]).errors.contains("stays root, as `user` says"))
    }
    let later = try rehearse(["syslog_output.enabled=true", "syslog_output.path=\(link)"])
    #expect(later.status == 0)
    #expect(later.errors.contains("\(link): No such file or directory; alerts wait"), "\(later.errors)")
    #expect(!Files.exists(directory.path.appending("control.sock")))
  }

  @Test("a dry run loads the rules and opens the sources, says what came of it, and watches nothing")
  func dryRun() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path.appending("alerts")
    let outcome = try windhover(
      "run", "--dry-run", "--host-root", Self.fixture.string, "-o", "file_output.enabled=true", "-o",
      "file_output.filename=\(file)")
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("source procfs: on"))
    #expect(outcome.errors.contains("source connector: off"))
    #expect(outcome.errors.contains(" may miss"))
    #expect(!outcome.errors.contains("watching"))
    #expect(!Files.exists(file))
    #expect(try windhover("run", "--dry-run", "-r", "/nonexistent").status == 2)
    #expect(try windhover("run", "--dry-run", "--sources", "connector", "--host-root", "/tmp").status == 2)
  }
}
